//! When a call is sent again, and after how long.

use crate::error::SdkError;
use crate::row::Repeat;
use std::time::Duration;

/// How patient a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often a call is sent again at most.
    pub limit: u32,
    /// The wait before the first repetition; it doubles each time.
    pub first: Duration,
    /// The longest wait that doubling leads to.
    pub longest: Duration,
    /// The longest wait a server may ask for; if it asks for more, the call fails at once.
    pub patience: Duration,
}

impl Default for Retry {
    /// Three times, after about 0.2, 0.4 and 0.8 s; 30 s of patience.
    fn default() -> Self {
        Self {
            limit: 3,
            first: Duration::from_millis(200),
            longest: Duration::from_secs(5),
            patience: Duration::from_secs(30),
        }
    }
}

impl Retry {
    /// How long to wait before sending again after this error; `None` to give up.
    ///
    /// `done` counts the repetitions so far. `dice` is random: the second half of each wait depends
    /// on it, so that clients that failed together do not come back together.
    ///
    /// Sent again is what the server answered with 429, 502, 503 or 504, what never left because
    /// no connection stood, and, for calls that only read, what met a connection that broke.
    #[must_use]
    pub fn wait(&self, error: &SdkError, repeat: Repeat, done: u32, dice: u64) -> Option<Duration> {
        if done >= self.limit || !worth_it(error, repeat) {
            return None;
        }
        if let Some(asked) = error.retry_after() {
            return (asked <= self.patience).then_some(asked);
        }
        let full = self.first.saturating_mul(2_u32.saturating_pow(done)).min(self.longest);
        let half = full / 2;
        let spread = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX).saturating_add(1);
        Some(half.saturating_add(Duration::from_nanos(dice % spread)))
    }
}

fn worth_it(error: &SdkError, repeat: Repeat) -> bool {
    if error.is_business() {
        let later = |status: Option<u16>| matches!(status, Some(429 | 502 | 503 | 504));
        return later(error.status()) || later(error.status_code());
    }
    let broke = repeat == Repeat::Safe && !error.is_timeout();
    error.is_transport() && (error.is_connect() || broke)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Refusal;

    fn refused(status: u16, status_code: Option<u16>) -> SdkError {
        SdkError::business(Refusal { status, status_code, ..Refusal::default() })
    }

    #[test]
    fn what_is_sent_again() {
        let broken = || SdkError::transport("reset");
        let cases = [
            (refused(429, None), Repeat::Once, true),
            (refused(502, None), Repeat::Once, true),
            (refused(200, Some(503)), Repeat::Once, true),
            (refused(200, Some(504)), Repeat::Once, true),
            (refused(500, None), Repeat::Safe, false),
            (refused(200, Some(400)), Repeat::Safe, false),
            (broken(), Repeat::Safe, true),
            (broken(), Repeat::Once, false),
            (broken().with_connect(), Repeat::Once, true),
            (broken().with_timeout(), Repeat::Safe, false),
            (SdkError::decoding("shape").with_status(503), Repeat::Safe, false),
        ];
        for (error, repeat, expected) in cases {
            let wait = Retry::default().wait(&error, repeat, 0, 7);
            assert_eq!(wait.is_some(), expected, "{error} {repeat:?}");
        }
    }

    #[test]
    fn waits_double_within_bounds_and_end() {
        let retry = Retry { longest: Duration::from_millis(300), ..Retry::default() };
        let error = refused(503, None);
        for (done, low, high) in [(0, 100, 200), (1, 150, 300), (2, 150, 300)] {
            for dice in [0, 1, u64::MAX / 3, u64::MAX] {
                let wait = retry.wait(&error, Repeat::Once, done, dice).unwrap();
                assert!((low..=high).contains(&wait.as_millis()), "{done} {dice} {wait:?}");
            }
        }
        assert_eq!(retry.wait(&error, Repeat::Once, 3, 0), None);
    }

    #[test]
    fn the_server_may_ask_for_a_time_up_to_a_cap() {
        let asked = |s| refused(429, None).with_retry_after(Some(Duration::from_secs(s)));
        let wait = |s| Retry::default().wait(&asked(s), Repeat::Once, 0, 5);
        assert_eq!(wait(2), Some(Duration::from_secs(2)));
        assert_eq!(wait(30), Some(Duration::from_secs(30)));
        assert_eq!(wait(31), None);
    }
}
