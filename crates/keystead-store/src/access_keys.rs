//! Access keys: who may sign management requests.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{AccessKeyId, Millis};

row! { access_keys;
    /// An access key.
    pub struct AccessKey {
        pub id: AccessKeyId,
        pub key_id: String,
        pub secret_enc: String,
        pub enabled: bool,
        pub expires_at: Option<Millis>,
    }
}

/// The access key with this key id.
///
/// # Errors
/// A fault of the store.
pub async fn by_key_id(s: &mut Scoped<'_>, key_id: &str) -> Result<Option<AccessKey>> {
    let text =
        sql!("SELECT {AccessKey} FROM access_keys WHERE pool_id = $1 AND key_id = $2", AccessKey);
    s.optional(text, values![key_id]).await
}

/// Writes an access key of the pool.
///
/// # Errors
/// Conflict `access_keys_key_id_key`.
pub async fn insert(
    s: &mut Scoped<'_>,
    id: AccessKeyId,
    key_id: &str,
    secret_enc: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO access_keys (pool_id, id, key_id, secret_enc, kind, created_at,
            updated_at) VALUES ($1, $2, $3, $4, 'pool', $5, $5)"
        ),
        values![id, key_id, secret_enc, now],
    )
    .await
}

/// Gives an access key another secret.
///
/// # Errors
/// A fault of the store.
pub async fn set_secret(
    s: &mut Scoped<'_>,
    id: AccessKeyId,
    secret_enc: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE access_keys SET secret_enc = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2"
        ),
        values![id, secret_enc, now],
    )
    .await
}
