//! Tries that are being checked right now: a burst of right passwords must not look like a lock.
//!
//! Tries are counted before they are checked, so the eleventh of eleven right ones that come at
//! once finds the account used up. It waits here until the others are known, then counts again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long a try waits for others at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// The tries of this node, by the key they are counted on.
#[derive(Clone, Debug, Default)]
pub struct InFlight(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    running: Mutex<HashMap<String, usize>>,
    settled: Notify,
}

/// A try that is being checked; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    key: String,
    all: InFlight,
}

impl InFlight {
    /// Notes a try on this key.
    #[must_use]
    pub fn enter(&self, key: &str) -> Running {
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        *running.entry(key.to_owned()).or_default() += 1;
        Running { key: key.to_owned(), all: self.clone() }
    }

    /// Waits until no try on this key is running; `false` when none was, or the wait was too long.
    pub async fn others(&self, key: &str) -> bool {
        if !self.has(key) {
            return false;
        }
        let wait = async {
            loop {
                // Registered before the look: a try that ends in between is not missed.
                let settled = self.0.settled.notified();
                tokio::pin!(settled);
                settled.as_mut().enable();
                if !self.has(key) {
                    return;
                }
                settled.await;
            }
        };
        timeout(PATIENCE, wait).await.is_ok()
    }

    fn has(&self, key: &str) -> bool {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner).contains_key(key)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.all.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        let last = running.get_mut(&self.key).is_some_and(|count| {
            *count -= 1;
            *count == 0
        });
        if last {
            running.remove(&self.key);
            self.all.0.settled.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_try_waits_for_the_others_of_its_key() {
        let all = InFlight::default();
        assert!(!all.others("a").await);
        let running = all.enter("a");
        assert!(!all.others("b").await);
        let waiting = tokio::spawn({
            let all = all.clone();
            async move { all.others("a").await }
        });
        tokio::task::yield_now().await;
        drop(running);
        assert!(waiting.await.unwrap());
        assert!(all.0.running.lock().unwrap().is_empty());
    }
}
