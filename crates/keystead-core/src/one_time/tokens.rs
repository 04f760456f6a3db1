//! Tokens between the two steps of a change, and the secrets of links: found by value, used once.

use super::TokenPurpose;
use crate::cx::Cx;
use crate::seal::purpose_hash;
use keystead_model::{Code, Error, OneTimeSecretId, Result, Secret, UserId};
use keystead_store::one_time_secrets as rows;
use serde::Serialize;
use serde::de::DeserializeOwned;

const COLUMN: &str = "one_time_secrets.data_enc";

/// Makes a token of this purpose for a user, with facts kept for its use. Joins the open
/// transaction.
///
/// # Errors
/// Faults of the store.
pub async fn make<T: Serialize>(
    cx: &mut Cx,
    purpose: TokenPurpose,
    user: Option<UserId>,
    facts: &T,
    life_s: i64,
) -> Result<Secret> {
    let secret = cx.core.random.token()?;
    let id: OneTimeSecretId = cx.id()?;
    let data = serde_json::to_vec(facts).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    let sealed = cx.pool.keys.seal(&cx.core.random, COLUMN, &id.to_string(), &data)?;
    let new = rows::NewSecret {
        id,
        purpose: purpose.text(),
        secret_hash: &purpose_hash(purpose.text(), secret.expose()),
        user,
        application: None,
        grant: None,
        binding: None,
        data_enc: Some(&sealed),
        now: cx.now,
        expires_at: cx.now.plus_seconds(life_s),
    };
    rows::insert(&mut cx.store(), &new).await?;
    Ok(secret)
}

/// Uses a token up: its user and facts; `None` when it is unknown, used, over or of another
/// purpose. Joins the open transaction.
///
/// # Errors
/// Faults of the store.
pub async fn take<T: DeserializeOwned>(
    cx: &mut Cx,
    purpose: TokenPurpose,
    secret: &Secret,
) -> Result<Option<(Option<UserId>, T)>> {
    let hash = purpose_hash(purpose.text(), secret.expose());
    let now = cx.now;
    let row = rows::consume(&mut cx.store(), purpose.text(), &hash, now).await?;
    row.map(|row| open(cx, &row)).transpose()
}

/// What a live token is about; looking does not use it up.
///
/// # Errors
/// Faults of the store.
pub async fn peek<T: DeserializeOwned>(
    cx: &mut Cx,
    purpose: TokenPurpose,
    secret: &Secret,
) -> Result<Option<(Option<UserId>, T)>> {
    let hash = purpose_hash(purpose.text(), secret.expose());
    let now = cx.now;
    let row = rows::find(&mut cx.store(), purpose.text(), &hash).await?;
    let live = row.filter(|row| {
        row.consumed_at.is_none() && row.superseded_at.is_none() && now < row.expires_at
    });
    live.map(|row| open(cx, &row)).transpose()
}

fn open<T: DeserializeOwned>(cx: &Cx, row: &rows::OneTimeSecret) -> Result<(Option<UserId>, T)> {
    let sealed = row.data_enc.as_deref().unwrap_or_default();
    let data = cx.pool.keys.open(COLUMN, &row.id.to_string(), sealed)?;
    let facts =
        serde_json::from_slice(&data).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    Ok((row.user_id, facts))
}
