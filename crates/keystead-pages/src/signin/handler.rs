//! The page of a sign-in flow: shows what is missing, takes a proof, goes on.

use super::SignInPage;
use crate::csp::{FormTarget, Policy};
use crate::error::ErrorPage;
use crate::home::{current, signed_in};
use crate::problem::{Field, Problem, fields};
use crate::rows::{SignIn, SignInForm};
use crate::{Page, answer};
use keystead_core::Cx;
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{
    self as domain, Denial, Done, Flow, Input, MethodId, Next, Request, Unmet,
};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Kind, Result, Secret};
use keystead_protocol::oauth::request::Parts;
use keystead_web::{cookies, landing, origin};

/// The longest entry that a page shows again, in characters.
const KEPT_MAX: usize = 512;

/// Shows what the flow needs next. Nothing changes by looking.
///
/// # Errors
/// `signin.expired`, faults of the store.
pub async fn signin(cx: &mut Cx, request: SignIn) -> Result<Reply> {
    let flow = match open(cx, &request.flow).await {
        Ok(flow) => flow,
        Err(error) => return over(cx, error).await,
    };
    match domain::needs(cx, &flow).await? {
        Some(Unmet::Denied(code)) => denied(cx, &flow, &Error::new(code)),
        Some(Unmet::Ask(methods)) if !methods.contains(&MethodId::Password) => {
            denied(cx, &flow, &Error::new(Code::SigninStepRequired))
        }
        Some(Unmet::Ask(_)) | None => {
            let hint = parts(&flow).and_then(|parts| parts.login_hint.clone());
            let query = cx.request.evidence.parameters.clone();
            let page = form(cx, &flow, &request.flow, hint.as_deref().unwrap_or_default())?;
            shown(cx, &flow, &page, &query)
        }
    }
}

/// Takes account and password, and goes on: to the application, or to the form again.
///
/// A refused try is answered with an error status, so that password managers do not offer to
/// keep what did not work.
///
/// # Errors
/// `origin.foreign`, `signin.expired`, faults of the store.
pub async fn signin_by_form(cx: &mut Cx, request: SignInForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut flow = match open(cx, &request.flow).await {
        Ok(flow) => flow,
        Err(error) => return over(cx, error).await,
    };
    let identifier = request.identifier.trim().to_owned();
    let page = form(cx, &flow, &request.flow, &identifier)?;
    let password = match entered(&identifier, request.password) {
        Ok(password) => password,
        Err(problem) => {
            let page = SignInPage { problem: Some(problem), ..page };
            return Ok(shown(cx, &flow, &page, "")?.with_status(400));
        }
    };
    let session = current(cx).await?;
    let input = Input::new(NamedBy::Account, identifier, password);
    let next = domain::prove(cx, &mut flow, MethodId::Password, &input, session.as_ref()).await;
    match next {
        Ok(Next::Done(done)) => landed(cx, &request.flow, *done),
        Ok(Next::Denied(denial)) => refused(cx, &flow, page, denial).await,
        Ok(Next::Ask(_)) => again(cx, &flow, page, &Error::new(Code::SigninStepRequired)),
        Err(error) => {
            cx.rollback().await?;
            if error.kind() == Kind::Internal {
                return Err(error);
            }
            again(cx, &flow, page, &error)
        }
    }
}

/// The text, unless it is longer than anything a person enters.
pub(crate) fn kept(entry: &str) -> &str {
    if entry.chars().nth(KEPT_MAX).is_some() { "" } else { entry }
}

/// The flow that this browser holds the secret of.
async fn open(cx: &mut Cx, id: &str) -> Result<Flow> {
    let cookie = cx.request.evidence.cookie(&cookies::flow(id)).map(str::to_owned);
    let secret = cookie.ok_or_else(|| Error::new(Code::SigninExpired))?;
    domain::load(cx, id, &secret).await
}

