//! Which key signed a request, and whether the request is fresh.

use super::rows;
use crate::cx::Cx;
use crate::nonces::Nonce;
use crate::principal::Principal;
use crate::seal::purpose_hash;
use keystead_model::{AccessKeyId, Actor, Code, Error, Millis, PoolId, Result, Secret, UserId};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// How far a signed request's date may lie from our clock, in milliseconds.
pub const SKEW_MS: i64 = 5 * 60 * 1_000;
/// How often the use of a key is written down at most, in milliseconds.
const USE_MS: i64 = 60 * 1_000;

/// An access key, ready for use.
#[derive(Debug)]
pub struct AccessKey {
    /// Its row's id; none for the pool's own secret.
    pub id: Option<AccessKeyId>,
    /// What the wire calls it.
    pub key_id: String,
    /// Its pool.
    pub pool: PoolId,
    /// Its secret.
    pub secret: Secret,
    /// Whose it is, if it is a user's.
    pub user: Option<UserId>,
    /// When it ends.
    pub expires_at: Option<Millis>,
    /// When its use was last written down.
    used_at: AtomicI64,
}

#[cfg(test)]
impl AccessKey {
    /// A key of this pool without a row.
    pub(crate) fn of_pool(pool: PoolId) -> Self {
        Self {
            id: None,
            key_id: pool.to_string(),
            pool,
            secret: Secret::new("secret"),
            user: None,
            expires_at: None,
            used_at: AtomicI64::new(i64::MAX),
        }
    }
}

/// The access key with this key id in the context's pool: a row, or the pool's own id and secret.
///
/// # Errors
/// `signature.invalid` when there is none, it is switched off or over, or its user may not act: one
/// answer for all of them.
pub async fn find(cx: &mut Cx, key_id: &str) -> Result<Arc<AccessKey>> {
    let core = cx.core.clone();
    let (pool, now) = (cx.pool.id, cx.now);
    let key = match core.caches.access_keys.peek(&key_id.to_owned()) {
        Some(key) if core.feed.is_fresh() => Some(key),
        _ => {
            let before = core.caches.access_keys.forgotten();
            let read = read(cx, key_id).await?;
            if let Some(key) = &read {
                core.caches.access_keys.keep(before, key_id.to_owned(), key.clone());
            }
            read
        }
    };
    let key = key
        .filter(|key| key.pool == pool && key.expires_at.is_none_or(|end| end > now))
        .ok_or_else(|| Error::new(Code::SignatureInvalid))?;
    if let Some(user) = key.user
        && !rows::is_user_active(&mut cx.store(), user, now).await?
    {
        return Err(Code::SignatureInvalid.into());
    }
    Ok(key)
}

async fn read(cx: &mut Cx, key_id: &str) -> Result<Option<Arc<AccessKey>>> {
    let pool = cx.pool.clone();
    if key_id == pool.id.to_string() {
        return Ok(Some(Arc::new(AccessKey {
            id: None,
            key_id: key_id.to_owned(),
            pool: pool.id,
            secret: pool.secret.clone(),
            user: None,
            expires_at: None,
            used_at: AtomicI64::new(i64::MAX),
        })));
    }
    let row = rows::by_key_id(&mut cx.store(), key_id).await?;
    let Some(row) = row.filter(|row| row.enabled) else { return Ok(None) };
    Ok(Some(Arc::new(AccessKey {
        secret: super::open(cx, &row)?,
        id: Some(row.id),
        key_id: row.key_id,
        pool: pool.id,
        user: row.user_id,
        expires_at: row.expires_at,
        used_at: AtomicI64::new(row.last_used_at.map_or(0, |at| at.0)),
    })))
}

/// A signed request's claim to be fresh, checked after its signature.
#[derive(Debug)]
pub struct Freshness<'a> {
    /// The key id it was signed with.
    pub key_id: &'a str,
    /// Its date.
    pub date: Millis,
    /// Its nonce as sent.
    pub nonce: &'a str,
}

/// Makes the context act for the key, once date and nonce were found fresh. The nonce is kept in
/// memory and, with the first write of the request, in the store.
///
/// # Errors
/// `signature.skew` for a date more than five minutes off, `signature.replay`.
pub async fn admit(cx: &mut Cx, key: &AccessKey, fresh: &Freshness<'_>) -> Result<()> {
    if fresh.date.since(cx.now).unsigned_abs() > SKEW_MS.unsigned_abs() {
        return Err(Code::SignatureSkew.into());
    }
    let hash =
        purpose_hash("nonce", &format!("{}\0{}\0{}", fresh.key_id, fresh.date.0, fresh.nonce));
    let short = hash.get(..32).and_then(|hex| u128::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let oldest = cx.now.plus_ms(-SKEW_MS).seconds();
    if !cx.core.caches.nonces.remember(fresh.date.seconds(), short, oldest) {
        return Err(Code::SignatureReplay.into());
    }
    cx.principal = Principal::PoolKey(key.id);
    if let Some(user) = key.user {
        cx.act_as(Actor::User(user), None);
    } else {
        cx.act_as(cx.principal.actor(), Some(key.key_id.clone()));
    }
    cx.guard(Nonce { hash, expires_at: fresh.date.plus_ms(SKEW_MS).plus_seconds(60) });
    note_use(cx, key).await;
    Ok(())
}

/// Writes down that the key was used, in a transaction of its own: a call that is refused later
/// was a use as well. A failure is passed over: it must not refuse a call that only reads, and one
/// that writes will say so itself.
async fn note_use(cx: &mut Cx, key: &AccessKey) {
    let (Some(id), now) = (key.id, cx.now) else { return };
    let last = key.used_at.load(Ordering::Relaxed);
    let due = now.plus_ms(-USE_MS);
    let first = || key.used_at.compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed);
    if last > due.0 || first().is_err() {
        return;
    }
    let mut tx = cx.core.db.begin();
    if rows::used(&mut tx.scoped(cx.pool.id), id, now, due).await.is_ok() {
        let _ = tx.commit().await;
    }
}
