//! Counters of tries: counted before they are checked, by one upsert per key.

use crate::{Result, Scoped, sql, values};
use keystead_model::Millis;

/// One key to count on, and its limits.
#[derive(Clone, Debug)]
pub struct Take<'a> {
    /// Kind of counter.
    pub kind: &'static str,
    /// Keyed hash of what is counted.
    pub key: &'a str,
    /// Tries admitted per window.
    pub limit: i64,
    /// Milliseconds of the window.
    pub window_ms: i64,
    /// Milliseconds of the first, second and every later lock; zeros where there is none.
    pub locks_ms: [i64; 3],
}

/// Where a counter stands after a try was counted: number, end of window, end of lock.
pub type Counted = (i64, Millis, Millis);

/// Counts a try. It is admitted iff the lock is over and the number is at most the limit.
///
/// # Errors
/// A fault of the store.
pub async fn take(s: &mut Scoped<'_>, take: &Take<'_>, now: Millis) -> Result<Counted> {
    let text = sql!(
        "INSERT INTO counters (pool_id, kind, key, n, strikes, window_ends,
        locked_until) VALUES ($1, $2, $3, 1, 0, CAST($4 AS BIGINT) + CAST($5 AS BIGINT), 0)
        ON CONFLICT (pool_id, kind, key) DO UPDATE SET
          n = CASE WHEN counters.locked_until > $4 THEN counters.n
                   WHEN counters.window_ends <= $4 OR counters.locked_until > 0 THEN 1
                   WHEN counters.n > $6 THEN counters.n ELSE counters.n + 1 END,
          window_ends = CASE WHEN counters.locked_until > $4 THEN counters.window_ends
                   WHEN counters.window_ends <= $4 OR counters.locked_until > 0 THEN $4 + $5
                   ELSE counters.window_ends END,
          strikes = CASE WHEN CAST($7 AS BIGINT) > 0 AND counters.locked_until = 0
                   AND counters.window_ends > $4
          AND counters.n >= $6 THEN counters.strikes + 1
                   WHEN counters.window_ends < $4 - 86400000 THEN 0 ELSE counters.strikes END,
          locked_until = CASE WHEN counters.locked_until > $4 THEN counters.locked_until
                   WHEN $7 > 0 AND counters.locked_until = 0 AND counters.window_ends > $4 AND
                   counters.n >= $6
                   THEN $4 + CASE counters.strikes WHEN 0 THEN $7 WHEN 1 THEN $8 ELSE $9 END
                   ELSE 0 END
        RETURNING n, window_ends, locked_until"
    );
    let [first, second, later] = take.locks_ms;
    let values =
        values![take.kind, take.key, now, take.window_ms, take.limit, first, second, later];
    s.one(text, values).await
}

/// Counts a try if it is admitted, and nothing otherwise: so that tries that are given back leave
/// exactly those that were not. Locks do not count here.
///
/// # Errors
/// A fault of the store.
pub async fn take_within(s: &mut Scoped<'_>, take: &Take<'_>, now: Millis) -> Result<bool> {
    let text = sql!(
        "INSERT INTO counters (pool_id, kind, key, n, strikes, window_ends, locked_until)
        VALUES ($1, $2, $3, 1, 0, CAST($4 AS BIGINT) + CAST($5 AS BIGINT), 0)
        ON CONFLICT (pool_id, kind, key) DO UPDATE SET
          n = CASE WHEN counters.window_ends <= $4 THEN 1 ELSE counters.n + 1 END,
          window_ends = CASE WHEN counters.window_ends <= $4 THEN $4 + $5
                   ELSE counters.window_ends END
        WHERE counters.window_ends <= $4 OR counters.n < $6
        RETURNING n"
    );
    let values = values![take.kind, take.key, now, take.window_ms, take.limit];
    Ok(s.optional::<(i64,)>(text, values).await?.is_some())
}

/// Forgets what was counted on a key: the owner got in.
///
/// # Errors
/// A fault of the store.
pub async fn reset(s: &mut Scoped<'_>, kind: &str, key: &str) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE counters SET n = 0, strikes = 0, locked_until = 0 WHERE pool_id = $1 AND
            kind = $2 AND key = $3"
        ),
        values![kind, key],
    )
    .await
}

/// Gives one try back to a key that others share: this one was right.
///
/// # Errors
/// A fault of the store.
pub async fn give_back(s: &mut Scoped<'_>, kind: &str, key: &str) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE counters SET n = n - 1 WHERE pool_id = $1 AND kind = $2 AND key = $3 AND n > 0"
        ),
        values![kind, key],
    )
    .await
}

/// Where a counter stands: number and end of window; `None` when nothing was counted.
///
/// # Errors
/// A fault of the store.
pub async fn peek(s: &mut Scoped<'_>, kind: &str, key: &str) -> Result<Option<(i64, Millis)>> {
    let text =
        sql!("SELECT n, window_ends FROM counters WHERE pool_id = $1 AND kind = $2 AND key = $3");
    s.optional(text, values![kind, key]).await
}
