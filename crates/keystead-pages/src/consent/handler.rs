//! The question whether an application of somebody else may have what it asks for, and its answer.

use super::{ANSWER_ALLOW, ANSWER_DENY, ConsentPage, ScopeLine};
use crate::answer;
use crate::flows::{self, Held, Went};
use crate::home::current;
use crate::rows::{AskConsent, ConsentForm};
use keystead_core::Cx;
use keystead_core::sessions::Current;
use keystead_core::signin::{self, Unmet, consent as domain};
use keystead_endpoint::Reply;
use keystead_model::Result;
use keystead_web::origin;
use url::Url;

/// The page of a flow that asks for consent.
pub(crate) const STEP: &str = "/consent";

/// Asks whether the application may have what it asked for. Nothing changes by looking.
///
/// # Errors
/// Faults of the store.
pub async fn consent(cx: &mut Cx, request: AskConsent) -> Result<Reply> {
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let session = current(cx).await?;
    // Allowed meanwhile in another window: this one may be answered all the same.
    match signin::needs(cx, &held.flow, session.as_ref()).await? {
        Some(Unmet::Consent) | None => {}
        Some(_) => return held.go(cx, ""),
    }
    let query = cx.request.evidence.parameters.clone();
    match form(cx, &held, session.as_ref()).await? {
        Some(page) => held.shown(cx, &page, &query),
        None => held.go(cx, ""),
    }
}

/// Takes the answer, and goes on: to the application, either way.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn consent_by_form(cx: &mut Cx, request: ConsentForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let session = current(cx).await?;
    let (shown, session) = (request.person.as_str(), session.as_ref());
    match request.answer.as_str() {
        ANSWER_ALLOW => {
            let next = domain::allow(cx, &mut held.flow, shown, session).await;
            match flows::went(cx, &held, next).await? {
                Went::On(reply) => Ok(reply),
                Went::Refused(error) => held.denied(cx, &error),
            }
        }
        ANSWER_DENY => match domain::refuse(cx, &mut held.flow, shown, session).await? {
            Some(landing) => held.leave(cx, &landing),
            None => held.go(cx, STEP),
        },
        _ => held.go(cx, STEP),
    }
}

async fn form(cx: &mut Cx, held: &Held, session: Option<&Current>) -> Result<Option<ConsentPage>> {
    let Some(user) = domain::person(cx, &held.flow, session).await? else { return Ok(None) };
    let redirect = held.redirect().and_then(|address| Url::parse(address).ok());
    Ok(Some(ConsentPage {
        action: held.href(cx, STEP)?,
        application: held.flow.application.name.clone(),
        host: redirect.and_then(|url| url.host_str().map(str::to_owned)),
        person: answer::person(&user),
        person_id: user.id.to_string(),
        other_account: None,
        scopes: held.flow.scope().iter().map(ScopeLine::of).collect(),
        privacy: None,
    }))
}
