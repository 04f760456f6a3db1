//! `password` (RFC 6749, 4.3), for applications that switched it on.

use super::{Asked, Granting};
use crate::parameters::required;
use keystead_core::Cx;
use keystead_core::applications::App;
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{Direct, Input, MethodId};
use keystead_core::tokens::direct;
use keystead_model::{Code, Error, IssuerKind, Secret};
use keystead_protocol::oauth::scope::{Scope, Unknown};
use std::sync::Arc;

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, asked: Asked<'a>) -> Granting<'a> {
    Box::pin(async move {
        let params = asked.params;
        if !app.settings.password_grant {
            return Err(Code::GrantTypeDenied.into());
        }
        let password = Secret::new(required(params, "password")?);
        let input = Input::new(NamedBy::Account, required(params, "username")?, password);
        let check = match asked.issuer {
            IssuerKind::Oidc => Scope::check,
            IssuerKind::Oauth => Scope::check_plain,
        };
        let scope = check(params.get("scope"), &app.settings.extra_scopes, Unknown::Refuse)
            .map_err(|_| Error::new(Code::ScopeInvalid).field("scope"))?;
        let direct = Direct { scope, issuer: asked.issuer };
        direct::sign_in(cx, &app, direct, MethodId::Password, &input).await
    })
}
