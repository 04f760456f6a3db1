//! The outbox over all pools: claims by consumer, dead letters listed and brought back.

use crate::outbox::{DeadLetter, Queued};
use crate::{Result, Tx, sql, values};
use keystead_model::{Millis, OutboxId};

/// Whether this consumer has work whose time has come. A read: idle jobs write nothing.
///
/// # Errors
/// A fault of the store.
pub async fn is_due(tx: &mut Tx, consumer: &str, now: Millis) -> Result<bool> {
    let text = sql!("SELECT attempts FROM outbox WHERE consumer = $1 AND run_at <= $2 LIMIT 1");
    Ok(tx.optional::<(i64,)>(text, values![consumer, now]).await?.is_some())
}

/// Takes up to `limit` pieces of this consumer's work whose time has come, the oldest first.
///
/// A claim is a lease: `run_at` moves to its end, so work of a node that died is due again then.
/// Two nodes never get the same: the condition is tested again on the locked row.
///
/// # Errors
/// A fault of the store.
pub async fn claim(
    tx: &mut Tx,
    consumer: &str,
    now: Millis,
    lease_until: Millis,
    limit: i64,
) -> Result<Vec<Queued>> {
    let text = sql!(
        "UPDATE outbox SET lease_until = $3, run_at = $3, attempts = attempts + 1
        WHERE run_at <= $2 AND id IN (SELECT id FROM outbox
          WHERE consumer = $1 AND run_at <= $2 ORDER BY run_at, id LIMIT $4)
        RETURNING {Queued}",
        Queued
    );
    let mut claimed: Vec<Queued> =
        tx.list(text, values![consumer, now, lease_until, limit]).await?;
    claimed.sort_by_key(|work| work.id);
    Ok(claimed)
}

/// Ends the leases of a consumer: at the start of the only node there can be, nobody holds one.
///
/// # Errors
/// A fault of the store.
pub async fn end_leases(tx: &mut Tx, consumer: &str, now: Millis) -> Result<u64> {
    let text = sql!(
        "UPDATE outbox SET lease_until = NULL, run_at = $2
        WHERE consumer = $1 AND lease_until IS NOT NULL"
    );
    tx.execute(text, values![consumer, now]).await
}

/// Dead letters, the oldest first, after this id.
///
/// # Errors
/// A fault of the store.
pub async fn dead_letters(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<DeadLetter>> {
    let text = sql!(
        "SELECT {DeadLetter} FROM dead_letters WHERE id > $1 ORDER BY id LIMIT $2",
        DeadLetter
    );
    tx.list(text, values![after, limit]).await
}

/// Queues the dead letters from one id to another again, both among them, each under its id. The
/// answer is how many.
///
/// # Errors
/// A fault of the store.
pub async fn replay(tx: &mut Tx, from: OutboxId, to: OutboxId, now: Millis) -> Result<u64> {
    let text = sql!(
        "INSERT INTO outbox (pool_id, id, event, consumer, subject, payload, sealed_enc, run_at,
            last_error, created_at)
          SELECT pool_id, id, event, consumer, subject, payload, sealed_enc, CAST($3 AS BIGINT),
            last_error, created_at
          FROM dead_letters WHERE id >= $1 AND id <= $2"
    );
    let replayed = tx.execute(text, values![from, to, now]).await?;
    // One that died meanwhile is not queued, and so must stay.
    let text = sql!(
        "DELETE FROM dead_letters WHERE id >= $1 AND id <= $2
          AND EXISTS (SELECT 1 FROM outbox WHERE outbox.id = dead_letters.id)"
    );
    tx.execute(text, values![from, to]).await?;
    Ok(replayed)
}
