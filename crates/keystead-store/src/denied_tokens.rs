//! Access tokens that were revoked one by one, until they would have expired.

use crate::{Result, Scoped, sql, values};
use keystead_model::Millis;

/// Denies a token by its `jti`.
///
/// # Errors
/// A fault of the store.
pub async fn insert(
    s: &mut Scoped<'_>,
    jti: &str,
    parent: &str,
    now: Millis,
    expires_at: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO denied_tokens (pool_id, jti, parent_id, created_at, expires_at) VALUES
            ($1, $2, $3, $4, $5) ON CONFLICT (pool_id, jti) DO NOTHING"
        ),
        values![jti, parent, now, expires_at],
    )
    .await
}

/// The denied tokens of one parent.
///
/// # Errors
/// A fault of the store.
pub async fn of_parent(s: &mut Scoped<'_>, parent: &str) -> Result<Vec<String>> {
    let text =
        sql!("SELECT jti FROM denied_tokens WHERE pool_id = $1 AND parent_id = $2 LIMIT 101");
    Ok(s.list::<(String,)>(text, values![parent]).await?.into_iter().map(|(jti,)| jti).collect())
}
