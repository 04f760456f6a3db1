//! `authorization_code` (RFC 6749, 4.1.3; RFC 7636, 4.5).

use super::{Asked, Granting};
use crate::parameters::required;
use keystead_core::applications::App;
use keystead_core::codes::Redemption;
use keystead_core::{Cx, tokens};
use std::sync::Arc;

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, asked: Asked<'a>) -> Granting<'a> {
    Box::pin(async move {
        let params = asked.params;
        let redemption = Redemption {
            issuer: asked.issuer,
            code: required(params, "code")?,
            redirect_uri: params.get("redirect_uri"),
            verifier: params.get("code_verifier"),
        };
        tokens::redeem_code(cx, &app, &redemption).await
    })
}
