//! Credentials: passwords now; passkeys, TOTP and recovery codes share the table.

use crate::role_assignments::padded;
use crate::{Result, Scoped, row, sql, values};
use keystead_model::{CredentialId, Id, Millis, Secret, UserId};
use serde_json::Value;

row! { credentials;
    /// A user's password.
    pub struct Password {
        pub id: CredentialId,
        pub user_id: UserId,
        pub hash: Option<Secret>,
        pub secret_enc: Option<String>,
        pub version: i64,
    }
}

row! { credentials;
    /// A second factor of a user, or a code that stands in for one.
    pub struct Factor {
        pub id: CredentialId,
        pub kind: String,
        pub secret_enc: Option<String>,
        pub data: Value,
    }
}

/// What is stored of a password: a hash, or a weak one that is sealed.
#[derive(Clone, Copy, Debug)]
pub enum Kept<'a> {
    /// A hash.
    Hash(&'a Secret),
    /// A weak hash, sealed.
    Sealed(&'a str),
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
    kept: Kept<'_>,
    now: Millis,
) -> Result<u64> {
    let (hash, sealed) = match kept {
        Kept::Hash(hash) => (Some(hash.expose()), None),
        Kept::Sealed(sealed) => (None, Some(sealed)),
    };
    s.execute(
        sql!(
            "INSERT INTO credentials (pool_id, id, user_id, kind, hash, secret_enc, created_at,
                updated_at) VALUES ($1, $2, $3, 'password', $4, $5, $6, $6)
              ON CONFLICT (user_id) WHERE kind = 'password' DO UPDATE SET hash = excluded.hash,
              secret_enc = excluded.secret_enc, version = credentials.version + 1,
              updated_at = excluded.updated_at"
        ),
        values![id, user, hash, sealed, now],
    )
    .await
}

/// The passwords of these users, in no order.
///
/// # Errors
/// A fault of the store.
pub async fn passwords(s: &mut Scoped<'_>, users: &[Id]) -> Result<Vec<Password>> {
    let text = sql!(
        "SELECT {Password} FROM credentials WHERE pool_id = $1 AND kind = 'password'
          AND user_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            $18, $19, $20, $21)",
        Password
    );
    let mut found = Vec::new();
    for chunk in users.chunks(crate::subjects::IDS) {
        found.extend(s.list::<Password>(text, &padded(chunk)).await?);
    }
    Ok(found)
}

/// The active second factors of a user, the oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn factors(s: &mut Scoped<'_>, user: UserId) -> Result<Vec<Factor>> {
    let text = sql!(
        "SELECT {Factor} FROM credentials WHERE pool_id = $1 AND user_id = $2
          AND kind IN ('totp', 'sms', 'email') AND state = 'active' ORDER BY id LIMIT 20",
        Factor
    );
    s.list(text, values![user]).await
}

/// A new second factor, or a code that stands in for one.
#[derive(Debug)]
pub struct NewFactor<'a> {
    /// Its id.
    pub id: CredentialId,
    /// Whose.
    pub user: UserId,
    /// `totp`, `recovery`.
    pub kind: &'a str,
    /// Keyed hash by which a code is found.
    pub lookup: Option<&'a str>,
    /// Its secret, sealed.
    pub secret_enc: Option<&'a str>,
    /// What else is known of it.
    pub data: &'a Value,
    /// When.
    pub now: Millis,
}

/// Adds a factor.
///
/// # Errors
/// Conflict `credentials_pool_id_kind_lookup_key`.
pub async fn insert_factor(s: &mut Scoped<'_>, new: &NewFactor<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO credentials (pool_id, id, user_id, kind, lookup, secret_enc, data,
                created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"
        ),
        values![new.id, new.user, new.kind, new.lookup, new.secret_enc, new.data, new.now],
    )
    .await
}

/// Takes a user's TOTP generator and its recovery codes away, active or not.
///
/// # Errors
/// A fault of the store.
pub async fn remove_totp(s: &mut Scoped<'_>, user: UserId) -> Result<u64> {
    s.execute(
        sql!(
            "DELETE FROM credentials WHERE pool_id = $1 AND user_id = $2
              AND kind IN ('totp', 'recovery')"
        ),
        values![user],
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
            "UPDATE credentials SET hash = $3, secret_enc = NULL, version = version + 1,
              updated_at = $5 WHERE pool_id = $1 AND id = $2 AND version = $4"
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
