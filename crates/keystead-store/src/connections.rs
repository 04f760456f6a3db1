//! Connections: directories of accounts and upstream providers.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ConnectionId, Millis};
use serde_json::Value;

row! { connections;
    /// A connection to an upstream provider.
    pub struct Connection {
        pub id: ConnectionId,
        pub name: String,
        pub kind: String,
        pub provider: Option<String>,
        pub config: Value,
    }
}

/// The most connections of a pool that are looked at.
pub const MOST: i64 = 1_000;

/// The connections to upstream providers, the oldest first; at most [`MOST`].
///
/// # Errors
/// A fault of the store.
pub async fn upstream(s: &mut Scoped<'_>) -> Result<Vec<Connection>> {
    let text = sql!(
        "SELECT {Connection} FROM connections WHERE pool_id = $1
          AND kind NOT IN ('local', 'email', 'sms') ORDER BY id LIMIT $2",
        Connection
    );
    s.list(text, values![MOST]).await
}

/// The oldest connection of this kind: for `local` the pool's default directory.
///
/// # Errors
/// A fault of the store.
pub async fn first_of_kind(s: &mut Scoped<'_>, kind: &str) -> Result<Option<ConnectionId>> {
    let text =
        sql!("SELECT id FROM connections WHERE pool_id = $1 AND kind = $2 ORDER BY id LIMIT 1");
    Ok(s.optional::<(ConnectionId,)>(text, values![kind]).await?.map(|(id,)| id))
}

/// Makes a connection.
///
/// # Errors
/// Conflict `connections_pool_id_name_key`.
pub async fn insert(
    s: &mut Scoped<'_>,
    id: ConnectionId,
    name: &str,
    kind: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO connections (pool_id, id, name, kind, created_at, updated_at) VALUES
            ($1, $2, $3, $4, $5, $5)"
        ),
        values![id, name, kind, now],
    )
    .await
}
