//! Nonces of signed requests, in memory: a replay on this node is refused without a commit.
//!
//! When full, the oldest second goes, and requests dated at or before it are refused from then
//! on: memory is bounded and a replay is never accepted (`kernel.md` 5).

use keystead_model::Millis;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// Nonces kept at most.
const CAPACITY: usize = 1_000_000;

/// A nonce that waits to be written with its request's first write.
#[derive(Clone, Debug)]
pub struct Nonce {
    /// Hash of key id and nonce.
    pub hash: String,
    /// When a request with this date is refused anyway.
    pub expires_at: Millis,
}

/// The nonces of recent seconds.
#[derive(Debug, Default)]
pub struct Nonces(Mutex<Recent>);

#[derive(Debug, Default)]
struct Recent {
    seconds: BTreeMap<i64, HashSet<u128>>,
    count: usize,
    /// Requests dated at or before this second are refused.
    floor: i64,
}

impl Nonces {
    /// Remembers a nonce of a request signed in this second; `false` when it may be a replay.
    /// Seconds before `oldest` are dropped: their requests are refused for their date.
    pub fn remember(&self, second: i64, nonce: u128, oldest: i64) -> bool {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.drop_before(oldest);
        if second <= recent.floor {
            return false;
        }
        if !recent.seconds.entry(second).or_default().insert(nonce) {
            return false;
        }
        recent.count += 1;
        if recent.count > CAPACITY {
            recent.drop_oldest();
        }
        true
    }
}

impl Recent {
    fn drop_before(&mut self, oldest: i64) {
        while self.seconds.first_key_value().is_some_and(|(second, _)| *second < oldest) {
            if let Some((_, gone)) = self.seconds.pop_first() {
                self.count -= gone.len();
            }
        }
    }

    fn drop_oldest(&mut self) {
        if let Some((second, gone)) = self.seconds.pop_first() {
            self.count -= gone.len();
            self.floor = self.floor.max(second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_time_is_a_replay() {
        let nonces = Nonces::default();
        assert!(nonces.remember(100, 1, 0));
        assert!(!nonces.remember(100, 1, 0));
        assert!(nonces.remember(100, 2, 0));
    }

    #[test]
    fn when_full_the_oldest_second_is_refused_from_then_on() {
        let nonces = Nonces::default();
        for n in 0..CAPACITY as u128 {
            assert!(nonces.remember(100 + (n / 600_000) as i64, n, 0));
        }
        assert!(nonces.remember(102, u128::MAX, 0));
        assert!(!nonces.remember(100, 5, 0), "dropped, so it may be a replay");
        assert!(nonces.remember(102, u128::MAX - 1, 0));
    }
}