/// A flow that is over: whoever is signed in already is told so.
async fn over(cx: &mut Cx, error: Error) -> Result<Reply> {
    if error.code() != Code::SigninExpired {
        return Err(error);
    }
    match current(cx).await? {
        Some(current) => signed_in(cx, &current, ""),
        None => {
            let page = ErrorPage::new(&error, &cx.request.request_id);
            answer::error(cx, &error, &page, Some(""))
        }
    }
}

/// The password, or which field is empty: no try is counted for that.
fn entered(identifier: &str, password: Option<Secret>) -> std::result::Result<Secret, Problem> {
    if identifier.is_empty() {
        return Err(Problem::missing(Field::Identifier));
    }
    let password = password.filter(|password| !password.expose().is_empty());
    password.ok_or_else(|| Problem::missing(Field::Password))
}

fn form(cx: &Cx, flow: &Flow, id: &str, identifier: &str) -> Result<SignInPage> {
    let brand = answer::brand(cx);
    let name = Some(flow.application.name.clone()).filter(|name| name != brand.name());
    Ok(SignInPage {
        application: name,
        identifier: kept(identifier).to_owned(),
        ..SignInPage::new(answer::own(cx, &format!("/signin/{id}"))?)
    })
}

/// The finished flow's answer to the application, and the browser's new session.
fn landed(cx: &Cx, id: &str, done: Done) -> Result<Reply> {
    let landing = done.landing.ok_or_else(|| Error::new(Code::Internal))?;
    let mut reply = landing::render(cx, &landing)?;
    if reply.header("cache-control").is_none() {
        reply = reply.with_header("cache-control", "no-store");
    }
    if let Some(cookie) = done.cookie {
        reply = reply.with_header("set-cookie", cookies::set(&cookies::session(cx), &cookie));
    }
    Ok(reply.with_header("set-cookie", cookies::remove(&cookies::flow(id))))
}

/// A refusal: the form again while another try makes sense, else the page that says why not.
async fn refused(cx: &mut Cx, flow: &Flow, page: SignInPage, denial: Denial) -> Result<Reply> {
    let error = denial.error(cx);
    match error.code() {
        Code::SigninExpired => over(cx, error).await,
        _ if denial.is_final => denied(cx, flow, &error),
        _ => again(cx, flow, page, &error),
    }
}

/// The form with what went wrong; the password is gone.
fn again(cx: &Cx, flow: &Flow, page: SignInPage, error: &Error) -> Result<Reply> {
    let page = SignInPage { problem: Some(Problem::of(error, fields::SIGNIN)), ..page };
    let reply = answer::refused(shown(cx, flow, &page, "")?, error);
    // Which of account and password was wrong is for the pool's settings to tell, not for us.
    let denied = matches!(error.kind(), Kind::NotFound | Kind::Invalid);
    Ok(if denied { reply.with_status(403) } else { reply })
}

fn denied(cx: &Cx, flow: &Flow, error: &Error) -> Result<Reply> {
    let mut page = ErrorPage::new(error, &cx.request.request_id);
    page.application = Some(flow.application.name.clone());
    answer::error(cx, error, &page, Some(""))
}

fn shown<P: Page>(cx: &Cx, flow: &Flow, page: &P, query: &str) -> Result<Reply> {
    let target = parts(flow).and_then(|parts| FormTarget::of(parts.redirect.as_str()));
    answer::page(cx, page, &Policy::Flow(target.into_iter().collect()), Some(query))
}

fn parts(flow: &Flow) -> Option<&Parts> {
    match &flow.request {
        Request::Authorization(request) => Some(request.parts()),
        Request::Direct(_) => None,
    }
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

    #[test]
    fn long_entries_are_not_repeated() {
        assert_eq!(kept("mina"), "mina");
        assert_eq!(kept(&"长".repeat(KEPT_MAX)).chars().count(), KEPT_MAX);
        assert_eq!(kept(&"x".repeat(KEPT_MAX + 1)), "");
    }
}
