//! Sends links to set a new password, and sets it through one; also the new password that a flow
//! asks for.

use super::{ForgotPage, ForgotSentPage, NewPasswordFor, NewPasswordPage, PasswordChangedPage};
use crate::csp::Policy;
use crate::flows::{self, Held, Went, kept};
use crate::home::current;
use crate::problem::{Field, Problem, fields};
use crate::rows::{AskForgot, AskNewPassword, FlowPassword, ForgotForm, LinkPassword, ResetLink};
use crate::signin::methods::channels;
use crate::{Href, answer};
use keystead_core::account::password;
use keystead_core::messages::Channel;
use keystead_core::signin::{self, MethodId, Unmet};
use keystead_core::{Cx, account};
use keystead_endpoint::Reply;
use keystead_model::{Error, Kind, Result, Secret};
use keystead_web::origin;

const FORGOT: &str = "/forgot";
const FLOW_STEP: &str = "/new-password";
const LINK_PATH: &str = "/reset-password";

/// Where a link to set a new password is asked for, if mail can leave.
pub(crate) fn link(cx: &Cx, held: &Held) -> Result<Option<Href>> {
    channels(cx).contains(&Channel::Email).then(|| held.href(cx, FORGOT)).transpose()
}

/// Asks for the address that a link goes to.
///
/// # Errors
/// Faults of the store.
pub async fn forgot(cx: &mut Cx, request: AskForgot) -> Result<Reply> {
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let query = cx.request.evidence.parameters.clone();
    let page = ForgotPage {
        action: held.href(cx, FORGOT)?,
        identifier: held.hint(),
        problem: None,
        back: Some(held.href(cx, "")?),
    };
    held.shown(cx, &page, &query)
}

/// Sends the link, if the address has an account; the page is the same if it has none.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn forgot_by_form(cx: &mut Cx, request: ForgotForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let typed = request.identifier.trim();
    let page = ForgotPage {
        action: held.href(cx, FORGOT)?,
        identifier: kept(typed).to_owned(),
        problem: None,
        back: Some(held.href(cx, "")?),
    };
    if typed.is_empty() {
        let problem = Some(Problem::missing(Field::Identifier));
        return Ok(held.shown(cx, &ForgotPage { problem, ..page }, "")?.with_status(400));
    }
    match password::forgot(cx, typed, Some(&held.flow.application)).await {
        Ok(()) => {
            let other = held.href(cx, FORGOT)?;
            let page = ForgotSentPage { sent_to: typed.to_owned(), other, back: page.back };
            held.shown(cx, &page, "")
        }
        Err(error) => {
            let error = flows::refusal(cx, error).await?;
            let problem = Some(Problem::of(&error, fields::ADDRESS));
            held.again(cx, &ForgotPage { problem, ..page }, &error)
        }
    }
}

/// Shows the form behind a link to set a new password. Looking does not use the link up.
///
/// # Errors
/// `link.invalid`.
pub async fn reset(cx: &mut Cx, request: ResetLink) -> Result<Reply> {
    let query = cx.request.evidence.parameters.clone();
    let page = link_form(cx, &request.token).await?;
    answer::page(cx, &page, &Policy::Page, Some(&query))
}

/// Sets the new password, and uses the link up.
///
/// # Errors
/// `link.invalid`, `origin.foreign`, faults of the store.
pub async fn reset_by_form(cx: &mut Cx, request: LinkPassword) -> Result<Reply> {
    origin::require_own(cx)?;
    let LinkPassword { token, password } = request;
    let page = link_form(cx, &token).await?;
    let outcome = match given(password) {
        Ok(password) => account::password::reset_by_link(cx, &token, &password).await,
        Err(problem) => return wrong(cx, page, problem, None),
    };
    match outcome {
        Ok(()) => answer::page(cx, &PasswordChangedPage { sign_in: None }, &Policy::Page, None),
        Err(error) => {
            let error = flows::refusal(cx, error).await?;
            if error.kind() == Kind::Gone {
                return Err(error);
            }
            let problem = Problem::of(&error, fields::PASSWORD);
            wrong(cx, page, problem, Some(&error))
        }
    }
}

/// Shows the form for the new password that a flow asks for.
///
/// # Errors
/// Faults of the store.
pub async fn new_password(cx: &mut Cx, request: AskNewPassword) -> Result<Reply> {
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let query = cx.request.evidence.parameters.clone();
    match signin::needs(cx, &held.flow, None).await? {
        Some(Unmet::Ask(methods)) if methods == [MethodId::NewPassword] => {}
        _ => return held.go(cx, ""),
    }
    let page = forced(held.href(cx, FLOW_STEP)?);
    held.shown(cx, &page, &query)
}

/// Takes the new password, and the flow goes on.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn new_password_by_form(cx: &mut Cx, request: FlowPassword) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let page = forced(held.href(cx, FLOW_STEP)?);
    let password = match given(request.password) {
        Ok(password) => password,
        Err(problem) => {
            let page = NewPasswordPage { problem: Some(problem), ..page };
            return Ok(held.shown(cx, &page, "")?.with_status(400));
        }
    };
    let session = current(cx).await?;
    let next = signin::choose_password(cx, &mut held.flow, &password, session.as_ref()).await;
    match flows::went(cx, &held, next).await? {
        Went::On(reply) => Ok(reply),
        Went::Refused(error) => {
            let problem = Some(Problem::of(&error, fields::PASSWORD));
            held.again(cx, &NewPasswordPage { problem, ..page }, &error)
        }
    }
}

fn forced(action: Href) -> NewPasswordPage {
    NewPasswordPage {
        action,
        why: NewPasswordFor::Forced,
        token: None,
        identifier: None,
        problem: None,
    }
}

async fn link_form(cx: &mut Cx, token: &Secret) -> Result<NewPasswordPage> {
    let address = password::look_at_link(cx, token).await?;
    let email = address.channel == Channel::Email;
    Ok(NewPasswordPage {
        action: answer::own(cx, LINK_PATH)?,
        why: NewPasswordFor::Reset,
        token: Some(token.expose().to_owned()),
        identifier: email.then_some(address.key),
        problem: None,
    })
}

/// The form behind a link with what is wrong. Its language links lead back to the link.
fn wrong(cx: &Cx, page: NewPasswordPage, problem: Problem, error: Option<&Error>) -> Result<Reply> {
    let query = page.token.as_ref().map(|token| format!("token={token}"));
    let page = NewPasswordPage { problem: Some(problem), ..page };
    let reply = answer::page(cx, &page, &Policy::Page, query.as_deref())?;
    Ok(match error {
        Some(error) => answer::refused(reply, error),
        None => reply.with_status(400),
    })
}

/// The password, unless the field is empty.
fn given(password: Option<Secret>) -> std::result::Result<Secret, Problem> {
    let password = password.filter(|password| !password.expose().is_empty());
    password.ok_or_else(|| Problem::missing(Field::Password))
}
