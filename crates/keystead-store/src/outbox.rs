//! Work that waits to be done once: written with the change that asks for it, taken by its
//! consumer's job under a lease. What no try could do becomes a dead letter.
//!
//! Claims go over all pools: `work/outbox.rs`.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Millis, OutboxId, PoolId};

row! { outbox;
    /// Work, as its consumer gets it.
    pub struct Queued {
        pub id: OutboxId,
        pub pool_id: PoolId,
        pub event: String,
        pub consumer: String,
        pub sealed_enc: Option<String>,
        /// How many tries were begun, this one among them: names the claim.
        pub attempts: i64,
        pub created_at: Millis,
    }
}

row! { dead_letters;
    /// Work that every try failed at.
    pub struct DeadLetter {
        pub id: OutboxId,
        pub pool_id: PoolId,
        pub event: String,
        pub consumer: String,
        pub attempts: i64,
        pub last_error: Option<String>,
        pub created_at: Millis,
        pub died_at: Millis,
    }
}

/// What new work is made of.
#[derive(Debug)]
pub struct NewWork<'a> {
    /// Its row's id, which stays the same for every try.
    pub id: OutboxId,
    /// What happened.
    pub event: &'a str,
    /// Who does it.
    pub consumer: &'a str,
    /// What the consumer needs to know, sealed.
    pub sealed_enc: &'a str,
    /// When; it may run at once.
    pub now: Millis,
}

/// Writes work down.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, new: &NewWork<'_>) -> Result<u64> {
    let text = sql!(
        "INSERT INTO outbox (pool_id, id, event, consumer, sealed_enc, run_at, created_at)
          VALUES ($1, $2, $3, $4, $5, $6, $6)"
    );
    s.execute(text, values![new.id, new.event, new.consumer, new.sealed_enc, new.now]).await
}

/// Removes work that is done.
///
/// # Errors
/// A fault of the store.
pub async fn done(s: &mut Scoped<'_>, id: OutboxId) -> Result<u64> {
    s.execute(sql!("DELETE FROM outbox WHERE pool_id = $1 AND id = $2"), values![id]).await
}

/// Keeps a claim for longer; 0 when another has it by now.
///
/// # Errors
/// A fault of the store.
pub async fn renew(
    s: &mut Scoped<'_>,
    id: OutboxId,
    attempts: i64,
    lease_until: Millis,
) -> Result<u64> {
    let text = sql!(
        "UPDATE outbox SET lease_until = $4, run_at = $4
        WHERE pool_id = $1 AND id = $2 AND attempts = $3"
    );
    s.execute(text, values![id, attempts, lease_until]).await
}

/// Gives a claim back, to be tried again at `run_at`; 0 when another has it by now.
///
/// # Errors
/// A fault of the store.
pub async fn release(
    s: &mut Scoped<'_>,
    claim: (OutboxId, i64),
    run_at: Millis,
    last_error: &str,
) -> Result<u64> {
    let text = sql!(
        "UPDATE outbox SET lease_until = NULL, run_at = $4, last_error = $5
        WHERE pool_id = $1 AND id = $2 AND attempts = $3"
    );
    s.execute(text, values![claim.0, claim.1, run_at, last_error]).await
}

/// Makes a dead letter of claimed work, under the same id; 0 when another has it by now.
///
/// # Errors
/// A fault of the store.
pub async fn bury(
    s: &mut Scoped<'_>,
    claim: (OutboxId, i64),
    now: Millis,
    last_error: &str,
) -> Result<u64> {
    let text = sql!(
        "INSERT INTO dead_letters (pool_id, id, event, consumer, subject, payload, sealed_enc,
            attempts, last_error, died_at, created_at)
          SELECT $1, id, event, consumer, subject, payload, sealed_enc, attempts,
            CAST($5 AS TEXT), CAST($4 AS BIGINT), created_at
          FROM outbox WHERE pool_id = $1 AND id = $2 AND attempts = $3"
    );
    let buried = s.execute(text, values![claim.0, claim.1, now, last_error]).await?;
    if buried > 0 {
        done(s, claim.0).await?;
    }
    Ok(buried)
}
