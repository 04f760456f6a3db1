//! The list of sign-in methods.

use super::code::{EmailCode, SmsCode};
use super::method::{Method, MethodId};
use super::password::Password;

/// Every method that proves somebody.
pub const METHODS: &[&dyn Method] = &[&Password, &EmailCode, &SmsCode];

/// The method of this name.
#[must_use]
pub fn find(id: MethodId) -> Option<&'static dyn Method> {
    METHODS.iter().copied().find(|method| method.id() == id)
}
