//! Pages of users, and how many there are.

use super::{User, UserActivity, UserFacts, UserSecurity};
use crate::{Result, Scoped, sql, values};

/// One page of people, oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn page(s: &mut Scoped<'_>, limit: i64, offset: i64) -> Result<Vec<UserFacts>> {
    let text = sql!(
        "SELECT {u.User}, {a.UserActivity}, {c.UserSecurity}
        FROM (SELECT id AS page_id FROM users WHERE pool_id = $1 AND kind = 'person' ORDER BY id
        LIMIT $2 OFFSET $3) p
        JOIN users u ON u.id = p.page_id JOIN user_activity a ON a.user_id = u.id
        JOIN user_security c ON c.user_id = u.id ORDER BY u.id",
        User,
        UserActivity,
        UserSecurity
    );
    s.list(text, values![limit, offset]).await
}

/// The start of a keyword in each of the three key columns.
#[derive(Debug)]
pub struct Prefixes<'a> {
    /// Start of e-mail addresses and user names.
    pub word: &'a str,
    /// Start of phone numbers, with `+` and country code.
    pub phone: &'a str,
}

/// One page of the people whose e-mail, user name or phone starts with the keyword.
///
/// # Errors
/// A fault of the store.
pub async fn page_of_keyword(
    s: &mut Scoped<'_>,
    prefixes: &Prefixes<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<UserFacts>> {
    let (word_end, phone_end) = (prefix_end(prefixes.word), prefix_end(prefixes.phone));
    let text = sql!(
        "SELECT {u.User}, {a.UserActivity}, {c.UserSecurity} FROM (
            SELECT id AS page_id FROM users WHERE pool_id = $1 AND email_key >= $2 AND email_key
            < $3
            UNION SELECT id FROM users WHERE pool_id = $1 AND username_key >= $2 AND
            username_key < $3
            UNION SELECT id FROM users WHERE pool_id = $1 AND phone_key >= $4 AND phone_key < $5
            ORDER BY 1 LIMIT $6 OFFSET $7) p
        JOIN users u ON u.id = p.page_id JOIN user_activity a ON a.user_id = u.id
        JOIN user_security c ON c.user_id = u.id ORDER BY u.id",
        User,
        UserActivity,
        UserSecurity
    );
    let values = values![prefixes.word, &word_end, prefixes.phone, &phone_end, limit, offset];
    s.list(text, values).await
}

/// How many people the keyword finds.
///
/// # Errors
/// A fault of the store.
pub async fn total_of_keyword(s: &mut Scoped<'_>, prefixes: &Prefixes<'_>) -> Result<i64> {
    let (word_end, phone_end) = (prefix_end(prefixes.word), prefix_end(prefixes.phone));
    let text = sql!(
        "SELECT count(*) FROM (
            SELECT id FROM users WHERE pool_id = $1 AND email_key >= $2 AND email_key < $3
            UNION SELECT id FROM users WHERE pool_id = $1 AND username_key >= $2 AND
            username_key < $3
            UNION SELECT id FROM users WHERE pool_id = $1 AND phone_key >= $4 AND phone_key <
            $5) k"
    );
    let values = values![prefixes.word, &word_end, prefixes.phone, &phone_end];
    Ok(s.one::<(i64,)>(text, values).await?.0)
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

/// The first text behind every text that starts with `prefix`, in binary order.
fn prefix_end(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}
