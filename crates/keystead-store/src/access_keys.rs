//! Access keys: who may sign management requests.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{AccessKeyId, Millis, UserId};

row! { access_keys;
    /// An access key.
    pub struct AccessKey {
        pub id: AccessKeyId,
        pub key_id: String,
        pub secret_enc: String,
        pub kind: String,
        pub user_id: Option<UserId>,
        pub enabled: bool,
        pub last_used_at: Option<Millis>,
        pub expires_at: Option<Millis>,
        pub created_at: Millis,
    }
}

/// What a new access key is made of.
#[derive(Debug)]
pub struct NewAccessKey<'a> {
    /// Its row's id; the secret is sealed for it.
    pub id: AccessKeyId,
    /// What the wire calls it, unique over all pools.
    pub key_id: &'a str,
    /// Its secret, sealed.
    pub secret_enc: &'a str,
    /// `pool` or `user`.
    pub kind: &'a str,
    /// Whose it is; it goes when they go.
    pub user_id: Option<UserId>,
    /// When it is made.
    pub now: Millis,
}

/// The access key with this key id.
///
/// # Errors
/// A fault of the store.
pub async fn by_key_id(s: &mut Scoped<'_>, key_id: &str) -> Result<Option<AccessKey>> {
    let text =
        sql!("SELECT {AccessKey} FROM access_keys WHERE pool_id = $1 AND key_id = $2", AccessKey);
    s.optional(text, values![key_id]).await
}

/// Whether the user of a key may act: `NULL` once they are gone.
///
/// # Errors
/// A fault of the store.
pub async fn is_user_active(s: &mut Scoped<'_>, user: UserId, now: Millis) -> Result<bool> {
    let text = sql!(
        "SELECT count(*) FROM users WHERE pool_id = $1 AND id = $2 AND status = 'activated'
        AND (expires_at IS NULL OR expires_at > $3)"
    );
    Ok(s.one::<(i64,)>(text, values![user, now]).await?.0 > 0)
}

/// The pool's access keys, the first made first; at most `limit` of them.
///
/// # Errors
/// A fault of the store.
pub async fn list(s: &mut Scoped<'_>, limit: i64) -> Result<Vec<AccessKey>> {
    let text = sql!(
        "SELECT {AccessKey} FROM access_keys WHERE pool_id = $1 ORDER BY id LIMIT $2",
        AccessKey
    );
    s.list(text, values![limit]).await
}

/// The access keys of a user, the first made first; at most `limit` of them.
///
/// # Errors
/// A fault of the store.
pub async fn list_of_user(s: &mut Scoped<'_>, user: UserId, limit: i64) -> Result<Vec<AccessKey>> {
    let text = sql!(
        "SELECT {AccessKey} FROM access_keys WHERE pool_id = $1 AND user_id = $2 ORDER BY id
        LIMIT $3",
        AccessKey
    );
    s.list(text, values![user, limit]).await
}

/// How many access keys the pool has.
///
/// # Errors
/// A fault of the store.
pub async fn total(s: &mut Scoped<'_>) -> Result<i64> {
    let text = sql!("SELECT count(*) FROM access_keys WHERE pool_id = $1");
    Ok(s.one::<(i64,)>(text, values![]).await?.0)
}

/// Writes an access key of the pool.
///
/// # Errors
/// Conflict `access_keys_key_id_key`.
pub async fn insert(s: &mut Scoped<'_>, new: &NewAccessKey<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO access_keys (pool_id, id, key_id, secret_enc, kind, user_id, created_at,
            updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
        ),
        values![new.id, new.key_id, new.secret_enc, new.kind, new.user_id, new.now],
    )
    .await
}

/// Gives an access key another secret.
///
/// # Errors
/// A fault of the store.
pub async fn set_secret(
    s: &mut Scoped<'_>,
    id: AccessKeyId,
    secret_enc: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE access_keys SET secret_enc = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2"
        ),
        values![id, secret_enc, now],
    )
    .await
}

/// Switches an access key on or off; 0 when it is as asked for already, or gone.
///
/// # Errors
/// A fault of the store.
pub async fn set_enabled(
    s: &mut Scoped<'_>,
    id: AccessKeyId,
    enabled: bool,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE access_keys SET enabled = $3, updated_at = $4 WHERE pool_id = $1 AND id = $2
            AND enabled <> $3"
        ),
        values![id, enabled, now],
    )
    .await
}

/// Notes when a key was used, unless that was noted after `before`.
///
/// # Errors
/// A fault of the store.
pub async fn used(s: &mut Scoped<'_>, id: AccessKeyId, now: Millis, before: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE access_keys SET last_used_at = $3 WHERE pool_id = $1 AND id = $2
            AND (last_used_at IS NULL OR last_used_at <= $4)"
        ),
        values![id, now, before],
    )
    .await
}

/// Deletes an access key; 0 when it is gone already.
///
/// # Errors
/// A fault of the store.
pub async fn delete(s: &mut Scoped<'_>, id: AccessKeyId) -> Result<u64> {
    let text = sql!("DELETE FROM access_keys WHERE pool_id = $1 AND id = $2");
    s.execute(text, values![id]).await
}
