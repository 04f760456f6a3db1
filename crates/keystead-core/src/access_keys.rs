//! Access keys: who may sign management requests, and whether a signed request is fresh.

use crate::cache::Caches;
use crate::core::Core;
use crate::cx::Cx;
use crate::nonces::Nonce;
use crate::principal::Principal;
use crate::seal::purpose_hash;
use keystead_model::{AccessKeyId, Code, Error, Millis, PoolId, Result, Secret};
use keystead_store::access_keys as rows;
use std::sync::Arc;

/// How far a signed request's date may lie from our clock, in milliseconds.
pub const SKEW_MS: i64 = 5 * 60 * 1_000;

/// An access key, ready for use.
#[derive(Debug)]
pub struct AccessKey {
    /// Its row's id; none for the pool's own secret.
    pub id: Option<AccessKeyId>,
    /// Its pool.
    pub pool: PoolId,
    /// Its secret.
    pub secret: Secret,
    /// When it ends.
    pub expires_at: Option<Millis>,
}

/// The access key with this key id in the context's pool: a row, or the pool's own id and secret.
///
/// # Errors
/// `signature.invalid` when there is none, it is switched off or over: one answer for all three.
pub async fn find(cx: &mut Cx, key_id: &str) -> Result<Arc<AccessKey>> {
    let core: Arc<Core> = cx.core.clone();
    let caches: &Caches = &core.caches;
    let (pool, now) = (cx.pool.clone(), cx.now);
    let key = caches
        .access_keys
        .get(key_id.to_owned(), async {
            if key_id == pool.id.to_string() {
                let secret = pool.secret.clone();
                return Ok(Some(Arc::new(AccessKey {
                    id: None,
                    pool: pool.id,
                    secret,
                    expires_at: None,
                })));
            }
            let Some(row) = rows::by_key_id(&mut cx.store(), key_id).await? else {
                return Ok(None);
            };
            if !row.enabled {
                return Ok(None);
            }
            let column = "access_keys.secret_enc";
            let secret = pool.keys.open_text(column, &row.id.to_string(), &row.secret_enc)?;
            let expires_at = row.expires_at;
            Ok(Some(Arc::new(AccessKey { id: Some(row.id), pool: pool.id, secret, expires_at })))
        })
        .await?;
    key.filter(|key| key.pool == pool.id && key.expires_at.is_none_or(|end| end > now))
        .ok_or_else(|| Error::new(Code::SignatureInvalid))
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
pub fn admit(cx: &mut Cx, key: &AccessKey, fresh: &Freshness<'_>) -> Result<()> {
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
    cx.guard(Nonce { hash, expires_at: fresh.date.plus_ms(SKEW_MS).plus_seconds(60) });
    Ok(())
}
