//! Introspection (RFC 7662): what a token is, for those who may know.

use super::{alive, handles, refresh, verify};
use crate::applications::App;
use crate::cx::Cx;
use keystead_model::{Code, IssuerKind, Result};
use keystead_store::access_handles::AccessHandle;
use keystead_store::{grants, refresh_families};
use serde_json::{Map, Value, json};

/// The answer about a token at a protocol's door; `None` says inactive: unknown, over, ended, not
/// this caller's, or another protocol's.
///
/// # Errors
/// Faults of the store; never an answer in their place.
pub async fn introspect(
    cx: &mut Cx,
    app: &App,
    token: &str,
    issuer: IssuerKind,
) -> Result<Option<Map<String, Value>>> {
    if let Some(parsed) = refresh::parse(cx, token) {
        return family(cx, app, parsed, issuer).await;
    }
    let kinds: &[&str] = match issuer {
        IssuerKind::Oidc => &["a", "c"],
        // A client's own token is the same at every door: it has no grant.
        IssuerKind::Oauth => &["c"],
    };
    if issuer == IssuerKind::Oauth
        && let Some(handle) = handles::find(cx, token).await?
    {
        return opaque(cx, app, &handle).await;
    }
    let Ok(verified) = verify(cx, token, kinds) else { return Ok(None) };
    // Only the application it was issued to, or is meant for, may ask.
    if verified.text("client_id") != app.client_id && verified.text("aud") != app.client_id {
        return Ok(None);
    }
    if verified.text("jti").starts_with("a.") {
        match alive(cx, &verified).await {
            Ok(_) => {}
            Err(error) if error.code() == Code::TokenInvalid => return Ok(None),
            Err(error) => return Err(error),
        }
    } else if verified.parent != app.id.0 {
        return Ok(None);
    }
    let mut answer = (*verified.claims).clone();
    answer.insert("active".to_owned(), Value::Bool(true));
    answer.insert("token_type".to_owned(), json!("Bearer"));
    Ok(Some(answer))
}

async fn opaque(
    cx: &mut Cx,
    app: &App,
    handle: &AccessHandle,
) -> Result<Option<Map<String, Value>>> {
    let alive = match handles::alive(cx, handle).await {
        Ok(alive) => alive,
        Err(error) if [Code::TokenInvalid, Code::TokenExpired].contains(&error.code()) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if alive.application != app.id {
        return Ok(None);
    }
    let answer = json!({
        "active": true,
        "iss": cx.pool.issuer(),
        "sub": alive.user,
        "aud": app.client_id,
        "client_id": app.client_id,
        "scope": handle.scope,
        "iat": handle.created_at.seconds(),
        "exp": handle.expires_at.seconds(),
        "jti": handle.id,
        "token_type": "Bearer",
    });
    Ok(answer.as_object().cloned())
}

async fn family(
    cx: &mut Cx,
    app: &App,
    parsed: refresh::Parsed,
    door: IssuerKind,
) -> Result<Option<Map<String, Value>>> {
    let (now, issuer) = (cx.now, cx.pool.issuer());
    let mut s = cx.store();
    let Some(family) = refresh_families::get(&mut s, parsed.family).await? else {
        return Ok(None);
    };
    let current = family.n == parsed.n && family.application_id == app.id;
    if !current || family.revoked_at.is_some() || now >= family.idle_at || now >= family.expires_at
    {
        return Ok(None);
    }
    let grant = grants::get(&mut s, family.grant_id).await?;
    let grant = grant.filter(|grant| grant.issuer_kind == door.name());
    let Some(grant) = grant else { return Ok(None) };
    if super::living(cx, grant.id).await?.is_none() {
        return Ok(None);
    }
    let answer = json!({
        "active": true,
        "iss": issuer,
        "sub": grant.user_id,
        "client_id": app.client_id,
        "scope": grant.scope,
        "exp": family.idle_at.seconds(),
        "token_type": "refresh_token",
    });
    Ok(answer.as_object().cloned())
}
