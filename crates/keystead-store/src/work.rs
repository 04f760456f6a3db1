//! Work that no request asked for: the clean-up of rows whose time is over. A bare transaction
//! over all pools (`signin.md` 1).

pub mod outbox;

use crate::{Db, Result, Value, sql, values};
use keystead_model::{Millis, PoolId};

/// Rows that one transaction deletes.
const ROWS: u64 = 500;
/// Transactions for one table in one call; the next call goes on.
const ROUNDS: u32 = 200;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// One table's clean-up: rows whose time (`$1`) is over go, the oldest first.
struct CleanUp {
    table: &'static str,
    /// Milliseconds a row is kept after its time.
    kept: i64,
    text: &'static str,
}

const CLEAN_UPS: &[CleanUp] = &[
    CleanUp {
        table: "one_time_secrets",
        kept: DAY,
        text: sql!(
            "DELETE FROM one_time_secrets WHERE id IN (SELECT id FROM one_time_secrets
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "signins",
        kept: HOUR,
        text: sql!(
            "DELETE FROM signins WHERE id IN (SELECT id FROM signins
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "refresh_families",
        kept: 30 * DAY,
        text: sql!(
            "DELETE FROM refresh_families WHERE id IN (SELECT id FROM refresh_families
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "grants",
        kept: 30 * DAY,
        text: sql!(
            "DELETE FROM grants WHERE id IN (SELECT id FROM grants
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "sessions",
        kept: 30 * DAY,
        text: sql!(
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "access_handles",
        kept: 0,
        text: sql!(
            "DELETE FROM access_handles WHERE id IN (SELECT id FROM access_handles
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "denied_tokens",
        kept: 0,
        text: sql!(
            "DELETE FROM denied_tokens WHERE (pool_id, jti) IN (SELECT pool_id, jti
             FROM denied_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "seen",
        kept: 0,
        text: sql!(
            "DELETE FROM seen WHERE (pool_id, kind, key_hash) IN (SELECT pool_id, kind, key_hash
             FROM seen WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "counters",
        kept: DAY,
        text: sql!(
            "DELETE FROM counters WHERE (pool_id, kind, key) IN (SELECT pool_id, kind, key
             FROM counters WHERE window_ends < $1 AND locked_until < $1
             ORDER BY window_ends LIMIT 500)"
        ),
    },
    CleanUp {
        table: "trusted_browsers",
        kept: 0,
        text: sql!(
            "DELETE FROM trusted_browsers WHERE id IN (SELECT id FROM trusted_browsers
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "credentials",
        kept: 0,
        text: sql!(
            "DELETE FROM credentials WHERE id IN (SELECT id FROM credentials
             WHERE expires_at < $1 ORDER BY expires_at LIMIT 500)"
        ),
    },
    CleanUp {
        table: "changes",
        kept: 10 * MINUTE,
        text: sql!(
            "DELETE FROM changes WHERE id IN (SELECT id FROM changes
             WHERE at < $1 ORDER BY at LIMIT 500)"
        ),
    },
];

/// The pools whose keys are due for something, after `after` in the order of their ids, 100 at
/// most: keys that sign since before `signing_since` or open passwords since before
/// `opening_since`, keys whose turn has come, and keys whose time is over.
///
/// # Errors
/// A fault of the store.
pub async fn pools_with_due_keys(
    db: &Db,
    after: Option<PoolId>,
    (signing_since, opening_since): (Millis, Millis),
    now: Millis,
) -> Result<Vec<PoolId>> {
    let text = sql!(
        "SELECT DISTINCT pool_id FROM signing_keys WHERE pool_id > $1 AND (
          (state = 'active' AND use = 'sig' AND active_from <= $2)
          OR (state = 'active' AND use = 'password' AND active_from <= $3)
          OR (state = 'next' AND active_from <= $4)
          OR (state = 'retired' AND gone_at <= $4)) ORDER BY pool_id LIMIT 100"
    );
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let values = values![after, signing_since, opening_since, now];
    let rows: Vec<(PoolId,)> = db.begin().list(text, values).await?;
    Ok(rows.into_iter().map(|(pool,)| pool).collect())
}

/// Deletes rows whose time was over before `now`, in transactions of 500 rows. The answer is the
/// number of rows.
///
/// # Errors
/// A fault of the store; what was deleted before stays deleted.
pub async fn clean_up(db: &Db, now: Millis) -> Result<u64> {
    let mut total = 0;
    for CleanUp { table, kept, text } in CLEAN_UPS {
        let gone = by_rounds(db, text, values![now.plus_ms(-kept)]).await?;
        if gone > 0 {
            tracing::debug!(table, gone, "cleaned up");
        }
        total += gone;
    }
    Ok(total)
}

/// Deletes the dead letters of all pools that died before `before`, in transactions of 500 rows;
/// `before_id` is the first id that could be as young. The answer is the number of rows.
///
/// # Errors
/// A fault of the store; what was deleted before stays deleted.
pub async fn forget_dead_letters(db: &Db, (before, before_id): (Millis, &str)) -> Result<u64> {
    let text = sql!(
        "DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters WHERE id < $1
         AND died_at < $2 ORDER BY id LIMIT 500)"
    );
    by_rounds(db, text, values![before_id, before]).await
}

/// Deletes the events of a pool's audit log in this category that are older than `before`, in
/// transactions of 500 rows; `before_id` is the first id that could be as young. The answer is the
/// number of rows.
///
/// # Errors
/// A fault of the store; what was deleted before stays deleted.
pub async fn forget_events(
    db: &Db,
    pool: PoolId,
    category: &str,
    (before, before_id): (Millis, &str),
) -> Result<u64> {
    let text = sql!(
        "DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events WHERE pool_id = $1
         AND category = $2 AND id < $3 AND created_at < $4 ORDER BY id LIMIT 500)"
    );
    by_rounds(db, text, values![pool, category, before_id, before]).await
}

/// Runs a text that deletes 500 rows at most, a transaction each, until few are left.
async fn by_rounds(db: &Db, text: &'static str, values: &[Value<'_>]) -> Result<u64> {
    let mut total = 0;
    for _ in 0..ROUNDS {
        let mut tx = db.begin();
        let gone = tx.execute(text, values).await?;
        tx.commit().await?;
        total += gone;
        if gone < ROWS {
            break;
        }
    }
    Ok(total)
}
