//! Data keys: what seals the secrets of a pool, wrapped by the master key.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{DataKeyId, Millis};

row! { data_keys;
    /// A wrapped data key; version 0 is the hash key.
    pub struct DataKey {
        pub id: DataKeyId,
        pub version: i64,
        pub wrapped: String,
        pub master_id: String,
        pub state: String,
    }
}

/// Every data key of the pool, oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn list(s: &mut Scoped<'_>) -> Result<Vec<DataKey>> {
    let text = sql!("SELECT {DataKey} FROM data_keys WHERE pool_id = $1 ORDER BY version", DataKey);
    s.list(text, values![]).await
}

/// Writes a data key.
///
/// # Errors
/// Conflict `data_keys_pool_id_version_key`.
pub async fn insert(s: &mut Scoped<'_>, key: &DataKey, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO data_keys (pool_id, id, version, wrapped, master_id, state,
            created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        values![key.id, key.version, &key.wrapped, &key.master_id, &key.state, now],
    )
    .await
}
