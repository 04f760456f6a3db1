//! Roles: create, get, list, update, delete; assign and revoke; who has which.

mod assign;
mod exclusions;
mod members;
mod read;
mod write;

pub use assign::{Dates, assign, revoke};
pub use exclusions::{RoleName, exclusive};
pub use members::{
    AssignmentFilter, AssignmentView, assignments, authorized_resources, departments, members,
};
pub(crate) use read::find;
pub use read::{Check, check, get, has_any, list, of_user};
pub use write::{NewRole, RolePatch, create, create_all, delete, update};

use crate::namespaces::Namespace;
use keystead_model::{Code, Error, Millis, Result};
use keystead_store::roles as rows;

pub use rows::Role;

/// A role with its namespace, as answers show it.
#[derive(Clone, Debug)]
pub struct RoleView {
    /// The role.
    pub role: Role,
    /// Code of its namespace.
    pub namespace: String,
    /// Name of its namespace; the code where it has none.
    pub namespace_name: String,
}

impl RoleView {
    fn new(role: Role, namespace: &Namespace) -> Self {
        let code = namespace.code.clone();
        let name = namespace.name.clone().unwrap_or_else(|| code.clone());
        Self { role, namespace: code, namespace_name: name }
    }
}

/// Whether a role counts now.
#[must_use]
pub fn is_enabled(role: &Role, now: Millis) -> bool {
    role.status == "enabled" && role.disable_at.is_none_or(|at| now < at)
}

/// Characters of a role's code.
const CODE_MAX: usize = 64;
/// Characters of a role's name.
const NAME_MAX: usize = 255;
/// Characters of a role's description.
const DESCRIPTION_MAX: usize = 1_024;
/// Rows of one call.
const BATCH_MAX: usize = 500;

/// Checks a code that is looked up; whatever may not be one is nobody's.
fn check_lookup(code: &str, field: &str) -> Result<()> {
    if code.is_empty() || code.chars().count() > CODE_MAX {
        return Err(Error::new(Code::FieldInvalid)
            .field(field.to_owned())
            .arg("expected", format!("1..{CODE_MAX}")));
    }
    Ok(())
}

/// Checks the length of a list; `field` names it.
fn check_batch(len: usize, field: &str) -> Result<()> {
    if (1..=BATCH_MAX).contains(&len) {
        return Ok(());
    }
    Err(Error::new(Code::FieldInvalid)
        .field(field.to_owned())
        .arg("expected", format!("1..{BATCH_MAX}")))
}
