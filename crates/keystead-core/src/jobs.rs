//! The job runner: claims work of the outbox under a lease and does it, a bounded number at once.
//!
//! It wakes up when work was queued here or, through the feed, on another node, and looks once a
//! second besides. A lease is renewed while its work runs; what a killed node leaves behind is due
//! again when the lease is over.

mod one;

use crate::core::Core;
use crate::outbox::{Consumer, HANDLERS, Handler};
use keystead_model::{OutboxId, Result};
use keystead_store::{Engine, work::outbox as rows};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How often every consumer looks for work that nobody announced: retries, taken-over leases.
const POLL: Duration = Duration::from_secs(1);
/// How long to wait after the database failed.
const AFTER_FAULT: Duration = Duration::from_secs(2);
/// How long a claim holds without being renewed.
pub(crate) const LEASE_S: i64 = 20;

/// When work that failed is tried again: seconds after the first, the second failure and so on.
/// After the last one it becomes a dead letter.
#[derive(Clone, Debug)]
pub struct Retries(pub Vec<u32>);

impl Default for Retries {
    fn default() -> Self {
        Self(vec![5, 30, 120, 600, 3_600])
    }
}

/// Runs every consumer that has a handler until it is dropped.
pub async fn run(core: Arc<Core>, retries: Retries) {
    let retries = Arc::new(retries);
    let mut loops = JoinSet::new();
    for (consumer, handler) in HANDLERS {
        let runner = Arc::new(Runner {
            core: core.clone(),
            consumer: *consumer,
            handler: *handler,
            retries: retries.clone(),
            running: Mutex::default(),
        });
        loops.spawn(runner.run());
    }
    while loops.join_next().await.is_some() {}
}

/// One consumer's loop.
struct Runner {
    core: Arc<Core>,
    consumer: Consumer,
    handler: Handler,
    retries: Arc<Retries>,
    /// What runs here, with the number of its newest claim.
    running: Mutex<HashMap<OutboxId, Arc<AtomicI64>>>,
}

impl Runner {
    async fn run(self: Arc<Self>) {
        let mut woken = self.core.caches.jobs.subscribe();
        let places = Arc::new(Semaphore::new(self.consumer.at_once()));
        let mut tasks = JoinSet::new();
        self.end_leases().await;
        loop {
            woken.borrow_and_update();
            let Ok(place) = places.clone().acquire_owned().await else { return };
            while tasks.try_join_next().is_some() {}
            match self.claim(place, &places, &mut tasks).await {
                Ok(0) => {
                    let _ = timeout(POLL, woken.changed()).await;
                }
                Ok(_) => {}
                Err(error) => {
                    let consumer = self.consumer.name();
                    tracing::warn!(consumer, "no work can be claimed: {}", error.log_line());
                    sleep(AFTER_FAULT).await;
                }
            }
        }
    }

    /// SQLite has one node at a time: a lease that stands at its start is a dead one's.
    async fn end_leases(&self) {
        if self.core.db.kind() != Engine::Sqlite {
            return;
        }
        let mut tx = self.core.db.begin();
        let now = self.core.clock.now();
        let ended = match rows::end_leases(&mut tx, self.consumer.name(), now).await {
            Ok(_) => tx.commit().await,
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            tracing::warn!(%error, "leases of before could not be ended; they end by themselves");
        }
    }

    /// Claims as much as there are places for and starts it; answers how much.
    async fn claim(
        self: &Arc<Self>,
        place: OwnedSemaphorePermit,
        places: &Arc<Semaphore>,
        tasks: &mut JoinSet<()>,
    ) -> Result<usize> {
        let (name, now) = (self.consumer.name(), self.core.clock.now());
        let mut tx = self.core.db.begin();
        if !rows::is_due(&mut tx, name, now).await? {
            return Ok(0);
        }
        let mut held = vec![place];
        held.extend(std::iter::from_fn(|| places.clone().try_acquire_owned().ok()));
        let limit = i64::try_from(held.len()).unwrap_or(1);
        let until = now.plus_seconds(LEASE_S);
        let claimed = rows::claim(&mut tx, name, now, until, limit).await?;
        // A claim is on disk before anything leaves the process under it.
        tx.commit().await?;
        let count = claimed.len();
        for (row, place) in claimed.into_iter().zip(held) {
            let Some(attempt) = self.enter(row.id, row.attempts) else { continue };
            let runner = self.clone();
            tasks.spawn(async move {
                let id = row.id;
                one::run(&runner, row, attempt).await;
                runner.lock().remove(&id);
                drop(place);
            });
        }
        Ok(count)
    }

    /// Notes that this runs here. `None` when it runs already, because a moved clock ended its
    /// lease too early: then what runs goes on under the newer claim.
    fn enter(&self, id: OutboxId, attempts: i64) -> Option<Arc<AtomicI64>> {
        match self.lock().entry(id) {
            Entry::Occupied(running) => {
                running.get().store(attempts, Ordering::SeqCst);
                None
            }
            Entry::Vacant(free) => Some(free.insert(Arc::new(AtomicI64::new(attempts))).clone()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<OutboxId, Arc<AtomicI64>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
