//! What people do with their own account: password, addresses, locks, deletion. An address or a
//! password is proved first, in a step of its own where the wire has two.

pub mod contact;
pub mod deletion;
pub mod mine;
pub mod password;
pub mod profile;
pub mod security;
pub mod unlock;

use crate::cx::Cx;
use crate::principal::{Principal, UserPrincipal};
use keystead_model::{Code, Error, Result};

/// Seconds the token between two steps of a change works.
pub const STEP_S: i64 = 300;

/// The user whose token came with the request.
///
/// # Errors
/// `token.missing` for everybody else.
pub fn me(cx: &Cx) -> Result<UserPrincipal> {
    match &cx.principal {
        Principal::User(user) => Ok(user.clone()),
        _ => Err(Code::TokenMissing.into()),
    }
}

/// The refusal of a token between two steps; nothing may be open.
#[track_caller]
pub(crate) fn bad_token(cx: &Cx, field: &'static str) -> Error {
    cx.refuse(Code::StepTokenInvalid).field(field)
}
