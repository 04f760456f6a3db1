//! The answer to the question of rule 14: whether an application of somebody else may have what it
//! asks for.

use super::flow::{Flow, Request};
use super::landing::Landing;
use super::{Next, Unmet, go_on, needs};
use crate::cx::Cx;
use crate::sessions::Current;
use crate::users::User;
use keystead_model::{Code, Event, EventKind, Result, UserId};
use keystead_protocol::oauth::errors::{OAuthError, Refusal};
use keystead_protocol::oauth::scope::Scope;
use serde::{Deserialize, Serialize};

/// What was allowed in a flow, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// Who allowed it.
    pub user: UserId,
    /// What.
    pub scope: Scope,
}

/// Whom a flow is about: who proved themselves in it, else whose session fits.
///
/// # Errors
/// Faults of the store.
pub async fn person(cx: &mut Cx, flow: &Flow, session: Option<&Current>) -> Result<Option<User>> {
    Ok(flow.person(cx, session).await?.map(|view| view.user))
}

/// The person allows what the application asks for, and the flow goes on. `shown` is the id of the
/// person whom the question was put to: whoever has taken their place since is asked anew.
///
/// # Errors
/// Faults of the store.
pub async fn allow(
    cx: &mut Cx,
    flow: &mut Flow,
    shown: &str,
    session: Option<&Current>,
) -> Result<Next> {
    if let Some(user) = answering(cx, flow, shown, session).await? {
        flow.answers.allowed = Some(Allowed { user, scope: flow.scope().clone() });
    }
    go_on(cx, flow, session).await
}

/// The person does not allow it: the flow ends, and this is what the application is told. `None`
/// when the question was not put to them, or is answered already.
///
/// # Errors
/// Faults of the store.
pub async fn refuse(
    cx: &mut Cx,
    flow: &mut Flow,
    shown: &str,
    session: Option<&Current>,
) -> Result<Option<Landing>> {
    let Some(user) = answering(cx, flow, shown, session).await? else { return Ok(None) };
    let Request::Authorization(request) = flow.request.clone() else { return Ok(None) };
    flow.user = Some(user);
    if !flow.close_denied(cx, Code::ConsentDenied).await? {
        cx.rollback().await?;
        return Ok(None);
    }
    let event = Event::refused(EventKind::ConsentRefused, Code::ConsentDenied);
    cx.emit(event.on("user", user, None).through(flow.application.id));
    cx.settle().await?;
    let refusal = Refusal::new(OAuthError::AccessDenied, OAuthError::AccessDenied.text());
    let parameters =
        vec![("error", refusal.code().to_owned()), ("error_description", refusal.description)];
    Ok(Some(Landing::answer(&request, &cx.pool.issuer(), parameters)))
}

/// The person, if the flow waits for their consent and it is them whom the page showed.
async fn answering(
    cx: &mut Cx,
    flow: &Flow,
    shown: &str,
    session: Option<&Current>,
) -> Result<Option<UserId>> {
    if needs(cx, flow, session).await? != Some(Unmet::Consent) {
        return Ok(None);
    }
    let user = person(cx, flow, session).await?.map(|user| user.id);
    Ok(user.filter(|user| user.to_string() == shown))
}
