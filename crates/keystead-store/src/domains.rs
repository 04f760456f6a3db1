//! Domains: the names a pool is reached by.

use crate::{Result, Scoped, sql, values};
use keystead_model::{Id, Millis};

/// The name of the pool's default login address, with its port unless that is the default one.
///
/// # Errors
/// A fault of the store.
pub async fn default_login(s: &mut Scoped<'_>) -> Result<Option<String>> {
    let text = sql!(
        "SELECT name FROM domains WHERE pool_id = $1 AND purpose = 'login' ORDER BY is_default
        DESC, id LIMIT 1"
    );
    Ok(s.optional::<(String,)>(text, values![]).await?.map(|(name,)| name))
}

/// Writes a login address.
///
/// # Errors
/// Conflict `domains_name_key`.
pub async fn insert_login(s: &mut Scoped<'_>, id: Id, name: &str, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO domains (pool_id, id, name, purpose, is_default, created_at,
            updated_at) VALUES ($1, $2, $3, 'login', true, $4, $4)
              ON CONFLICT (pool_id, purpose, name) DO NOTHING"
        ),
        values![id, name, now],
    )
    .await
}
