//! Access tokens of users (RFC 9068), and who is behind one.

use super::{Basis, alive, new_jti, verify};
use crate::cx::Cx;
use crate::principal::{Principal, UserPrincipal};
use keystead_model::{Code, Error, GrantId, Result, Secret};
use keystead_protocol::jose;
use keystead_protocol::oauth::scope::Scope;
use serde_json::json;

/// The media type of the header's `typ` (RFC 9068, 2.1).
pub const TYP: &str = "at+jwt";

/// Signs an access token; answers it with the seconds it lives.
pub(super) fn sign(cx: &Cx, basis: &Basis<'_>, scope: &Scope) -> Result<(Secret, u32)> {
    let life = basis.app.settings.access_token_life_s;
    let now_s = cx.now.seconds();
    // A token never outlives its grant.
    let end = (now_s + i64::from(life)).min(basis.grant.expires_at.seconds());
    let mut claims = json!({
        "iss": cx.pool.issuer(),
        "sub": basis.user.user.id,
        "aud": basis.app.client_id,
        "client_id": basis.app.client_id,
        "scope": scope.to_string(),
        "iat": now_s,
        "exp": end,
        "jti": new_jti(cx, 'a', basis.grant.id.0)?,
    });
    if let (Some(session), Some(claims)) = (basis.session, claims.as_object_mut()) {
        claims.insert("sid".into(), json!(session.id));
        claims.insert("auth_time".into(), json!(session.auth_at.seconds()));
        claims.insert("acr".into(), json!(session.acr));
    }
    let (kid, pair) = cx.pool.signing.signer(basis.app.access_algorithm())?;
    let token = jose::sign(pair, kid, TYP, &claims)
        .map_err(|e| Error::new(Code::Internal).caused_by(e.to_string()))?;
    let expires_in = u32::try_from(end - now_s).unwrap_or(0);
    Ok((Secret::new(token), expires_in))
}

/// Makes the context act for the user of an access token, and answers them.
///
/// # Errors
/// `token.missing`, `token.invalid`, `token.expired`.
pub async fn admit(cx: &mut Cx, token: Option<&str>) -> Result<UserPrincipal> {
    let token = token.filter(|t| !t.is_empty()).ok_or(Code::TokenMissing)?;
    let verified = verify(cx, token, &["a"])?;
    let alive = alive(cx, &verified).await?;
    let user = UserPrincipal {
        user: alive.user,
        grant: GrantId(verified.parent),
        session: alive.session,
        application: alive.application,
        scope: verified.text("scope").to_owned(),
    };
    cx.principal = Principal::User(user.clone());
    Ok(user)
}
