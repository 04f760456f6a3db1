//! Rule 14: the person allowed what the application asks for. The pool's own applications are not
//! asked about, whatever `prompt` says: both Authing SDKs add it by themselves.

use super::super::flow::Request;
use super::{Facts, Unmet};
use keystead_model::Code;
use keystead_protocol::oauth::response::PromptValue;

pub(super) fn check(facts: &Facts<'_>) -> Option<Unmet> {
    let flow = facts.flow;
    if flow.application.is_first_party {
        return None;
    }
    let user = facts.user?.user.id;
    let asked = flow.scope();
    let allowed = flow.answers.allowed.as_ref().filter(|allowed| allowed.user == user);
    if allowed.is_some_and(|allowed| asked.subset_of(&allowed.scope)) {
        return None;
    }
    let prompted = |value| match &flow.request {
        Request::Authorization(request) => request.parts().prompt.has(value),
        Request::Direct(_) => false,
    };
    let held = facts.consented.is_some_and(|held| asked.subset_of(held));
    if held && !prompted(PromptValue::Consent) {
        return None;
    }
    Some(if prompted(PromptValue::None) {
        Unmet::Denied(Code::ConsentRequired)
    } else {
        Unmet::Consent
    })
}
