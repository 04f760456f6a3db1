//! Pages of users, and how many there are.

use super::{User, UserActivity, UserFacts, UserSecurity};
use crate::{Result, Scoped, sql, values};

/// One page of people who are not archived, oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn page(s: &mut Scoped<'_>, limit: i64, offset: i64) -> Result<Vec<UserFacts>> {
    let text = sql!(
        "SELECT {u.User}, {a.UserActivity}, {c.UserSecurity}
        FROM (SELECT id AS page_id FROM users WHERE pool_id = $1 AND kind = 'person'
        AND status <> 'archived' ORDER BY id LIMIT $2 OFFSET $3) p
        JOIN users u ON u.id = p.page_id JOIN user_activity a ON a.user_id = u.id
        JOIN user_security c ON c.user_id = u.id ORDER BY u.id",
        User,
        UserActivity,
        UserSecurity
    );
    s.list(text, values![limit, offset]).await
}

/// How many people the pool has: the sum of the counter's shards.
///
/// # Errors
/// A fault of the store.
pub async fn total(s: &mut Scoped<'_>) -> Result<i64> {
    let text = sql!(
        "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM row_counts WHERE pool_id = $1 AND kind
        = 'users'"
    );
    Ok(s.one::<(i64,)>(text, values![]).await?.0)
}
