//! Tries that are being checked right now: a burst of right passwords must not look like a lock.
//!
//! Tries are counted before they are checked, so the eleventh of eleven right ones that come at
//! once finds the account used up. It waits here until the others are known. If one of them was
//! right it counts again; if all were wrong the account is locked, and nobody counts twice.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long a try waits for others at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many tries run on each key, and what they share.
type Batches = HashMap<String, (usize, Arc<Batch>)>;

/// The tries of this node, by the key they are counted on.
#[derive(Clone, Debug, Default)]
pub struct InFlight(Arc<Mutex<Batches>>);

/// Tries on one key that run at the same time.
#[derive(Debug, Default)]
struct Batch {
    /// One of them was right.
    right: AtomicBool,
    /// All of them have ended.
    over: AtomicBool,
    ended: Notify,
}

/// A try that is being checked; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    key: String,
    batch: Arc<Batch>,
    all: InFlight,
}

impl InFlight {
    /// Notes a try on this key.
    #[must_use]
    pub fn enter(&self, key: &str) -> Running {
        let mut batches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, batch) = batches.entry(key.to_owned()).or_default();
        *count += 1;
        Running { key: key.to_owned(), batch: batch.clone(), all: self.clone() }
    }
}

impl Running {
    /// The try was right.
    pub fn succeed(&self) {
        self.batch.right.store(true, Ordering::SeqCst);
    }

    /// Ends this try and waits for the others that run beside it: whether one of them was right,
    /// so that it makes sense to count again.
    pub async fn wait_for_others(self) -> bool {
        let batch = self.batch.clone();
        drop(self);
        let wait = async {
            loop {
                // Registered before the look: an end in between is not missed.
                let ended = batch.ended.notified();
                tokio::pin!(ended);
                ended.as_mut().enable();
                if batch.over.load(Ordering::SeqCst) {
                    return;
                }
                ended.await;
            }
        };
        timeout(PATIENCE, wait).await.is_ok() && batch.right.load(Ordering::SeqCst)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut batches = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = batches.get_mut(&self.key).is_some_and(|(count, _)| {
            *count -= 1;
            *count == 0
        });
        if last {
            batches.remove(&self.key);
            self.batch.over.store(true, Ordering::SeqCst);
            self.batch.ended.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_try_waits_for_those_beside_it_and_hears_whether_one_was_right() {
        for right in [false, true] {
            let all = InFlight::default();
            let (first, second) = (all.enter("a"), all.enter("a"));
            let waiting = tokio::spawn(second.wait_for_others());
            tokio::task::yield_now().await;
            if right {
                first.succeed();
            }
            drop(first);
            assert_eq!(waiting.await.unwrap(), right);
            assert!(all.0.lock().unwrap().is_empty());
        }
    }

    #[tokio::test]
    async fn alone_nobody_is_waited_for() {
        let all = InFlight::default();
        let other = all.enter("b");
        assert!(!all.enter("a").wait_for_others().await);
        drop(other);
    }
}
