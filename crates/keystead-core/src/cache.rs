//! What is kept in memory: bounded, and told by notes after commit when to forget.

use crate::access_keys::AccessKey;
use crate::applications::App;
use crate::liveness::LivenessCache;
use crate::nonces::Nonces;
use crate::pools::Pool;
use keystead_model::{Change, ChangeKind, PoolId, Result};
use keystead_store::access_handles::AccessHandle;
use moka::sync::Cache;
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// A bounded cache that keeps a load only if nothing was forgotten while it ran.
pub struct Cached<K, V> {
    map: Cache<K, V>,
    forgotten: AtomicU64,
}

impl<K, V> Cached<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// A cache of at most `capacity` entries.
    #[must_use]
    pub fn new(capacity: u64) -> Self {
        Self { map: Cache::new(capacity), forgotten: AtomicU64::new(0) }
    }

    /// The kept value, else what `load` answers; `None` is not kept.
    ///
    /// # Errors
    /// Those of `load`.
    pub async fn get<F>(&self, key: K, load: F) -> Result<Option<V>>
    where
        F: Future<Output = Result<Option<V>>>,
    {
        if let Some(value) = self.map.get(&key) {
            return Ok(Some(value));
        }
        let before = self.forgotten();
        let Some(value) = load.await? else { return Ok(None) };
        // A note that came between the read and the insert would have found nothing to forget.
        self.keep(before, key, value.clone());
        Ok(Some(value))
    }

    /// The kept value.
    #[must_use]
    pub fn peek(&self, key: &K) -> Option<V> {
        self.map.get(key)
    }

    /// How often something was forgotten: taken before a value is computed.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten.load(Ordering::SeqCst)
    }

    /// Keeps a value, unless something was forgotten since `before`.
    pub fn keep(&self, before: u64, key: K, value: V) {
        self.map.insert(key.clone(), value);
        if self.forgotten() != before {
            self.map.invalidate(&key);
        }
    }

    /// Forgets one entry.
    pub fn forget(&self, key: &K) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.map.invalidate(key);
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.map.invalidate_all();
    }
}

/// The claims of a token whose signature was found right.
pub(crate) type Claims = serde_json::Map<String, serde_json::Value>;

/// Every cache of the server.
pub(crate) struct Caches {
    pub pools: Cached<PoolId, Arc<Pool>>,
    pub places: Cached<String, PoolId>,
    pub applications: Cached<(PoolId, String), Arc<App>>,
    pub access_keys: Cached<String, Arc<AccessKey>>,
    pub liveness: LivenessCache,
    pub nonces: Nonces,
    pub verified: Cached<[u8; 32], Arc<Claims>>,
    /// Wakes the job runner: a number that grows.
    pub jobs: watch::Sender<u64>,
    /// Opaque access tokens by pool and hash. They never change; what ends one is asked elsewhere.
    pub handles: Cached<(PoolId, String), Arc<AccessHandle>>,
}

impl Default for Caches {
    fn default() -> Self {
        Self {
            pools: Cached::new(1_000),
            places: Cached::new(10_000),
            applications: Cached::new(10_000),
            access_keys: Cached::new(10_000),
            liveness: LivenessCache::default(),
            nonces: Nonces::default(),
            verified: Cached::new(10_000),
            jobs: watch::Sender::new(0),
            handles: Cached::new(10_000),
        }
    }
}

impl Caches {
    /// Applies the notes of committed transactions, ours or another node's.
    pub fn apply(&self, notes: &[Change]) {
        for note in notes {
            match note.kind {
                ChangeKind::Grant | ChangeKind::Session | ChangeKind::User | ChangeKind::Token => {
                    self.liveness.changed(note.kind, &note.key)
                }
                ChangeKind::Application => {
                    self.applications.clear();
                    self.places.clear();
                    self.liveness.changed(note.kind, &note.key);
                }
                ChangeKind::Pool | ChangeKind::SigningKeys => {
                    self.pools.clear();
                    self.places.clear();
                    self.applications.clear();
                    self.access_keys.clear();
                    self.liveness.clear();
                    self.verified.clear();
                }
                ChangeKind::AccessKey => {
                    self.access_keys.forget(&note.key);
                    self.places.clear();
                    self.liveness.changed(note.kind, &note.key);
                }
                ChangeKind::Jobs => self.jobs.send_modify(|n| *n = n.wrapping_add(1)),
                // Nothing about access is kept in memory yet.
                ChangeKind::Access => {}
            }
        }
    }

    /// Forgets everything but the nonces, which guard against replay; jobs look again.
    pub fn clear(&self) {
        self.pools.clear();
        self.places.clear();
        self.applications.clear();
        self.access_keys.clear();
        self.liveness.clear();
        self.verified.clear();
        self.jobs.send_modify(|n| *n = n.wrapping_add(1));
        self.handles.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_load_that_a_note_overtook_is_not_kept() {
        let cache: Cached<u8, u8> = Cached::new(10);
        let stale = cache
            .get(1, async {
                cache.forget(&1);
                Ok(Some(7))
            })
            .await
            .unwrap();
        assert_eq!(stale, Some(7));
        assert_eq!(cache.peek(&1), None);
        assert_eq!(cache.get(1, async { Ok(Some(8)) }).await.unwrap(), Some(8));
        assert_eq!(cache.get(1, async { Ok(Some(9)) }).await.unwrap(), Some(8));
        assert_eq!(cache.get(2, async { Ok(None) }).await.unwrap(), None);
    }
}
