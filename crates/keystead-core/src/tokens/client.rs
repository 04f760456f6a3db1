//! Tokens of applications on their own behalf (RFC 6749, 4.4).

use super::{TokenSet, new_jti};
use crate::applications::App;
use crate::cx::Cx;
use keystead_model::{Code, Error, Result, Secret};
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
    let life = app.settings.access_token_life_s;
    let now_s = cx.now.seconds();
    let claims = json!({
        "iss": cx.pool.issuer(),
        "sub": app.client_id,
        "aud": app.client_id,
        "client_id": app.client_id,
        "scope": scope.to_string(),
        "iat": now_s,
        "exp": now_s + i64::from(life),
        "jti": new_jti(cx, 'c', app.id.0)?,
    });
    let (kid, pair) = cx.pool.signing.signer(app.access_algorithm())?;
    let token = jose::sign(pair, kid, super::access::TYP, &claims)
        .map_err(|e| Error::new(Code::Internal).caused_by(e.to_string()))?;
    Ok(TokenSet {
        access_token: Secret::new(token),
        id_token: None,
        refresh_token: None,
        expires_in: life,
        scope: scope.to_string(),
    })
}
