//! Revocation (RFC 7009).

use crate::parameters::{client, read, required};
use crate::rows::Protocol;
use keystead_core::clients::Door;
use keystead_core::{Cx, tokens};
use keystead_endpoint::Reply;
use keystead_model::Result;

/// Gives a token back. The answer is the same whether it was known or not.
///
/// # Errors
/// `client.invalid`, a missing parameter.
pub async fn revocation<R: Protocol>(cx: &mut Cx, _: R) -> Result<Reply> {
    let params = read(cx)?;
    let app = client(cx, &params, Door::Revocation).await?;
    let token = required(&params, "token")?;
    tokens::revoke::revoke(cx, &app, token).await?;
    Ok(Reply::empty(200).with_header("cache-control", "no-store"))
}
