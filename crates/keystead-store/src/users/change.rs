//! Changing a user: the row, the generation of what they hold, and their end.

use super::{User, UserKeys};
use crate::{Result, Scoped, sql, values};
use keystead_model::{Millis, UserId};

/// Writes every column of a user that may change after creation.
///
/// # Errors
/// As [`super::insert`], but for the primary key.
pub async fn update(s: &mut Scoped<'_>, user: &User, keys: &UserKeys) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE users SET status = $3, status_at = $4, username = $5, username_key = $6,
            email = $7, email_key = $8, email_verified = $9, phone = $10, phone_country = $11,
            phone_key = $12, phone_verified = $13, external_id = $14, name = $15, nickname = $16,
            given_name = $17, family_name = $18, photo = $19, gender = $20, locale = $21,
            profile = $22, user_data = $23, admin_data = $24, expires_at = $25, updated_at = $26
              WHERE pool_id = $1 AND id = $2"
        ),
        values![
            user.id,
            &user.status,
            user.status_at,
            &user.username,
            &keys.username,
            &user.email,
            &keys.email,
            user.email_verified,
            &user.phone,
            &user.phone_country,
            &keys.phone,
            user.phone_verified,
            &user.external_id,
            &user.name,
            &user.nickname,
            &user.given_name,
            &user.family_name,
            &user.photo,
            &user.gender,
            &user.locale,
            &user.profile,
            &user.user_data,
            &user.admin_data,
            user.expires_at,
            user.updated_at
        ],
    )
    .await
}

/// Raises the generation of a user: sessions, grants and refresh families of before are over.
/// Answers the new one; nothing for an unknown user.
///
/// # Errors
/// A fault of the store.
pub async fn raise_generation(s: &mut Scoped<'_>, id: UserId, now: Millis) -> Result<Option<i64>> {
    let text = sql!(
        "UPDATE user_security SET generation = generation + 1, updated_at = $3
          WHERE pool_id = $1 AND user_id = $2 RETURNING generation"
    );
    Ok(s.optional::<(i64,)>(text, values![id, now]).await?.map(|(generation,)| generation))
}

/// Says whether, and why, a user must choose another password at the next sign-in.
///
/// # Errors
/// A fault of the store.
pub async fn set_reset(
    s: &mut Scoped<'_>,
    id: UserId,
    reset: Option<&str>,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE user_security SET reset = $3, updated_at = $4
              WHERE pool_id = $1 AND user_id = $2"
        ),
        values![id, reset, now],
    )
    .await
}

/// Says whether sign-ins of a user ask for a second factor; nobody said for `None`.
///
/// # Errors
/// A fault of the store.
pub async fn set_mfa_mode(
    s: &mut Scoped<'_>,
    id: UserId,
    mode: Option<&str>,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE user_security SET mfa_mode = $3, updated_at = $4
              WHERE pool_id = $1 AND user_id = $2"
        ),
        values![id, mode, now],
    )
    .await
}

/// Deletes a user with everything that hangs on them.
///
/// # Errors
/// A fault of the store.
pub async fn delete(s: &mut Scoped<'_>, id: UserId) -> Result<u64> {
    s.execute(sql!("DELETE FROM users WHERE pool_id = $1 AND id = $2"), values![id]).await
}

/// Moves one of the 16 shards of the pool's count of people, or of archived ones; the id spreads
/// the writers.
///
/// # Errors
/// A fault of the store.
pub async fn count(s: &mut Scoped<'_>, archived: bool, id: UserId, by: i64) -> Result<()> {
    let shard = i64::from(id.0.bytes().last().copied().unwrap_or_default() & 15);
    let kind = if archived { "archived_users" } else { "users" };
    s.execute(
        sql!(
            "INSERT INTO row_counts (pool_id, kind, shard, n) VALUES ($1, $2, $3, $4)
              ON CONFLICT (pool_id, kind, shard) DO UPDATE SET n = row_counts.n + excluded.n"
        ),
        values![kind, shard, by],
    )
    .await
    .map(|_| ())
}
