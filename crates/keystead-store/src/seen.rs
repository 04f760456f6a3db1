//! Values that may come once: nonces of signed requests, ids of assertions.

use crate::{Result, Scoped, sql, values};
use keystead_model::Millis;

/// Remembers a value; `false` says that it was seen before.
///
/// # Errors
/// A fault of the store.
pub async fn insert(
    s: &mut Scoped<'_>,
    kind: &str,
    key_hash: &str,
    expires_at: Millis,
) -> Result<bool> {
    let text = sql!(
        "INSERT INTO seen (pool_id, kind, key_hash, expires_at) VALUES ($1, $2, $3, $4) ON
        CONFLICT (pool_id, kind, key_hash) DO NOTHING"
    );
    Ok(s.execute(text, values![kind, key_hash, expires_at]).await? == 1)
}
