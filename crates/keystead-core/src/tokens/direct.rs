//! Tokens at an API door: a sign-in without pages, from the proof to the tokens.

use super::{Basis, TokenSet, issue};
use crate::applications::App;
use crate::cx::Cx;
use crate::signin::{self, Direct, Input, MethodId, Next};
use keystead_model::{Code, Result};
use std::sync::Arc;

/// Proves a person by one method and issues tokens to the application.
///
/// # Errors
/// The code of the denial, whose trace is settled; `signin.step_required` and `consent.required`
/// when a page would be needed; those of [`issue`].
pub async fn sign_in(
    cx: &mut Cx,
    app: &Arc<App>,
    asked: impl Into<Direct>,
    method: MethodId,
    input: &Input,
) -> Result<TokenSet> {
    let mut flow = signin::begin_direct(app.clone(), asked);
    match signin::prove(cx, &mut flow, method, input, None).await? {
        Next::Done(done) => {
            let session = Some(&done.session);
            let basis = Basis { app, user: &done.user, grant: &done.grant, session };
            issue(cx, &basis).await
        }
        Next::Denied(denial) => Err(denial.error(cx)),
        Next::Ask(methods) if methods == [MethodId::NewPassword] => {
            Err(cx.refuse(Code::PasswordChangeRequired))
        }
        Next::Consent => Err(cx.refuse(Code::ConsentRequired)),
        Next::Ask(_) => Err(cx.refuse(Code::SigninStepRequired)),
    }
}
