//! The list of sign-in methods.

use super::method::{Method, MethodId};
use super::password::Password;

/// Every method, in the order pages offer them.
pub const METHODS: &[&dyn Method] = &[&Password];

/// The method of this name.
#[must_use]
pub fn find(id: MethodId) -> Option<&'static dyn Method> {
    METHODS.iter().copied().find(|method| method.id() == id)
}
