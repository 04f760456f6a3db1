//! `client_credentials` (RFC 6749, 4.4).

use super::{Asked, Granting};
use keystead_core::Cx;
use keystead_core::applications::{self, App};
use keystead_core::tokens::{self, TokenSet};
use keystead_model::{Result, Secret};
use keystead_protocol::oauth::params::Params;
use std::sync::Arc;

/// The grant's name.
pub const NAME: &str = "client_credentials";

/// An access key may stand in for a client: one SDK sends it as client id and secret (V3 contract,
/// section 3). `None` when the request names no access key.
///
/// # Errors
/// Those of [`tokens::client::issue_to_key`].
pub async fn by_access_key(cx: &mut Cx, params: &Params) -> Result<Option<TokenSet>> {
    let pair = params.get("client_id").zip(params.get("client_secret"));
    let Some((id, secret)) = pair.filter(|_| params.get("grant_type") == Some(NAME)) else {
        return Ok(None);
    };
    if applications::by_client_id(cx, id).await?.is_some() {
        return Ok(None);
    }
    tokens::client::issue_to_key(cx, id, &Secret::new(secret), params.get("scope")).await
}

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, asked: Asked<'a>) -> Granting<'a> {
    Box::pin(async move { tokens::client::issue(cx, &app, asked.params.get("scope")) })
}
