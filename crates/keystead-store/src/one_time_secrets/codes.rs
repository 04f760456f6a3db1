//! Codes that people type: found by whom they were sent to, counted at each look.

use super::OneTimeSecret;
use crate::{Result, Scoped, sql, values};
use keystead_model::{ApplicationId, Millis, OneTimeSecretId, SigninId, UserId};

/// What a new code is made of.
#[derive(Debug)]
pub struct NewCode<'a> {
    /// Its row's id.
    pub id: OneTimeSecretId,
    /// Its purpose.
    pub purpose: &'static str,
    /// Keyed hash of purpose, row id and code.
    pub secret_hash: &'a str,
    /// Keyed hash of the address it goes to.
    pub recipient: &'a str,
    /// The user who asked, where the call named one.
    pub user: Option<UserId>,
    /// The application that asked, where the call named one.
    pub application: Option<ApplicationId>,
    /// The flow it was asked in.
    pub signin: Option<SigninId>,
    /// Looks it survives.
    pub max_tries: i64,
    /// When.
    pub now: Millis,
    /// Until when.
    pub expires_at: Millis,
}

/// Writes a code.
///
/// # Errors
/// A fault of the store.
pub async fn insert_code(s: &mut Scoped<'_>, new: &NewCode<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO one_time_secrets (pool_id, id, purpose, secret_hash, recipient, user_id,
            application_id, signin_id, max_tries, created_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        values![
            new.id,
            new.purpose,
            new.secret_hash,
            new.recipient,
            new.user,
            new.application,
            new.signin,
            new.max_tries,
            new.now,
            new.expires_at
        ],
    )
    .await
}

/// Ends the live codes of one purpose to one recipient: only the newest works.
///
/// # Errors
/// A fault of the store.
pub async fn supersede(
    s: &mut Scoped<'_>,
    recipient: &str,
    purpose: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE one_time_secrets SET superseded_at = $4 WHERE pool_id = $1 AND recipient = $2
            AND purpose = $3 AND consumed_at IS NULL AND superseded_at IS NULL AND expires_at > $4"
        ),
        values![recipient, purpose, now],
    )
    .await
}

/// The newest code of one purpose to one recipient, whatever became of it.
///
/// # Errors
/// A fault of the store.
pub async fn newest(
    s: &mut Scoped<'_>,
    recipient: &str,
    purpose: &str,
) -> Result<Option<OneTimeSecret>> {
    let text = sql!(
        "SELECT {OneTimeSecret} FROM one_time_secrets WHERE pool_id = $1 AND recipient = $2 AND
        purpose = $3 ORDER BY created_at DESC, id DESC LIMIT 1",
        OneTimeSecret
    );
    s.optional(text, values![recipient, purpose]).await
}

/// Counts a look at a code and uses it up if it is right. `None`: it was not live any more;
/// else whether it was right.
///
/// # Errors
/// A fault of the store.
pub async fn count_and_consume(
    s: &mut Scoped<'_>,
    id: OneTimeSecretId,
    secret_hash: &str,
    now: Millis,
) -> Result<Option<bool>> {
    let text = sql!(
        "UPDATE one_time_secrets SET tries = tries + 1,
          consumed_at = CASE WHEN secret_hash = $3 THEN CAST($4 AS BIGINT) ELSE NULL END,
          state = CASE WHEN secret_hash = $3 THEN 'done' ELSE state END
        WHERE pool_id = $1 AND id = $2 AND consumed_at IS NULL AND superseded_at IS NULL
          AND expires_at > $4 AND tries < max_tries RETURNING consumed_at"
    );
    let row = s.optional::<(Option<Millis>,)>(text, values![id, secret_hash, now]).await?;
    Ok(row.map(|(consumed,)| consumed.is_some()))
}

/// Counts a look at a code without using it up. `None`: it was not live any more; else whether
/// it was right.
///
/// # Errors
/// A fault of the store.
pub async fn count_look(
    s: &mut Scoped<'_>,
    id: OneTimeSecretId,
    secret_hash: &str,
    now: Millis,
) -> Result<Option<bool>> {
    let text = sql!(
        "UPDATE one_time_secrets SET tries = tries + 1 WHERE pool_id = $1 AND id = $2
          AND consumed_at IS NULL AND superseded_at IS NULL AND expires_at > $3
          AND tries < max_tries RETURNING secret_hash"
    );
    let row = s.optional::<(String,)>(text, values![id, now]).await?;
    Ok(row.map(|(hash,)| hash == secret_hash))
}

/// Ends every live value of these purposes that belongs to a user: a password changed, an
/// account went.
///
/// # Errors
/// A fault of the store.
pub async fn supersede_of_user(
    s: &mut Scoped<'_>,
    user: UserId,
    purpose: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE one_time_secrets SET superseded_at = $4 WHERE pool_id = $1 AND user_id = $2
            AND purpose = $3 AND consumed_at IS NULL AND superseded_at IS NULL"
        ),
        values![user, purpose, now],
    )
    .await
}
