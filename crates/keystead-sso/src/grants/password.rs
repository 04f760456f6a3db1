//! `password` (RFC 6749, 4.3), for applications that switched it on.

use super::Granting;
use crate::parameters::required;
use keystead_core::Cx;
use keystead_core::applications::App;
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{Input, MethodId};
use keystead_core::tokens::direct;
use keystead_model::{Code, Error, Secret};
use keystead_protocol::oauth::params::Params;
use keystead_protocol::oauth::scope::{Scope, Unknown};
use std::sync::Arc;

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, params: &'a Params) -> Granting<'a> {
    Box::pin(async move {
        if !app.settings.password_grant {
            return Err(Code::GrantTypeDenied.into());
        }
        let password = Secret::new(required(params, "password")?);
        let input = Input::new(NamedBy::Account, required(params, "username")?, password);
        let scope = Scope::check(params.get("scope"), &app.settings.extra_scopes, Unknown::Refuse)
            .map_err(|_| Error::new(Code::ScopeInvalid).field("scope"))?;
        direct::sign_in(cx, &app, scope, MethodId::Password, &input).await
    })
}
