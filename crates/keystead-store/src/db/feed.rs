//! The handle of the feed: whether this node hears what others change.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// After so long without a successful poll a node no longer trusts its caches (`signin.md` 5.4).
const BLIND_AFTER: Duration = Duration::from_millis(1_000);

/// The feed of other nodes' changes. Dropping it ends the listening.
#[derive(Debug)]
pub struct Feed {
    heard: Option<Heard>,
    task: Option<JoinHandle<()>>,
}

/// When the feed last answered a poll.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard(Arc<Mutex<Option<Instant>>>);

impl Heard {
    /// Remembers that a poll that began then succeeded.
    pub fn set(&self, at: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(at);
    }
}

impl Feed {
    /// There are no other nodes.
    pub(crate) const fn of_one_node() -> Self {
        Self { heard: None, task: None }
    }

    /// The feed that this task keeps.
    pub(crate) const fn new(heard: Heard, task: JoinHandle<()>) -> Self {
        Self { heard: Some(heard), task: Some(task) }
    }

    /// Whether what others changed up to a second ago is known here. If not, caches must not
    /// decide.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        let Some(Heard(at)) = &self.heard else { return true };
        let at = *at.lock().unwrap_or_else(PoisonError::into_inner);
        at.is_some_and(|at| at.elapsed() < BLIND_AFTER)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
