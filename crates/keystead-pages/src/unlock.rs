//! A locked account: how long, and how its owner ends the lock by a code.

pub mod handler;

use crate::Href;
use crate::problem::Problem;
use crate::signin::methods::MethodLink;
use keystead_core::messages::Channel;
use serde::Serialize;

/// Says that there were too many wrong tries, and offers a code to an address of the account.
#[derive(Clone, Debug, Serialize)]
pub struct UnlockPage {
    /// Where the form goes.
    pub action: Href,
    /// What kind of address the code goes to.
    pub channel: Channel,
    /// The kinds of address, this one among them.
    pub methods: Vec<MethodLink>,
    /// What was entered before.
    pub identifier: String,
    /// What went wrong the time before.
    pub problem: Option<Problem>,
    /// Where to sign in.
    pub back: Href,
}
