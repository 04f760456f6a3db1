//! `refresh_token` (RFC 6749, 6).

use super::Granting;
use crate::parameters::required;
use keystead_core::applications::App;
use keystead_core::{Cx, tokens};
use keystead_protocol::oauth::params::Params;
use std::sync::Arc;

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, params: &'a Params) -> Granting<'a> {
    Box::pin(async move {
        let token = required(params, "refresh_token")?;
        tokens::refresh::refresh(cx, &app, token, params.get("scope")).await
    })
}
