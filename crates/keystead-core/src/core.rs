//! The server's shared parts: store, clock, randomness, keys, caches.

use crate::cache::Caches;
use crate::clock::Clock;
use crate::hash_pool::HashPool;
use crate::in_flight::InFlight;
use crate::random::Random;
use crate::seal::MasterKeys;
use keystead_model::{Change, Code, Error, Result};
use keystead_store::{Db, Feed, OnCommit, Target};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Addresses the server is known by; links are built from them, never from a request's Host.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// Where people and applications reach the default pool, without a slash at the end.
    pub public_url: String,
    /// The HTTPS listener's address, if there is one.
    pub https_url: Option<String>,
}

/// Values found by their type; each is set once, before the server answers.
#[derive(Default)]
pub struct Attached(RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>);

impl Attached {
    /// Attaches a value.
    pub fn set<T: Send + Sync + 'static>(&self, value: T) {
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        values.insert(TypeId::of::<T>(), Arc::new(value));
    }

    /// The value of this type.
    ///
    /// # Errors
    /// `internal` when none was attached.
    pub fn get<T: Send + Sync + 'static>(&self) -> Result<Arc<T>> {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let value = values.get(&TypeId::of::<T>()).cloned();
        value.and_then(|value| value.downcast().ok()).ok_or_else(|| {
            Error::new(Code::Internal)
                .caused_by(format!("{} was not attached", std::any::type_name::<T>()))
        })
    }
}

impl std::fmt::Debug for Attached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attached")
    }
}

/// What a server is opened with.
pub struct CoreSetup {
    /// Where the data lies.
    pub target: Target,
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub random: Random,
    /// The master keys.
    pub masters: MasterKeys,
    /// The addresses.
    pub addresses: Addresses,
    /// Threads that hash passwords.
    pub hash_threads: usize,
    /// Calls that may wait for them.
    pub hash_queue: usize,
}

/// The shared parts. One per process; `Arc` it.
pub struct Core {
    /// The store.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub random: Random,
    /// The threads that hash passwords.
    pub hashing: HashPool,
    /// The addresses.
    pub addresses: Addresses,
    /// What the leaf hangs onto the server for adapters, by type: page templates, for one.
    pub attached: Attached,
    pub(crate) in_flight: InFlight,
    pub(crate) feed: Feed,
    pub(crate) masters: MasterKeys,
    pub(crate) caches: Arc<Caches>,
}

impl Core {
    /// Opens the store (migrating it) and starts the hashing threads.
    ///
    /// # Errors
    /// A store that does not open, or is newer than this binary.
    pub async fn open(setup: CoreSetup) -> Result<Arc<Self>> {
        let caches = Arc::new(Caches::default());
        let on_commit = caches.clone();
        let apply: OnCommit = Arc::new(move |notes: &[Change]| on_commit.apply(notes));
        let db = Db::open(setup.target, apply.clone()).await?;
        let feed = db.spawn_feed(apply);
        Ok(Arc::new(Self {
            db,
            clock: setup.clock,
            random: setup.random,
            hashing: HashPool::start(setup.hash_threads, setup.hash_queue)?,
            addresses: setup.addresses,
            in_flight: InFlight::default(),
            feed,
            attached: Attached::default(),
            masters: setup.masters,
            caches,
        }))
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// `busy` when it gives none.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.db.ping().await?)
    }

    /// Drops everything held in memory, as after a reset of all data or a moved clock.
    pub fn forget_caches(&self) {
        self.caches.clear();
    }
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Core({})", self.addresses.public_url)
    }
}
