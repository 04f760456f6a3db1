//! What every page of a flow does: opens it, is shown under its policy, goes on or says why not.

use crate::csp::{FormTarget, Policy};
use crate::error::ErrorPage;
use crate::home::{current, signed_in};
use crate::{Href, Page, answer, consent, preference};
use keystead_core::Cx;
use keystead_core::signin::{self as domain, Done, Flow, Landing, MethodId, Next, Request, Unmet};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Kind, Result};
use keystead_protocol::oauth::request::Parts;
use keystead_web::{cookies, landing};

/// The longest entry that a page shows again, in characters.
const KEPT_MAX: usize = 512;

/// An open flow that this browser holds the secret of.
pub(crate) struct Held {
    /// The flow.
    pub(crate) flow: Flow,
    id: String,
}

/// How a step of a flow ended.
pub(crate) enum Went {
    /// Somewhere else.
    On(Reply),
    /// Here: the form is shown again.
    Refused(Error),
}

/// The flow of this id; the other answer is the page for a flow that is over.
pub(crate) async fn open(cx: &mut Cx, id: &str) -> Result<std::result::Result<Held, Reply>> {
    // Messages of this flow are written in the language of its pages.
    cx.request.locale = preference::of_pool(cx);
    let cookie = cx.request.evidence.cookie(&cookies::flow(id)).map(str::to_owned);
    let flow = match cookie {
        Some(secret) => domain::load(cx, id, &secret).await,
        None => Err(Code::SigninExpired.into()),
    };
    match flow {
        Ok(flow) => Ok(Ok(Held { flow, id: id.to_owned() })),
        Err(error) => over(cx, error).await.map(Err),
    }
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

/// Where a step led: to the application, to the flow's next page, to the page that says why not,
/// or back to the form.
pub(crate) async fn went(cx: &mut Cx, held: &Held, next: Result<Next>) -> Result<Went> {
    match next {
        Ok(Next::Done(done)) => landed(cx, held, *done).map(Went::On),
        Ok(Next::Ask(methods)) => held.ask(cx, &methods).map(Went::On),
        Ok(Next::Consent) => held.go(cx, consent::handler::STEP).map(Went::On),
        Ok(Next::Denied(denial)) => {
            let error = denial.error(cx);
            match error.code() {
                Code::SigninExpired => over(cx, error).await.map(Went::On),
                _ if denial.is_final => held.denied(cx, &error).map(Went::On),
                _ => Ok(Went::Refused(error)),
            }
        }
        Err(error) => refusal(cx, error).await.map(Went::Refused),
    }
}

/// An error that a form may show, with nothing left open; a fault of ours stays an `Err`.
pub(crate) async fn refusal(cx: &mut Cx, error: Error) -> Result<Error> {
    cx.rollback().await?;
    if error.kind() == Kind::Internal { Err(error) } else { Ok(error) }
}

impl Held {
    /// The address of a page of this flow: `""` or `/step`.
    pub(crate) fn href(&self, cx: &Cx, step: &str) -> Result<Href> {
        answer::own(cx, &format!("/signin/{}{step}", self.id))
    }

    /// Sends the browser to a page of this flow.
    pub(crate) fn go(&self, cx: &Cx, step: &str) -> Result<Reply> {
        let page = self.href(cx, step)?;
        Ok(Reply::see_other(page.as_str()).with_header("cache-control", "no-store"))
    }

    /// Shows a page of this flow; `query` is what its language links repeat.
    pub(crate) fn shown<P: Page>(&self, cx: &Cx, page: &P, query: &str) -> Result<Reply> {
        let target = self.parts().and_then(|parts| FormTarget::of(parts.redirect.as_str()));
        answer::page(cx, page, &Policy::Flow(target.into_iter().collect()), Some(query))
    }

    /// A form with what went wrong, under an error status: so password managers do not offer to
    /// keep what did not work.
    pub(crate) fn again<P: Page>(&self, cx: &Cx, page: &P, error: &Error) -> Result<Reply> {
        let query = cx.request.evidence.query.clone();
        Ok(answer::refused(self.shown(cx, page, &query)?, error))
    }

    /// The page that says why the flow ends here.
    pub(crate) fn denied(&self, cx: &Cx, error: &Error) -> Result<Reply> {
        let mut page = ErrorPage::new(error, &cx.request.request_id);
        page.application = Some(self.flow.application.name.clone());
        answer::error(cx, error, &page, Some(""))
    }

    /// What this flow waits for besides its first factor, or why it is refused, as an answer;
    /// none while it waits for the first factor.
    pub(crate) async fn elsewhere(&self, cx: &mut Cx) -> Result<Option<Reply>> {
        let session = current(cx).await?;
        match domain::needs(cx, &self.flow, session.as_ref()).await? {
            Some(Unmet::Consent) => self.go(cx, consent::handler::STEP).map(Some),
            Some(Unmet::Denied(code)) => self.denied(cx, &Error::new(code)).map(Some),
            Some(Unmet::Ask(methods)) if methods.contains(&MethodId::NewPassword) => {
                self.ask(cx, &methods).map(Some)
            }
            Some(Unmet::Ask(_)) | None => Ok(None),
        }
    }

    fn ask(&self, cx: &Cx, methods: &[MethodId]) -> Result<Reply> {
        match methods {
            [MethodId::NewPassword] => self.go(cx, "/new-password"),
            _ => self.go(cx, ""),
        }
    }

    /// Takes the flow's answer to the application; the browser forgets the flow.
    pub(crate) fn leave(&self, cx: &Cx, landing: &Landing) -> Result<Reply> {
        let mut reply = landing::render(cx, landing)?;
        if reply.header("cache-control").is_none() {
            reply = reply.with_header("cache-control", "no-store");
        }
        Ok(reply.with_header("set-cookie", cookies::remove(&cookies::flow(&self.id))))
    }

    /// Where the flow's answer goes.
    pub(crate) fn redirect(&self) -> Option<&str> {
        self.parts().map(|parts| parts.redirect.as_str())
    }

    /// The application's name, where it differs from the pool's.
    pub(crate) fn application(&self, cx: &Cx) -> Option<String> {
        let name = &self.flow.application.name;
        (name != answer::brand(cx).name()).then(|| name.clone())
    }

    /// Whom the application expects.
    pub(crate) fn hint(&self) -> String {
        let hint = self.parts().and_then(|parts| parts.login_hint.as_deref());
        kept(hint.unwrap_or_default()).to_owned()
    }

    fn parts(&self) -> Option<&Parts> {
        match &self.flow.request {
            Request::Authorization(request) => Some(request.parts()),
            Request::Direct(_) => None,
        }
    }
}

/// The finished flow's answer to the application, and the browser's new session.
fn landed(cx: &Cx, held: &Held, done: Done) -> Result<Reply> {
    let landing = done.landing.ok_or_else(|| Error::new(Code::Internal))?;
    let reply = held.leave(cx, &landing)?;
    Ok(match done.cookie {
        Some(cookie) => {
            reply.with_header("set-cookie", cookies::set(&cookies::session(cx), &cookie))
        }
        None => reply,
    })
}

/// The text, unless it is longer than anything a person enters.
pub(crate) fn kept(entry: &str) -> &str {
    if entry.chars().nth(KEPT_MAX).is_some() { "" } else { entry }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_entries_are_not_repeated() {
        assert_eq!(kept("mina"), "mina");
        assert_eq!(kept(&"长".repeat(KEPT_MAX)).chars().count(), KEPT_MAX);
        assert_eq!(kept(&"x".repeat(KEPT_MAX + 1)), "");
    }
}
