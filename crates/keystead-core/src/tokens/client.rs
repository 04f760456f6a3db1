//! Tokens of applications on their own behalf (RFC 6749, 4.4).

use super::{TokenSet, new_jti};
use crate::access_keys;
use crate::applications::App;
use crate::counters;
use crate::cx::Cx;
use keystead_model::{Algorithm, Code, Error, Id, Result, Secret};
use keystead_protocol::jose;
use keystead_protocol::oauth::scope::{KNOWN, Scope};
use serde_json::json;

/// Issues a token to the application itself. Nothing is written: it lives by its signature and
/// the application's being switched on.
///
/// # Errors
/// `grant_type.denied` unless the application may, `scope.invalid` for a scope that is not its own.
pub fn issue(cx: &Cx, app: &App, requested: Option<&str>) -> Result<TokenSet> {
    if !app.settings.client_credentials_grant || !app.is_confidential() {
        return Err(Code::GrantTypeDenied.into());
    }
    // Scopes about a person mean nothing here: asking for them is no error and gives nothing.
    let asked = requested.map(|text| {
        text.split(' ').filter(|name| !KNOWN.contains(name)).collect::<Vec<_>>().join(" ")
    });
    let scope = match asked.as_deref() {
        Some("") => Scope::default(),
        asked => Scope::for_client(asked, &app.settings.extra_scopes)
            .map_err(|_| Error::new(Code::ScopeInvalid).field("scope"))?,
    };
    let subject = Subject {
        client_id: &app.client_id,
        parent: app.id.0,
        life_s: app.settings.access_token_life_s,
        algorithm: app.access_algorithm(),
    };
    sign(cx, &subject, &scope)
}

/// Issues a token to an access key of the pool, which one SDK sends as client id and secret; `None`
/// when no key has this id.
///
/// # Errors
/// `client.invalid` for a wrong secret, `rate.limited` after too many, `scope.invalid` for a scope
/// that is not about a person: a key has none of its own.
pub async fn issue_to_key(
    cx: &mut Cx,
    key_id: &str,
    secret: &Secret,
    requested: Option<&str>,
) -> Result<Option<TokenSet>> {
    let key = match access_keys::find(cx, key_id).await {
        Ok(key) => key,
        Err(error) if error.code() == Code::SignatureInvalid => return Ok(None),
        Err(error) => return Err(error),
    };
    counters::may_try_secret(cx, key_id).await?;
    if !key.secret.same_as(secret.expose()) {
        counters::wrong_secret(cx, key_id).await?;
        return Err(Code::ClientInvalid.into());
    }
    let own = requested.unwrap_or_default().split(' ').filter(|name| !name.is_empty());
    if own.into_iter().any(|name| !KNOWN.contains(&name)) {
        return Err(Error::new(Code::ScopeInvalid).field("scope"));
    }
    let settings = cx.settings();
    let subject = Subject {
        client_id: key_id,
        parent: key.id.map_or(cx.pool.id.0, |id| id.0),
        life_s: settings.access_token_life_s,
        algorithm: match settings.signing_algorithm {
            Algorithm::Hs256 => Algorithm::Rs256,
            other => other,
        },
    };
    sign(cx, &subject, &Scope::default()).map(Some)
}

/// Whom a token is for.
struct Subject<'a> {
    client_id: &'a str,
    parent: Id,
    life_s: u32,
    algorithm: Algorithm,
}

fn sign(cx: &Cx, subject: &Subject<'_>, scope: &Scope) -> Result<TokenSet> {
    let now_s = cx.now.seconds();
    let claims = json!({
        "iss": cx.pool.issuer(),
        "sub": subject.client_id,
        "aud": subject.client_id,
        "client_id": subject.client_id,
        "scope": scope.to_string(),
        "iat": now_s,
        "exp": now_s + i64::from(subject.life_s),
        "jti": new_jti(cx, 'c', subject.parent)?,
    });
    let (kid, pair) = cx.pool.signing.signer(subject.algorithm)?;
    let token = jose::sign(pair, kid, super::access::TYP, &claims)
        .map_err(|e| Error::new(Code::Internal).caused_by(e.to_string()))?;
    Ok(TokenSet {
        access_token: Secret::new(token),
        id_token: None,
        refresh_token: None,
        expires_in: subject.life_s,
        scope: scope.to_string(),
    })
}
