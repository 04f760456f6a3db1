//! The ordered rules of a flow: the first unmet one decides (`signin.md` 2.1). One file per rule,
//! each a pure function of the facts.

mod activated;
mod consent;
mod password;
mod person;
mod request;

use super::flow::Flow;
use super::method::MethodId;
use crate::sessions::Current;
use crate::users::UserView;
use keystead_model::{Code, Millis};
use keystead_protocol::oauth::scope::Scope;

/// What the rules look at.
pub struct Facts<'a> {
    /// The time.
    pub now: Millis,
    /// The flow.
    pub flow: &'a Flow,
    /// The browser's live session.
    pub session: Option<&'a Current>,
    /// What the person allowed the application before; none for an application of the pool's own.
    pub consented: Option<&'a Scope>,
    /// The person, if a proof or a fitting session says who it is.
    pub user: Option<&'a UserView>,
}

/// An unmet rule's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// One of these methods meets it.
    Ask(Vec<MethodId>),
    /// The person's consent to what the application asks for meets it.
    Consent,
    /// Nothing does.
    Denied(Code),
}

type Rule = fn(&Facts<'_>) -> Option<Unmet>;

/// The rules in their order. Second factors and agreements join in later.
const RULES: &[Rule] =
    &[request::check, person::check, activated::check, password::check, consent::check];

/// The first unmet rule's answer; `None` when all are met.
#[must_use]
pub fn first_unmet(facts: &Facts<'_>) -> Option<Unmet> {
    RULES.iter().find_map(|rule| rule(facts))
}

pub use person::session_fits;

#[cfg(test)]
mod tests;
