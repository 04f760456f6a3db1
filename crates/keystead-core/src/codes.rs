//! Authorization codes: made at the end of a sign-in, redeemed once (RFC 6749, 4.1).

use crate::applications::App;
use crate::cx::Cx;
use crate::seal::purpose_hash;
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, GrantId, IssuerKind, OneTimeSecretId, Result,
    Secret, UserId,
};
use keystead_protocol::oauth::pkce::{self, Challenge};
use keystead_store::{grants, one_time_secrets as rows};
use serde::{Deserialize, Serialize};

const PURPOSE: &str = "auth_code";
const COLUMN: &str = "one_time_secrets.data_enc";

/// What a code is bound to, beside application and grant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Binding {
    /// The redirect address as the request sent it.
    pub redirect_uri: String,
    /// Whether the request sent it, so that the redemption must repeat it (RFC 6749, 4.1.3).
    pub redirect_sent: bool,
    /// The PKCE challenge.
    pub challenge: Option<Challenge>,
}

/// Writes a code for a grant; joins the transaction of the sign-in.
///
/// # Errors
/// Faults of the store.
pub async fn issue(
    cx: &mut Cx,
    app: &App,
    user: UserId,
    grant: GrantId,
    binding: &Binding,
) -> Result<Secret> {
    let secret = cx.core.random.token()?;
    let id: OneTimeSecretId = cx.id()?;
    let data = serde_json::to_vec(binding).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    let data_enc = cx.pool.keys.seal(&cx.core.random, COLUMN, &id.to_string(), &data)?;
    let new = rows::NewSecret {
        id,
        purpose: PURPOSE,
        secret_hash: &purpose_hash(PURPOSE, secret.expose()),
        user: Some(user),
        application: Some(app.id),
        grant: Some(grant),
        binding: None,
        data_enc: Some(&data_enc),
        now: cx.now,
        expires_at: cx.now.plus_seconds(i64::from(app.settings.code_life_s)),
    };
    rows::insert(&mut cx.store(), &new).await?;
    Ok(secret)
}

/// A redemption, as the token endpoint received it.
#[derive(Debug)]
pub struct Redemption<'a> {
    /// By which protocol's door: a code of another one is refused.
    pub issuer: IssuerKind,
    /// The code.
    pub code: &'a str,
    /// The redirect address of the redemption.
    pub redirect_uri: Option<&'a str>,
    /// The PKCE verifier.
    pub verifier: Option<&'a str>,
}

/// Uses a code up and answers its grant. Whatever fails after that leaves it used. A second use
/// ends the grant of the first, and with it all its tokens; that settles before it is refused.
///
/// # Errors
/// `grant.invalid` for an unknown, used, late or foreign code, a wrong redirect address or
/// verifier.
pub async fn redeem(cx: &mut Cx, app: &App, r: &Redemption<'_>) -> Result<GrantId> {
    let hash = purpose_hash(PURPOSE, r.code);
    let now = cx.now;
    let taken = rows::consume_of(&mut cx.store(), PURPOSE, &hash, app.id, now).await?;
    let Some(row) = taken else {
        return Err(refused(cx, app, &hash).await?);
    };
    let grant = row.grant_id.ok_or_else(|| Error::new(Code::Internal))?;
    let sealed = row.data_enc.as_deref().unwrap_or_default();
    let data = cx.pool.keys.open(COLUMN, &row.id.to_string(), sealed)?;
    let binding: Binding =
        serde_json::from_slice(&data).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    if let Err(error) = check(&binding, r) {
        cx.settle().await?;
        return Err(error);
    }
    Ok(grant)
}

fn check(binding: &Binding, r: &Redemption<'_>) -> Result<()> {
    let redirect_fits = match r.redirect_uri {
        Some(uri) => uri == binding.redirect_uri,
        None => !binding.redirect_sent,
    };
    if !redirect_fits {
        return Err(Error::new(Code::GrantInvalid).field("redirect_uri"));
    }
    pkce::redeem(binding.challenge.as_ref(), r.verifier)
        .map_err(|_| Error::new(Code::GrantInvalid).field("code_verifier"))
}

async fn refused(cx: &mut Cx, app: &App, hash: &str) -> Result<Error> {
    let used = rows::find(&mut cx.store(), PURPOSE, hash).await?;
    if let Some(grant) = used
        .filter(|row| row.application_id == Some(app.id) && row.consumed_at.is_some())
        .and_then(|row| row.grant_id)
    {
        let now = cx.now;
        grants::end(&mut cx.store(), grant, "code_reuse", now).await?;
        cx.note(ChangeKind::Grant, grant);
        cx.emit(
            Event::refused(EventKind::CodeReused, Code::GrantInvalid)
                .on("grant", grant, None)
                .through(app.id),
        );
        cx.settle().await?;
    }
    Ok(Error::new(Code::GrantInvalid).field("code"))
}
