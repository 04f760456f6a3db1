//! Introspection (RFC 7662).

use crate::parameters::{client, read, required};
use crate::rows::Protocol;
use keystead_core::clients::Door;
use keystead_core::{Cx, tokens};
use keystead_endpoint::Reply;
use keystead_model::Result;
use serde_json::json;

/// Says what a token is; `{"active":false}` for everything its caller may not know.
///
/// # Errors
/// `client.invalid`, a missing parameter.
pub async fn introspection<R: Protocol>(cx: &mut Cx, _: R) -> Result<Reply> {
    let params = read(cx)?;
    let app = client(cx, &params, Door::Introspection).await?;
    let token = required(&params, "token")?;
    let answer = tokens::introspect::introspect(cx, &app, token, R::ISSUER).await?;
    let reply = match answer {
        Some(answer) => Reply::json(&answer),
        None => Reply::json(&json!({ "active": false })),
    };
    Ok(reply.with_header("cache-control", "no-store"))
}
