//! `client_credentials` (RFC 6749, 4.4).

use super::Granting;
use keystead_core::applications::App;
use keystead_core::{Cx, tokens};
use keystead_protocol::oauth::params::Params;
use std::sync::Arc;

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, params: &'a Params) -> Granting<'a> {
    Box::pin(async move { tokens::client::issue(cx, &app, params.get("scope")) })
}
