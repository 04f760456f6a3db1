//! Rule 6: the user is activated and not over.

use super::{Facts, Unmet};
use crate::users::is_active;
use keystead_model::Code;

pub(super) fn check(facts: &Facts<'_>) -> Option<Unmet> {
    let user = facts.user?;
    (!is_active(&user.user, facts.now)).then_some(Unmet::Denied(Code::UserBlocked))
}
