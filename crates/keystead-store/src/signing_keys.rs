//! Keys that sign tokens, and the key that opens transported passwords.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Millis, SigningKeyId};
use serde_json::Value;

row! { signing_keys;
    /// A key; its id is the `kid`.
    pub struct SigningKey {
        pub id: SigningKeyId,
        pub r#use: String,
        pub alg: String,
        pub public_jwk: Option<Value>,
        pub private_enc: String,
        pub state: String,
        pub active_from: Millis,
    }
}

/// Every key that is still published or used.
///
/// # Errors
/// A fault of the store.
pub async fn list(s: &mut Scoped<'_>) -> Result<Vec<SigningKey>> {
    let text = sql!(
        "SELECT {SigningKey} FROM signing_keys WHERE pool_id = $1 AND state IN ('next',
        'active', 'retired') ORDER BY id",
        SigningKey
    );
    s.list(text, values![]).await
}

/// Writes a key.
///
/// # Errors
/// Conflict `signing_keys_pool_id_use_alg_key` when this algorithm has an active key.
pub async fn insert(s: &mut Scoped<'_>, key: &SigningKey, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO signing_keys (pool_id, id, use, alg, public_jwk, private_enc, state,
            active_from, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        values![
            key.id,
            &key.r#use,
            &key.alg,
            &key.public_jwk,
            &key.private_enc,
            &key.state,
            key.active_from,
            now
        ],
    )
    .await
}
