//! Signing up: the address, then the code that was sent there, then password and name.
//!
//! None of these pages tells whether an account exists: an address that has one gets a message
//! which says so, and the person the same pages.

pub mod handler;

use crate::Href;
use crate::problem::Problem;
use crate::signin::methods::MethodLink;
use keystead_core::messages::Channel;
use serde::Serialize;

/// Asks for the address of the new account.
#[derive(Clone, Debug, Serialize)]
pub struct SignUpPage {
    /// Where the form goes.
    pub action: Href,
    /// What kind of address is asked for.
    pub channel: Channel,
    /// The kinds of address, this one among them.
    pub methods: Vec<MethodLink>,
    /// The application that asked, where its name differs from the brand's.
    pub application: Option<String>,
    /// What was entered before, or the `login_hint`.
    pub identifier: String,
    /// What went wrong the time before.
    pub problem: Option<Problem>,
    /// Where to sign in instead.
    pub sign_in: Href,
}

/// Asks for password and name of the new account, whose address is proved.
#[derive(Clone, Debug, Serialize)]
pub struct SignUpDetailsPage {
    /// Where the form goes.
    pub action: Href,
    /// The proved address, for password managers and to be seen.
    pub identifier: String,
    /// The name that was entered before.
    pub name: String,
    /// Whether the account needs a password; without it the field may stay empty.
    pub password_required: bool,
    /// What went wrong the time before.
    pub problem: Option<Problem>,
}
