//! Whether the parent of a token still lives, without a database read when warm
//! (`signin.md` 5.4).

use crate::cx::Cx;
use keystead_model::{ChangeKind, Code, GrantId, Millis, PoolId, Result, SessionId, UserId};
use keystead_store::{denied_tokens, grants};
use moka::sync::Cache;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Entries kept at most.
const ENTRIES: u64 = 50_000;
/// Changed things remembered at most; beyond it every entry is read again.
const RECENT: usize = 100_000;

/// The facts about a grant as they were read.
#[derive(Debug)]
pub struct Entry {
    facts: grants::Liveness,
    denied: Vec<String>,
    loaded_seq: u64,
}

/// Entries, and what changed since they were read.
#[derive(Debug)]
pub struct LivenessCache {
    entries: Cache<GrantId, Arc<Entry>>,
    recent: RwLock<HashMap<(ChangeKind, String), u64>>,
    seq: AtomicU64,
    floor: AtomicU64,
}

impl Default for LivenessCache {
    fn default() -> Self {
        let entries =
            Cache::builder().max_capacity(ENTRIES).time_to_live(Duration::from_secs(600)).build();
        Self {
            entries,
            recent: RwLock::default(),
            seq: AtomicU64::new(1),
            floor: AtomicU64::new(0),
        }
    }
}

impl LivenessCache {
    /// A thing changed: entries read before this moment that name it are stale.
    pub fn changed(&self, kind: ChangeKind, key: &str) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        if recent.len() >= RECENT {
            recent.clear();
            self.floor.store(seq, Ordering::SeqCst);
        }
        recent.insert((kind, key.to_owned()), seq);
    }

    /// Everything may have changed.
    pub fn clear(&self) {
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        self.floor.store(seq, Ordering::SeqCst);
        self.recent.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn fresh(&self, pool: PoolId, grant: GrantId) -> Option<Arc<Entry>> {
        let entry = self.entries.get(&grant)?;
        if entry.loaded_seq < self.floor.load(Ordering::SeqCst) {
            return None;
        }
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        if recent.is_empty() {
            return Some(entry);
        }
        let stale =
            |kind, key: String| recent.get(&(kind, key)).is_some_and(|seq| *seq > entry.loaded_seq);
        let facts = &entry.facts;
        let any = stale(ChangeKind::Grant, grant.to_string())
            || stale(ChangeKind::Token, grant.to_string())
            || stale(ChangeKind::Pool, pool.to_string())
            || stale(ChangeKind::User, facts.user_id.to_string())
            || stale(ChangeKind::Application, facts.application_id.to_string())
            || facts.session_id.is_some_and(|id| stale(ChangeKind::Session, id.to_string()));
        (!any).then(|| entry.clone())
    }
}

/// A grant that lives.
#[derive(Clone, Copy, Debug)]
pub struct Alive {
    /// Whose it is.
    pub user: UserId,
    /// The session behind it.
    pub session: Option<SessionId>,
    /// The application it was given to.
    pub application: keystead_model::ApplicationId,
}

/// Whether the grant lives and the token of this `jti` was not denied.
///
/// # Errors
/// `token.invalid` when it does not live; faults of the store, never "valid" in their place.
pub async fn check(cx: &mut Cx, grant: GrantId, jti: &str) -> Result<Alive> {
    let core = cx.core.clone();
    let cache = &core.caches.liveness;
    let entry = match cache.fresh(cx.pool.id, grant).filter(|_| core.feed.is_fresh()) {
        Some(entry) => entry,
        None => {
            // Taken before the read: a change during it makes the entry stale at once.
            let loaded_seq = cache.seq.load(Ordering::SeqCst);
            let mut s = cx.store();
            let facts = grants::liveness(&mut s, grant).await?.ok_or(Code::TokenInvalid)?;
            let denied = denied_tokens::of_parent(&mut s, &grant.to_string()).await?;
            let entry = Arc::new(Entry { facts, denied, loaded_seq });
            cache.entries.insert(grant, entry.clone());
            entry
        }
    };
    if !lives(&entry.facts, cx.now) || entry.denied.iter().any(|denied| denied == jti) {
        return Err(Code::TokenInvalid.into());
    }
    let facts = &entry.facts;
    Ok(Alive { user: facts.user_id, session: facts.session_id, application: facts.application_id })
}

/// The verdict, from the facts and the time alone.
fn lives(f: &grants::Liveness, now: Millis) -> bool {
    f.grant_ended_at.is_none()
        && now < f.grant_expires_at
        && f.session_ended_at.is_none()
        && f.session_idle_at.is_none_or(|end| now < end)
        && f.session_expires_at.is_none_or(|end| now < end)
        && f.grant_generation == f.generation
        && f.user_status == "activated"
        && f.user_expires_at.is_none_or(|end| now < end)
        && f.application_status == "enabled"
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_model::{ApplicationId, Id};

    fn facts() -> grants::Liveness {
        grants::Liveness {
            grant_ended_at: None,
            grant_generation: 0,
            grant_expires_at: Millis(100),
            session_id: Some(SessionId(Id::from_bytes([1; 12]))),
            session_ended_at: None,
            session_expires_at: Some(Millis(100)),
            session_idle_at: Some(Millis(100)),
            user_id: UserId(Id::from_bytes([2; 12])),
            user_status: "activated".into(),
            user_expires_at: None,
            generation: 0,
            application_id: ApplicationId(Id::from_bytes([3; 12])),
            application_status: "enabled".into(),
        }
    }

    #[test]
    fn each_fact_alone_ends_a_token() {
        assert!(lives(&facts(), Millis(99)));
        assert!(!lives(&facts(), Millis(100)));
        let broken: [fn(&mut grants::Liveness); 8] = [
            |f| f.grant_ended_at = Some(Millis(1)),
            |f| f.session_ended_at = Some(Millis(1)),
            |f| f.session_idle_at = Some(Millis(99)),
            |f| f.session_expires_at = Some(Millis(99)),
            |f| f.generation = 1,
            |f| f.user_status = "suspended".into(),
            |f| f.user_expires_at = Some(Millis(50)),
            |f| f.application_status = "disabled".into(),
        ];
        for (n, change) in broken.into_iter().enumerate() {
            let mut f = facts();
            change(&mut f);
            assert!(!lives(&f, Millis(99)), "fact {n}");
        }
    }

    #[test]
    fn a_change_makes_only_its_entries_stale() {
        let cache = LivenessCache::default();
        let (a, b) = (GrantId(Id::from_bytes([7; 12])), GrantId(Id::from_bytes([8; 12])));
        for grant in [a, b] {
            let loaded_seq = cache.seq.load(Ordering::SeqCst);
            let entry = Entry { facts: facts(), denied: Vec::new(), loaded_seq };
            cache.entries.insert(grant, Arc::new(entry));
        }
        let [pool, other] = [1, 2].map(|n| PoolId(Id::from_bytes([n; 12])));
        cache.changed(ChangeKind::Grant, &a.to_string());
        assert!(cache.fresh(pool, a).is_none());
        assert!(cache.fresh(pool, b).is_some());
        cache.changed(ChangeKind::Pool, &other.to_string());
        assert!(cache.fresh(pool, b).is_some());
        assert!(cache.fresh(other, b).is_none());
        cache.changed(ChangeKind::User, &facts().user_id.to_string());
        assert!(cache.fresh(pool, b).is_none());
    }
}
