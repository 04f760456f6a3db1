//! The first page of a sign-in flow, and the one that takes a password.

use super::SignInPage;
use super::code::handler as codes;
use super::methods::{links, offered};
use crate::captcha::{self, On};
use crate::flows::{self, Held, Went, kept};
use crate::home::current;
use crate::problem::{Field, Problem, fields};
use crate::rows::{AskPassword, SignIn, SignInForm};
use crate::{reset, signup, unlock};
use keystead_core::Cx;
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{self as domain, Input, MethodId};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Kind, Result, Secret};
use keystead_web::origin;

/// Shows what the flow needs next: the first way to sign in that is offered. Nothing changes by
/// looking.
///
/// # Errors
/// Faults of the store.
pub async fn signin(cx: &mut Cx, request: SignIn) -> Result<Reply> {
    show(cx, &request.flow, None).await
}

/// Shows the form for account and password.
///
/// # Errors
/// Faults of the store.
pub async fn password(cx: &mut Cx, request: AskPassword) -> Result<Reply> {
    show(cx, &request.flow, Some(MethodId::Password)).await
}

/// Shows the form of this way to sign in, else of the first that is offered.
pub(crate) async fn show(cx: &mut Cx, flow: &str, wanted: Option<MethodId>) -> Result<Reply> {
    let held = match flows::open(cx, flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    if let Some(elsewhere) = held.elsewhere(cx).await? {
        return Ok(elsewhere);
    }
    let query = cx.request.evidence.parameters.clone();
    let methods = offered(cx, &held.flow);
    let method = wanted.filter(|wanted| methods.contains(wanted)).or(methods.first().copied());
    match method {
        Some(MethodId::Password) => {
            let page = form(cx, &held, &held.hint())?;
            let captcha = captcha::owed(cx, &held, On::Password).await?;
            held.shown(cx, &SignInPage { captcha, ..page }, &query)
        }
        Some(method) => held.shown(cx, &codes::form(cx, &held, method, &held.hint())?, &query),
        None => held.denied(cx, &Error::new(Code::SigninStepRequired)),
    }
}

/// Takes account and password, and goes on: to the application, or to the form again.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn signin_by_form(cx: &mut Cx, request: SignInForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let identifier = request.identifier.trim().to_owned();
    let page = form(cx, &held, &identifier)?;
    let password = match entered(&identifier, request.password) {
        Ok(password) => password,
        Err(problem) => {
            let captcha = captcha::owed(cx, &held, On::Password).await?;
            let page = SignInPage { problem: Some(problem), captcha, ..page };
            return Ok(held.shown(cx, &page, "")?.with_status(400));
        }
    };
    let session = current(cx).await?;
    let captcha = captcha::answered(&request.captcha_token, &request.captcha);
    let input = Input { captcha, ..Input::new(NamedBy::Account, identifier, password) };
    let (method, session) = (MethodId::Password, session.as_ref());
    let next = domain::prove(cx, &mut held.flow, method, &input, session).await;
    match flows::went(cx, &held, next).await? {
        Went::On(reply) => Ok(reply),
        Went::Refused(error) => again(cx, &held, page, &error).await,
    }
}

/// The form with what went wrong; the password is gone.
async fn again(cx: &mut Cx, held: &Held, page: SignInPage, error: &Error) -> Result<Reply> {
    let locked = error.code() == Code::Locked;
    let unlock = if locked { unlock::handler::link(cx, held)? } else { None };
    let captcha = captcha::after(cx, held, On::Password, error).await?;
    let problem = Some(Problem::of(error, fields::SIGNIN));
    let page = SignInPage { problem, unlock, captcha, ..page };
    let reply = held.again(cx, &page, error)?;
    // Which of account and password was wrong is for the pool's settings to tell, not for us.
    let denied = matches!(error.kind(), Kind::NotFound | Kind::Invalid);
    Ok(if denied { reply.with_status(403) } else { reply })
}

/// The password, or which field is empty: no try is counted for that.
fn entered(identifier: &str, password: Option<Secret>) -> std::result::Result<Secret, Problem> {
    if identifier.is_empty() {
        return Err(Problem::missing(Field::Identifier));
    }
    let password = password.filter(|password| !password.expose().is_empty());
    password.ok_or_else(|| Problem::missing(Field::Password))
}

pub(super) fn form(cx: &Cx, held: &Held, identifier: &str) -> Result<SignInPage> {
    Ok(SignInPage {
        application: held.application(cx),
        identifier: kept(identifier).to_owned(),
        methods: links(cx, held, MethodId::Password)?,
        forgot: reset::handler::link(cx, held)?,
        sign_up: signup::handler::link(cx, held)?,
        unlocked: cx
            .request
            .evidence
            .query
            .split('&')
            .any(|pair| pair == unlock::handler::UNLOCKED),
        ..SignInPage::new(held.href(cx, "")?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_are_said_before_a_try_is_counted() {
        let password = || Some(Secret::new("x"));
        let missing = [
            ("", password(), Problem::missing(Field::Identifier)),
            ("", None, Problem::missing(Field::Identifier)),
            ("mina", None, Problem::missing(Field::Password)),
            ("mina", Some(Secret::new("")), Problem::missing(Field::Password)),
        ];
        for (identifier, password, want) in missing {
            assert_eq!(entered(identifier, password).unwrap_err(), want);
        }
        assert_eq!(entered("mina", password()).unwrap().expose(), "x");
    }
}
