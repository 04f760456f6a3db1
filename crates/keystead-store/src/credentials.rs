//! Credentials: passwords now; passkeys, TOTP and recovery codes share the table.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{CredentialId, Millis, Secret, UserId};

row! { credentials;
    /// A user's password.
    pub struct Password {
        pub id: CredentialId,
        pub user_id: UserId,
        pub hash: Option<Secret>,
        pub version: i64,
    }
}

/// The password of a user.
///
/// # Errors
/// A fault of the store.
pub async fn password(s: &mut Scoped<'_>, user: UserId) -> Result<Option<Password>> {
    let text = sql!(
        "SELECT {Password} FROM credentials WHERE pool_id = $1 AND user_id = $2 AND kind =
        'password'",
        Password
    );
    s.optional(text, values![user]).await
}

/// Sets the password of a user, whether there was one or not.
///
/// # Errors
/// A fault of the store.
pub async fn set_password(
    s: &mut Scoped<'_>,
    id: CredentialId,
    user: UserId,
    hash: &Secret,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO credentials (pool_id, id, user_id, kind, hash, created_at, updated_at)
            VALUES ($1, $2, $3, 'password', $4, $5, $5)
              ON CONFLICT (user_id) WHERE kind = 'password' DO UPDATE SET hash = excluded.hash,
              version = credentials.version + 1, updated_at = excluded.updated_at"
        ),
        values![id, user, hash.expose(), now],
    )
    .await
}

/// Replaces a hash by one of today's kind, unless the password changed meanwhile.
///
/// # Errors
/// A fault of the store.
pub async fn rehash(s: &mut Scoped<'_>, old: &Password, hash: &Secret, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE credentials SET hash = $3, version = version + 1, updated_at = $5 WHERE
            pool_id = $1 AND id = $2 AND version = $4"
        ),
        values![old.id, hash.expose(), old.version, now],
    )
    .await
}

/// Notes the use of a credential, unless it changed since this version was read.
///
/// # Errors
/// A fault of the store.
pub async fn used(s: &mut Scoped<'_>, id: CredentialId, version: i64, now: Millis) -> Result<u64> {
    s.execute(
        sql!("UPDATE credentials SET used_at = $4 WHERE pool_id = $1 AND id = $2 AND version = $3"),
        values![id, version, now],
    )
    .await
}

/// Takes the password of a user away.
///
/// # Errors
/// A fault of the store.
pub async fn remove_password(s: &mut Scoped<'_>, user: UserId) -> Result<u64> {
    s.execute(
        sql!("DELETE FROM credentials WHERE pool_id = $1 AND user_id = $2 AND kind = 'password'"),
        values![user],
    )
    .await
}
