//! Tombstones: what stays of a row that was deleted.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Id, Millis};

row! { tombstones;
    /// What stays of a deleted row.
    pub struct Tombstone {
        pub id: Id,
        pub kind: String,
        pub target_id: String,
        pub label: Option<String>,
        pub created_at: Millis,
    }
}

/// Notes that a row of this kind was deleted.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, stone: &Tombstone, actor: Option<&str>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO tombstones (pool_id, id, kind, target_id, label, actor_id, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        values![stone.id, &stone.kind, &stone.target_id, &stone.label, actor, stone.created_at],
    )
    .await
}
