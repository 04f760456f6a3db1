//! References to "any subject": a kind and an id, without a foreign key (`model.md` 0).

use crate::{Result, Scoped, sql, values};

/// Forgets a subject that is deleted, in every table that names subjects by kind and id.
///
/// # Errors
/// A fault of the store.
pub async fn forget(s: &mut Scoped<'_>, kind: &str, id: &str) -> Result<()> {
    s.execute(
        sql!(
            "DELETE FROM role_assignments WHERE pool_id = $1 AND subject_kind = $2
            AND subject_id = $3"
        ),
        values![kind, id],
    )
    .await?;
    s.execute(
        sql!("DELETE FROM search_values WHERE pool_id = $1 AND kind = $2 AND target_id = $3"),
        values![kind, id],
    )
    .await?;
    s.execute(
        sql!("DELETE FROM search_terms WHERE pool_id = $1 AND kind = $2 AND target_id = $3"),
        values![kind, id],
    )
    .await?;
    s.execute(
        sql!("DELETE FROM aliases WHERE pool_id = $1 AND kind = $2 AND target_id = $3"),
        values![kind, id],
    )
    .await
    .map(|_| ())
}
