//! Notes for other nodes: a row of `changes` and a notification, in the writer's own transaction.

use super::fault::plain;
use crate::Result;
use crate::db::Note;
use deadpool_postgres::Object;

/// The channel of notifications. Their text is the kind, a space, the key.
pub(crate) const CHANNEL: &str = "keystead_changes";

/// Times are the database's, so that nodes with different clocks agree on "younger than 30 s". A
/// pool that this transaction deletes takes its rows along.
const PUBLISH: &str = "\
WITH given AS (
  SELECT pool, kind, key FROM unnest($1::text[], $2::text[], $3::text[]) AS g (pool, kind, key)
), stored AS (
  INSERT INTO changes (id, pool_id, kind, key, at)
  SELECT lpad(to_hex(CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)), 12, '0')
      || left(replace(gen_random_uuid()::text, '-', ''), 12),
    p.id, g.kind, g.key, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)
  FROM given g JOIN pools p ON p.id = g.pool
)
SELECT pg_notify('keystead_changes', kind || ' ' || key) FROM given";

/// Writes the rows and sends the notifications; both take effect at COMMIT.
pub(crate) async fn publish(client: &Object, notes: &[Note]) -> Result<()> {
    let pools: Vec<Option<String>> =
        notes.iter().map(|note| note.pool.map(|pool| pool.to_string())).collect();
    let kinds: Vec<&str> = notes.iter().map(|note| note.change.kind.text()).collect();
    let keys: Vec<&str> = notes.iter().map(|note| note.change.key.as_str()).collect();
    let statement = client.prepare_cached(PUBLISH).await.map_err(plain)?;
    client.execute(&statement, &[&pools, &kinds, &keys]).await.map_err(plain).map(|_| ())
}
