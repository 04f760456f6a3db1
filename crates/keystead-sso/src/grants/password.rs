//! `password` (RFC 6749, 4.3), for applications that switched it on.

use super::Granting;
use crate::parameters::required;
use keystead_core::Cx;
use keystead_core::applications::App;
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{self, Input, MethodId, Next};
use keystead_core::tokens::{self, Basis};
use keystead_model::{Code, Error, Secret};
use keystead_protocol::oauth::params::Params;
use keystead_protocol::oauth::scope::{Scope, Unknown};
use std::sync::Arc;

pub(super) fn grant<'a>(cx: &'a mut Cx, app: Arc<App>, params: &'a Params) -> Granting<'a> {
    Box::pin(async move {
        if !app.settings.password_grant {
            return Err(Code::GrantTypeDenied.into());
        }
        let input = Input {
            named_by: NamedBy::Account,
            identifier: required(params, "username")?.to_owned(),
            secret: Secret::new(required(params, "password")?),
        };
        let scope = Scope::check(params.get("scope"), &app.settings.extra_scopes, Unknown::Refuse)
            .map_err(|_| Error::new(Code::ScopeInvalid).field("scope"))?;
        let mut flow = signin::begin_direct(app.clone(), scope);
        match signin::prove(cx, &mut flow, MethodId::Password, &input, None).await? {
            Next::Done(done) => {
                let basis = Basis {
                    app: &app,
                    user: &done.user,
                    grant: &done.grant,
                    session: Some(&done.session),
                };
                tokens::issue(cx, &basis).await
            }
            Next::Denied(denial) => Err(denial.error(cx)),
            Next::Ask(_) => Err(cx.refuse(Code::InteractionRequired)),
        }
    })
}
