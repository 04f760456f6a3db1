//! Settings documents: one row per scope, holding only what differs from the defaults.

use crate::{Result, Scoped, sql, values};
use keystead_model::Millis;
use serde_json::Value;

/// The document of a scope (`pool` with an empty id, or `application` with the application's).
///
/// # Errors
/// A fault of the store.
pub async fn get(s: &mut Scoped<'_>, scope: &str, scope_id: &str) -> Result<Option<Value>> {
    let text =
        sql!("SELECT document FROM settings WHERE pool_id = $1 AND scope = $2 AND scope_id = $3");
    Ok(s.optional::<(Value,)>(text, values![scope, scope_id]).await?.map(|(document,)| document))
}

/// Writes the document of a scope, whether it exists or not.
///
/// # Errors
/// A fault of the store.
pub async fn put(
    s: &mut Scoped<'_>,
    scope: &str,
    scope_id: &str,
    document: &Value,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO settings (pool_id, scope, scope_id, document, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $5)
              ON CONFLICT (pool_id, scope, scope_id) DO UPDATE SET document = excluded.document,
              version = settings.version + 1, updated_at = excluded.updated_at"
        ),
        values![scope, scope_id, document, now],
    )
    .await
}
