//! Sequences: numbers of a pool, counted from one, for ids that must be numbers on the wire.

use crate::{Result, Scoped, sql, values};

/// The next number of the sequence of this name. A number taken in a transaction that is undone
/// comes again.
///
/// # Errors
/// A fault of the store.
pub async fn next(s: &mut Scoped<'_>, name: &str) -> Result<i64> {
    let text = sql!(
        "INSERT INTO sequences (pool_id, name, next) VALUES ($1, $2, 2)
          ON CONFLICT (pool_id, name) DO UPDATE SET next = sequences.next + 1
          RETURNING next - 1"
    );
    Ok(s.one::<(i64,)>(text, values![name]).await?.0)
}
