//! Opaque access tokens of plain OAuth 2: a random value, found by its hash.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{AccessHandleId, GrantId, Millis};

row! { access_handles;
    /// An opaque access token. It never changes; what ends it before its time is its grant, or its
    /// id among the denied tokens.
    pub struct AccessHandle {
        pub id: AccessHandleId,
        pub grant_id: GrantId,
        pub scope: String,
        pub created_at: Millis,
        pub expires_at: Millis,
    }
}

/// Writes a handle under the hash of its value.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, handle: &AccessHandle, secret_hash: &str) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO access_handles (pool_id, id, secret_hash, grant_id, scope, created_at,
            expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        values![
            handle.id,
            secret_hash,
            handle.grant_id,
            &handle.scope,
            handle.created_at,
            handle.expires_at
        ],
    )
    .await
}

/// The handle whose value has this hash.
///
/// # Errors
/// A fault of the store.
pub async fn by_secret(s: &mut Scoped<'_>, secret_hash: &str) -> Result<Option<AccessHandle>> {
    let text = sql!(
        "SELECT {AccessHandle} FROM access_handles WHERE pool_id = $1 AND secret_hash = $2",
        AccessHandle
    );
    s.optional(text, values![secret_hash]).await
}
