//! The token endpoint: the client, then the grant's own file.

use crate::grants::{self, Asked};
use crate::parameters::{client, read, required};
use crate::rows::Protocol;
use keystead_core::Cx;
use keystead_core::clients::Door;
use keystead_core::tokens::TokenSet;
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result};
use serde_json::{Map, Value, json};

/// Trades a grant for tokens.
///
/// # Errors
/// Those of RFC 6749, 5.2.
pub async fn token<R: Protocol>(cx: &mut Cx, _: R) -> Result<Reply> {
    let params = read(cx)?;
    let grant_type = required(&params, "grant_type")?;
    let grant = grants::find(grant_type)
        .ok_or_else(|| Error::new(Code::GrantTypeUnknown).field("grant_type"))?;
    if let Some(tokens) = grants::client::by_access_key(cx, &params).await? {
        return Ok(answer(&tokens));
    }
    let user_address = cx.request.evidence.forwarded_for.clone();
    cx.request.claim(user_address.as_deref());
    let app = client(cx, &params, Door::Token).await?;
    // Resource indicators (RFC 8707) are not served: a token for less than was asked is no answer.
    if params.get("resource").or_else(|| params.get("audience")).is_some() {
        return Err(Error::new(Code::TargetInvalid).field("resource"));
    }
    let asked = Asked { params: &params, issuer: R::ISSUER };
    let tokens = grant(cx, app, asked).await?;
    Ok(answer(&tokens))
}

fn answer(tokens: &TokenSet) -> Reply {
    Reply::json(&body(tokens))
        .with_header("cache-control", "no-store")
        .with_header("pragma", "no-cache")
}

/// The body of a successful answer (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3).
fn body(tokens: &TokenSet) -> Value {
    let mut body = Map::new();
    body.insert("access_token".into(), json!(tokens.access_token.expose()));
    body.insert("token_type".into(), json!("Bearer"));
    body.insert("expires_in".into(), json!(tokens.expires_in));
    body.insert("scope".into(), json!(tokens.scope));
    for (name, token) in [("id_token", &tokens.id_token), ("refresh_token", &tokens.refresh_token)]
    {
        if let Some(token) = token {
            body.insert(name.into(), json!(token.expose()));
        }
    }
    Value::Object(body)
}
