//! Rule 10: the password that was used is not due for change.

use super::super::method::MethodId;
use super::{Facts, Unmet};

pub(super) fn check(facts: &Facts<'_>) -> Option<Unmet> {
    let used = facts.flow.proofs.iter().any(|proof| proof.method == MethodId::Password);
    let due = facts.user?.security.reset.is_some();
    (used && due).then_some(Unmet::Ask(vec![MethodId::NewPassword]))
}
