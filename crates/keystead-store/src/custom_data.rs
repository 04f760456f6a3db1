//! Documents of custom values, in the rows of those who own them.

use crate::{Result, Scoped, sql, values};
use keystead_model::{Id, Millis};
use serde_json::Value;

/// The two documents of a user: what they may edit, and what they may not.
///
/// # Errors
/// A fault of the store.
pub async fn of_user(s: &mut Scoped<'_>, user: Id) -> Result<Option<(Value, Value)>> {
    let text = sql!("SELECT user_data, admin_data FROM users WHERE pool_id = $1 AND id = $2");
    s.optional(text, values![user]).await
}

/// Rewrites the two documents of a user.
///
/// # Errors
/// A fault of the store.
pub async fn set_of_user(
    s: &mut Scoped<'_>,
    user: Id,
    (user_data, admin_data): (&Value, &Value),
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE users SET user_data = $3, admin_data = $4, updated_at = $5
              WHERE pool_id = $1 AND id = $2"
        ),
        values![user, user_data, admin_data, now],
    )
    .await
}

/// The document of a role.
///
/// # Errors
/// A fault of the store.
pub async fn of_role(s: &mut Scoped<'_>, role: Id) -> Result<Option<Value>> {
    let text = sql!("SELECT custom_data FROM roles WHERE pool_id = $1 AND id = $2");
    Ok(s.optional::<(Value,)>(text, values![role]).await?.map(|(data,)| data))
}

/// Rewrites the document of a role.
///
/// # Errors
/// A fault of the store.
pub async fn set_of_role(s: &mut Scoped<'_>, role: Id, data: &Value, now: Millis) -> Result<u64> {
    s.execute(
        sql!("UPDATE roles SET custom_data = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2"),
        values![role, data, now],
    )
    .await
}

/// The documents of the next users after this id.
///
/// # Errors
/// A fault of the store.
pub async fn users_after(
    s: &mut Scoped<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<(Id, Value, Value)>> {
    let text = sql!(
        "SELECT id, user_data, admin_data FROM users WHERE pool_id = $1 AND id > $2
          ORDER BY id LIMIT $3"
    );
    s.list(text, values![after, limit]).await
}

/// The documents of the next roles after this id.
///
/// # Errors
/// A fault of the store.
pub async fn roles_after(s: &mut Scoped<'_>, after: &str, limit: i64) -> Result<Vec<(Id, Value)>> {
    let text = sql!(
        "SELECT id, custom_data FROM roles WHERE pool_id = $1 AND id > $2 ORDER BY id LIMIT $3"
    );
    s.list(text, values![after, limit]).await
}
