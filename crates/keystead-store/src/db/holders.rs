//! Which tasks hold a write transaction: a task that asks for a second would wait for itself.

use crate::{Error, Result};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::Id;

/// The tasks that hold a write transaction of this database.
#[derive(Default)]
pub(crate) struct Holders(Mutex<HashSet<Id>>);

/// The entry of one transaction; dropping it takes it out.
pub(crate) struct Held {
    holders: Arc<Holders>,
    task: Option<Id>,
}

impl Holders {
    /// Enters this task. Outside a task (a bare `block_on`) there is nothing to enter.
    ///
    /// # Errors
    /// [`Error::Nested`] when it is entered already.
    pub fn hold(holders: &Arc<Self>) -> Result<Held> {
        let task = tokio::task::try_id();
        if let Some(id) = task {
            let mut tasks = holders.0.lock().unwrap_or_else(PoisonError::into_inner);
            if !tasks.insert(id) {
                return Err(Error::Nested);
            }
        }
        Ok(Held { holders: holders.clone(), task })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(id) = self.task {
            self.holders.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        }
    }
}
