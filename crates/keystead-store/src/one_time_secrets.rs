//! Values that work once, typed by purpose.

mod codes;
pub mod hand_over;

pub use codes::{
    NewCode, count_and_consume, count_look, insert_code, newest, supersede, supersede_of_user,
};

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ApplicationId, GrantId, Millis, OneTimeSecretId, SigninId, UserId};

row! { one_time_secrets;
    /// A one-time value that was just used, or was used before.
    pub struct OneTimeSecret {
        pub id: OneTimeSecretId,
        pub purpose: String,
        pub user_id: Option<UserId>,
        pub application_id: Option<ApplicationId>,
        pub grant_id: Option<GrantId>,
        pub binding: Option<String>,
        pub data_enc: Option<String>,
        pub signin_id: Option<SigninId>,
        pub consumed_at: Option<Millis>,
        pub superseded_at: Option<Millis>,
        pub expires_at: Millis,
    }
}

/// What a new one-time value is made of.
#[derive(Debug)]
pub struct NewSecret<'a> {
    /// Its row's id.
    pub id: OneTimeSecretId,
    /// The purpose inside the hash.
    pub purpose: &'static str,
    /// Hash of purpose and value.
    pub secret_hash: &'a str,
    /// Whom it belongs to.
    pub user: Option<UserId>,
    /// The only application that may use it.
    pub application: Option<ApplicationId>,
    /// The grant it opens.
    pub grant: Option<GrantId>,
    /// What else it is bound to, as text.
    pub binding: Option<&'a str>,
    /// Facts kept for its use, sealed.
    pub data_enc: Option<&'a str>,
    /// When.
    pub now: Millis,
    /// Until when.
    pub expires_at: Millis,
}

/// Writes a one-time value.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, new: &NewSecret<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO one_time_secrets (pool_id, id, purpose, secret_hash, user_id,
            application_id, grant_id, binding, data_enc, created_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        values![
            new.id,
            new.purpose,
            new.secret_hash,
            new.user,
            new.application,
            new.grant,
            new.binding,
            new.data_enc,
            new.now,
            new.expires_at
        ],
    )
    .await
}

/// Uses a value up: exactly one of any number of callers gets the row.
///
/// # Errors
/// A fault of the store.
pub async fn consume(
    s: &mut Scoped<'_>,
    purpose: &str,
    secret_hash: &str,
    now: Millis,
) -> Result<Option<OneTimeSecret>> {
    let text = sql!(
        "UPDATE one_time_secrets SET consumed_at = $4, state = 'done'
        WHERE pool_id = $1 AND purpose = $2 AND secret_hash = $3
          AND consumed_at IS NULL AND superseded_at IS NULL AND expires_at > $4 RETURNING
          {OneTimeSecret}",
        OneTimeSecret
    );
    s.optional(text, values![purpose, secret_hash, now]).await
}

/// Uses a value of one application up; another application's is not found.
///
/// # Errors
/// A fault of the store.
pub async fn consume_of(
    s: &mut Scoped<'_>,
    purpose: &str,
    secret_hash: &str,
    application: ApplicationId,
    now: Millis,
) -> Result<Option<OneTimeSecret>> {
    let text = sql!(
        "UPDATE one_time_secrets SET consumed_at = $5, state = 'done'
        WHERE pool_id = $1 AND purpose = $2 AND secret_hash = $3 AND application_id = $4
          AND consumed_at IS NULL AND superseded_at IS NULL AND expires_at > $5 RETURNING
          {OneTimeSecret}",
        OneTimeSecret
    );
    s.optional(text, values![purpose, secret_hash, application, now]).await
}

/// The row of a value, used or not.
///
/// # Errors
/// A fault of the store.
pub async fn find(
    s: &mut Scoped<'_>,
    purpose: &str,
    secret_hash: &str,
) -> Result<Option<OneTimeSecret>> {
    let text = sql!(
        "SELECT {OneTimeSecret} FROM one_time_secrets WHERE pool_id = $1 AND purpose = $2 AND
        secret_hash = $3",
        OneTimeSecret
    );
    s.optional(text, values![purpose, secret_hash]).await
}
