//! The clock: wall time that development and tests can move, and monotonic time that nobody can.

use keystead_model::Millis;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of a server. Clones share the offset.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
    started: Instant,
}

impl Clock {
    /// A clock that shows the system's time.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clocks")]
    pub fn new() -> Self {
        Self { offset_ms: Arc::default(), started: Instant::now() }
    }

    /// The time of decisions and of every time column: system time plus the offset.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.real().plus_ms(self.offset_ms.load(Ordering::Relaxed))
    }

    /// The system's time, which ids take: the offset may go back, ids may not.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clocks")]
    pub fn real(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Time since the server started, which only grows.
    #[must_use]
    pub fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }

    /// Seconds by which the clock is moved.
    #[must_use]
    pub fn offset_s(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed).div_euclid(1_000)
    }

    /// Moves the clock to `seconds` off the system's time.
    pub fn set_offset_s(&self, seconds: i64) {
        self.offset_ms.store(seconds.saturating_mul(1_000), Ordering::Relaxed);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_moves_now_and_nothing_else() {
        let clock = Clock::new();
        clock.clone().set_offset_s(-3_600);
        assert_eq!(clock.offset_s(), -3_600);
        assert!(clock.now() < clock.real());
        assert!(clock.monotonic() < Duration::from_secs(60));
    }
}
