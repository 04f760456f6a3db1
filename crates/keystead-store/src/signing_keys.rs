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
        pub gone_at: Option<Millis>,
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

/// Takes a key out of use: it is published until `gone_at`. No row means that it was not active
/// any more.
///
/// # Errors
/// A fault of the store.
pub async fn retire(
    s: &mut Scoped<'_>,
    id: SigningKeyId,
    now: Millis,
    gone_at: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE signing_keys SET state = 'retired', retired_at = $3, gone_at = $4
            WHERE pool_id = $1 AND id = $2 AND state = 'active'"
        ),
        values![id, now, gone_at],
    )
    .await
}

/// Puts a key into use that was published before `since`: one of any number of nodes does it.
///
/// # Errors
/// Conflict `signing_keys_pool_id_use_alg_key` when its algorithm has an active key.
pub async fn activate(
    s: &mut Scoped<'_>,
    id: SigningKeyId,
    now: Millis,
    since: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE signing_keys SET state = 'active', active_from = $3
            WHERE pool_id = $1 AND id = $2 AND state = 'next' AND created_at <= $4"
        ),
        values![id, now, since],
    )
    .await
}

/// Lets a waiting key come into use earlier.
///
/// # Errors
/// A fault of the store.
pub async fn bring_forward(
    s: &mut Scoped<'_>,
    id: SigningKeyId,
    active_from: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE signing_keys SET active_from = $3 WHERE pool_id = $1 AND id = $2
            AND state = 'next' AND active_from > $3"
        ),
        values![id, active_from],
    )
    .await
}

/// Deletes a key in this state; 0 when it has another by now.
///
/// # Errors
/// A fault of the store.
pub async fn remove(s: &mut Scoped<'_>, id: SigningKeyId, state: &str) -> Result<u64> {
    let text = sql!("DELETE FROM signing_keys WHERE pool_id = $1 AND id = $2 AND state = $3");
    s.execute(text, values![id, state]).await
}

/// Deletes the keys whose last tokens are over.
///
/// # Errors
/// A fault of the store.
pub async fn remove_gone(s: &mut Scoped<'_>, now: Millis) -> Result<u64> {
    s.execute(
        sql!("DELETE FROM signing_keys WHERE pool_id = $1 AND state = 'retired' AND gone_at <= $2"),
        values![now],
    )
    .await
}
