//! Administrators of a pool.

use crate::{Result, Scoped, sql, values};
use keystead_model::{Id, Millis, UserId};

/// Whether the pool has one.
///
/// # Errors
/// A fault of the store.
pub async fn any(s: &mut Scoped<'_>) -> Result<bool> {
    let text = sql!("SELECT id FROM administrators WHERE pool_id = $1 LIMIT 1");
    Ok(s.optional::<(Id,)>(text, values![]).await?.is_some())
}

/// Makes a user one; nothing happens when they are.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, id: Id, user: UserId, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO administrators (pool_id, id, user_id, kind, created_at, updated_at)
            VALUES ($1, $2, $3, 'cooperator', $4, $4)
              ON CONFLICT (user_id, kind) DO NOTHING"
        ),
        values![id, user, now],
    )
    .await
}
