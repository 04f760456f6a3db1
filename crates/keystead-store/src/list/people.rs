//! Lists of users: by many keys at once.

use super::Built;
use crate::users::{User, UserActivity, UserFacts, UserKey, UserSecurity};
use crate::{Result, Scoped, sql};

/// The users with one of these keys, in no order; the caller bounds how many keys there are.
///
/// # Errors
/// A fault of the store.
pub async fn by_keys(
    s: &mut Scoped<'_>,
    key: UserKey,
    values: &[String],
) -> Result<Vec<UserFacts>> {
    let mut built = facts();
    built.push(match key {
        UserKey::Id => " AND u.id IN ",
        UserKey::Email => " AND u.email_key IN ",
        UserKey::Phone => " AND u.phone_key IN ",
        UserKey::Username => " AND u.username_key IN ",
        UserKey::ExternalId => " AND u.external_id IN ",
    });
    built.bind_list(values.iter().map(|value| value.clone().into()));
    s.list_built(&built).await
}

/// The start of a text that reads users with all that answers show of them.
fn facts() -> Built {
    Built::new(sql!(
        "SELECT {u.User}, {a.UserActivity}, {c.UserSecurity} FROM users u
        JOIN user_activity a ON a.user_id = u.id JOIN user_security c ON c.user_id = u.id
        WHERE u.pool_id = $1",
        User,
        UserActivity,
        UserSecurity
    ))
}
