//! Rule 1: the application is still switched on.

use super::{Facts, Unmet};
use keystead_model::Code;

pub(super) fn check(facts: &Facts<'_>) -> Option<Unmet> {
    (!facts.flow.application.enabled).then_some(Unmet::Denied(Code::ApplicationDisabled))
}
