//! `refresh_token` (RFC 6749, 6).

use super::{Asked, Granting};
use crate::parameters::required;
use keystead_core::Cx;
use keystead_core::applications::App;
use keystead_core::tokens::refresh::{self, Offer};
use std::sync::Arc;

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, asked: Asked<'a>) -> Granting<'a> {
    Box::pin(async move {
        let offer = Offer {
            token: required(asked.params, "refresh_token")?,
            scope: asked.params.get("scope"),
            issuer: asked.issuer,
        };
        refresh::refresh(cx, &app, offer).await
    })
}
