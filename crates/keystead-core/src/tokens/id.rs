//! ID tokens (OpenID Connect Core, 2), and hints made of them.

use super::{Basis, new_jti, userinfo};
use crate::applications::{self, App};
use crate::cx::Cx;
use keystead_model::settings::Algorithm;
use keystead_model::{Code, Error, Result, Secret, SessionId, UserId};
use keystead_protocol::jose;
use keystead_protocol::oauth::scope::Scope;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What an ID token tells beside the facts behind it.
pub(super) struct Told<'a> {
    /// By this scope.
    pub scope: &'a Scope,
    /// The nonce of the request.
    pub nonce: Option<&'a str>,
    /// The codes of the user's roles.
    pub roles: Option<Vec<String>>,
}

/// The codes of roles for the ID token of this scope, if it has one that tells them.
pub(super) async fn roles(
    cx: &mut Cx,
    basis: &Basis<'_>,
    scope: &Scope,
) -> Result<Option<Vec<String>>> {
    if super::is_plain(basis.grant) || !scope.contains("openid") {
        return Ok(None);
    }
    userinfo::roles(cx, scope, basis.user.user.id).await
}

/// Signs an ID token by the application's algorithm.
pub(super) fn sign(
    cx: &Cx,
    basis: &Basis<'_>,
    told: Told<'_>,
    access_token: &Secret,
) -> Result<Secret> {
    let algorithm = basis.app.settings.signing_algorithm;
    let now_s = cx.now.seconds();
    let mut claims: Map<String, Value> = userinfo::claims(cx, told.scope, basis.user, told.roles);
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", json!(cx.pool.issuer()));
    put("sub", json!(basis.user.user.id));
    put("aud", json!(basis.app.client_id));
    put("iat", json!(now_s));
    put("exp", json!(now_s + i64::from(basis.app.settings.id_token_life_s)));
    put("jti", json!(new_jti(cx, 'i', basis.grant.id.0)?));
    put("at_hash", json!(jose::at_hash(algorithm, access_token.expose())));
    if let Some(nonce) = told.nonce {
        put("nonce", json!(nonce));
    }
    if let Some(session) = basis.session {
        put("sid", json!(session.id));
        put("auth_time", json!(session.auth_at.seconds()));
        put("acr", json!(session.acr));
        put("amr", amr(&session.proofs));
    }
    let signed = match (algorithm, &basis.app.secret) {
        (Algorithm::Hs256, Some(secret)) => {
            jose::sign_hs256(secret.expose().as_bytes(), "JWT", &claims)
        }
        (Algorithm::Hs256, None) => {
            return Err(Error::new(Code::Internal).caused_by("HS256 without a secret"));
        }
        (algorithm, _) => {
            let (kid, pair) = cx.pool.signing.signer(algorithm)?;
            jose::sign(pair, kid, "JWT", &claims)
        }
    };
    signed.map(Secret::new).map_err(|e| Error::new(Code::Internal).caused_by(e.to_string()))
}

/// The references of a session's proofs.
fn amr(proofs: &Value) -> Value {
    let references = proofs.as_array().into_iter().flatten().filter_map(|p| p.get("amr"));
    Value::Array(references.filter(|a| a.as_str() != Some("")).cloned().collect())
}

/// What a good `id_token_hint` says.
#[derive(Debug)]
pub struct Hint {
    /// The user it names.
    pub user: UserId,
    /// The session it names.
    pub session: Option<SessionId>,
    /// The application it was issued to.
    pub app: Arc<App>,
}

/// Reads an `id_token_hint`: signature, issuer, kind and audience must hold; it may be expired.
///
/// # Errors
/// `token.invalid`.
pub async fn hint(cx: &mut Cx, token: &str) -> Result<Hint> {
    let invalid = || Error::new(Code::TokenInvalid);
    let claims = match jose::peek(token).map_err(|_| invalid())?.kid {
        Some(kid) => {
            let key = cx.pool.signing.verifier(&kid).ok_or_else(invalid)?;
            jose::verify(token, key)
                .and_then(|v| v.claims::<Map<String, Value>>())
                .map_err(|_| invalid())?
        }
        None => hs256(cx, token).await?,
    };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let kind_fits = text("jti").and_then(super::parse_jti).is_some_and(|(kind, _)| kind == "i");
    if !kind_fits || text("iss") != Some(&cx.pool.issuer()) {
        return Err(invalid());
    }
    let audience = text("aud").ok_or_else(invalid)?.to_owned();
    let user = text("sub").and_then(|sub| sub.parse().ok()).ok_or_else(invalid)?;
    let session = text("sid").and_then(|sid| sid.parse().ok());
    let app = applications::by_client_id(cx, &audience).await?.ok_or_else(invalid)?;
    Ok(Hint { user, session, app })
}

/// Under a shared secret only a token of an application that uses it is looked at.
async fn hs256(cx: &mut Cx, token: &str) -> Result<Map<String, Value>> {
    let invalid = || Error::new(Code::TokenInvalid);
    let claims: Map<String, Value> = jose::unverified_claims(token).map_err(|_| invalid())?;
    let audience = claims.get("aud").and_then(Value::as_str).ok_or_else(invalid)?.to_owned();
    let app = applications::by_client_id(cx, &audience).await?.ok_or_else(invalid)?;
    match &app.secret {
        Some(secret) if app.settings.signing_algorithm == Algorithm::Hs256 => {
            jose::verify_hs256(token, secret.expose().as_bytes())
                .and_then(|v| v.claims())
                .map_err(|_| invalid())
        }
        _ => Err(invalid()),
    }
}
