//! Rule 3: a person is known, by a proof of this flow or a session that fits the request.

use super::super::flow::{Flow, Request};
use super::{Facts, Unmet};
use crate::sessions::Current;
use keystead_model::{Code, Millis};
use keystead_protocol::oauth::response::PromptValue;

pub(super) fn check(facts: &Facts<'_>) -> Option<Unmet> {
    let proved = facts.flow.proofs.iter().any(|proof| !proof.amr.is_empty());
    if proved && facts.user.is_some() {
        return None;
    }
    if facts.session.is_some_and(|session| session_fits(facts.flow, session, facts.now)) {
        return None;
    }
    Some(match &facts.flow.request {
        Request::Authorization(request) if request.parts().prompt.has(PromptValue::None) => {
            Unmet::Denied(Code::LoginRequired)
        }
        _ => Unmet::Ask(facts.flow.methods()),
    })
}

/// Whether a browser's session answers the flow's request without asking anybody.
#[must_use]
pub fn session_fits(flow: &Flow, current: &Current, now: Millis) -> bool {
    let Request::Authorization(request) = &flow.request else { return false };
    let parts = request.parts();
    let prompt = &parts.prompt;
    let young = parts.max_age.is_none_or(|max| {
        now.since(current.session.auth_at) <= i64::from(max).saturating_mul(1_000)
    });
    let hinted = flow.hinted_user.is_none_or(|user| user == current.user.id);
    // `max_age=0` asks for a fresh proof, as `prompt=login` does (OpenID Connect Core, 3.1.2.1).
    let fresh = parts.max_age != Some(0);
    let named = parts.login_hint.as_deref().is_none_or(|hint| is_named(current, hint));
    !prompt.has(PromptValue::Login)
        && !prompt.has(PromptValue::SelectAccount)
        && young
        && fresh
        && hinted
        && named
}

fn is_named(current: &Current, hint: &str) -> bool {
    let user = &current.user;
    [&user.email, &user.username, &user.phone]
        .into_iter()
        .flatten()
        .any(|name| name.eq_ignore_ascii_case(hint))
}
