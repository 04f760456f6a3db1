//! Departments of users. There are none yet, so that no id is one's.

use crate::cx::Cx;
use keystead_model::{Code, Error, Permission, Result};

/// Puts departments in the place of a user's.
///
/// # Errors
/// `field.invalid` for no department at all, `department.unknown` naming the first that is not
/// there.
pub fn set_for_user(cx: &Cx, departments: &[&str]) -> Result<()> {
    cx.require(Permission::UserUpdate)?;
    match departments.first() {
        None => Err(Error::new(Code::FieldInvalid).field("departments").arg("expected", "1..")),
        Some(_) => Err(Error::new(Code::DepartmentUnknown).field("departments[0].departmentId")),
    }
}
