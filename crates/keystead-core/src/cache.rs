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

    /// Forgets the entries that are told apart by `is_over`.
    pub fn forget_where(&self, is_over: impl Fn(&K, &V) -> bool) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        for (key, value) in &self.map {
            if is_over(&key, &value) {
                self.map.invalidate(&*key);
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.map.invalidate_all();
    }
}

/// The claims of a token whose signature was found right.
pub(crate) type Claims = serde_json::Map<String, serde_json::Value>;

/// A token whose signature was found right: it counts as long as its key is published.
#[derive(Clone)]
pub(crate) struct Signed {
    pub kid: Arc<str>,
    pub claims: Arc<Claims>,
}

/// Every cache of the server.
pub(crate) struct Caches {
    pub pools: Cached<PoolId, Arc<Pool>>,
    pub places: Cached<String, PoolId>,
    pub applications: Cached<(PoolId, String), Arc<App>>,
    pub access_keys: Cached<String, Arc<AccessKey>>,
    pub liveness: LivenessCache,
    pub nonces: Nonces,
    pub verified: Cached<[u8; 32], Signed>,
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
                ChangeKind::Pool => match note.key.parse() {
                    Ok(pool) => self.forget_pool(pool),
                    // Notes were lost: it may have been any.
                    Err(_) => self.forget_pools(),
                },
                // What tokens they signed is asked of the pool's keys at each use.
                ChangeKind::SigningKeys => match note.key.parse() {
                    Ok(pool) => self.pools.forget(&pool),
                    Err(_) => self.forget_pools(),
                },
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

    /// Forgets what a pool's row and settings decide: its own entries, and which place is whose,
    /// since it may have taken over what led to another pool.
    fn forget_pool(&self, pool: PoolId) {
        self.pools.forget(&pool);
        self.places.clear();
        self.applications.forget_where(|(of, _), _| *of == pool);
        self.access_keys.forget_where(|_, key| key.pool == pool);
        self.liveness.changed(ChangeKind::Pool, &pool.to_string());
    }

    /// The same for every pool.
    fn forget_pools(&self) {
        self.pools.clear();
        self.places.clear();
        self.applications.clear();
        self.access_keys.clear();
        self.liveness.clear();
        self.verified.clear();
    }

    /// Forgets everything but the nonces, which guard against replay; jobs look again.
    pub fn clear(&self) {
        self.forget_pools();
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

    fn of_each(pools: [PoolId; 2]) -> Caches {
        let caches = Caches::default();
        for (name, pool) in ["one", "two"].into_iter().zip(pools) {
            caches.places.keep(0, name.to_owned(), pool);
            caches.access_keys.keep(0, name.to_owned(), Arc::new(AccessKey::of_pool(pool)));
        }
        let signed = Signed { kid: "kid".into(), claims: Arc::default() };
        caches.verified.keep(0, [0; 32], signed);
        caches
    }

    #[test]
    fn a_note_empties_the_caches_of_its_own_pool_alone() {
        let pools = [1, 2].map(|n| PoolId(keystead_model::Id::from_bytes([n; 12])));
        let kept = |caches: &Caches| {
            ["one", "two"].map(|name| caches.access_keys.peek(&name.to_owned()).is_some())
        };

        let caches = of_each(pools);
        caches.apply(&[Change::new(ChangeKind::SigningKeys, pools[0])]);
        assert_eq!(kept(&caches), [true, true]);
        assert!(caches.places.peek(&"one".to_owned()).is_some());
        assert!(caches.verified.peek(&[0; 32]).is_some());
        assert_eq!(caches.pools.forgotten(), 1);

        caches.apply(&[Change::new(ChangeKind::Pool, pools[0])]);
        assert_eq!(kept(&caches), [false, true]);
        assert!(caches.places.peek(&"two".to_owned()).is_none());

        let caches = of_each(pools);
        caches.apply(&[Change::new(ChangeKind::Pool, "*")]);
        assert_eq!(kept(&caches), [false, false], "after lost notes");
        assert!(caches.verified.peek(&[0; 32]).is_none());
    }
}
