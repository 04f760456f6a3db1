//! Consents: what a person allowed an application.

use crate::{Result, Scoped, sql, values};
use keystead_model::{ApplicationId, ConsentId, Millis, UserId};
use serde_json::Value;

/// The kind of a consent to scopes; all of one person and application stand in one row.
const SCOPES: &str = "scope";

/// What the person allowed the application, while it holds.
///
/// # Errors
/// A fault of the store.
pub async fn granted(
    s: &mut Scoped<'_>,
    user: UserId,
    application: ApplicationId,
    now: Millis,
) -> Result<Option<Value>> {
    let text = sql!(
        "SELECT granted FROM consents WHERE pool_id = $1 AND user_id = $2 AND application_id = $3
        AND kind = $4 AND key = $4 AND revoked_at IS NULL
        AND (expires_at IS NULL OR expires_at > $5)"
    );
    let found = s.optional::<(Value,)>(text, values![user, application, SCOPES, now]).await?;
    Ok(found.map(|(granted,)| granted))
}

/// Writes down what the person allows the application from now on, in place of what was there.
///
/// # Errors
/// A fault of the store.
pub async fn put(
    s: &mut Scoped<'_>,
    id: ConsentId,
    (user, application): (UserId, ApplicationId),
    granted: &Value,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO consents (pool_id, id, user_id, application_id, kind, key, granted,
            granted_at, created_at) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $7)
            ON CONFLICT (user_id, application_id, kind, key) DO UPDATE SET granted = $6,
            granted_at = $7, expires_at = NULL, revoked_at = NULL"
        ),
        values![id, user, application, SCOPES, granted, now],
    )
    .await
}
