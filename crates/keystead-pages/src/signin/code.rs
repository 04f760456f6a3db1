//! Codes by mail and text message: asking for one, and entering it.

pub mod handler;

use super::methods::MethodLink;
use crate::Href;
use crate::captcha::CaptchaField;
use crate::problem::Problem;
use keystead_core::messages::Channel;
use serde::Serialize;

/// Asks for the address that a sign-in code goes to.
#[derive(Clone, Debug, Serialize)]
pub struct AskCodePage {
    /// Where the form goes.
    pub action: Href,
    /// How the code travels.
    pub channel: Channel,
    /// The ways to sign in, this one among them.
    pub methods: Vec<MethodLink>,
    /// One line below the title. Text of the pool.
    pub note: Option<String>,
    /// The application that asked, where its name differs from the brand's.
    pub application: Option<String>,
    /// What was entered before, or the `login_hint`.
    pub identifier: String,
    /// What went wrong the time before.
    pub problem: Option<Problem>,
    /// Where an account is made, if the pool offers that.
    pub sign_up: Option<Href>,
}

/// What a code is entered for; it decides the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeFor {
    /// To sign in.
    Signin,
    /// To make an account.
    Signup,
    /// To end a lock.
    Unlock,
}

/// Asks for the code that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct CodePage {
    /// Where the form goes.
    pub action: Href,
    /// Where the button for a new code sends the form.
    pub again: Href,
    /// Where another address is entered.
    pub back: Href,
    /// What the code is for.
    pub purpose: CodeFor,
    /// How it travelled.
    pub channel: Channel,
    /// The address it went to, as it was entered.
    pub sent_to: String,
    /// How many digits it has.
    pub digits: u32,
    /// Minutes it works, rounded down, at least one.
    pub minutes: u32,
    /// Seconds after which a new one can be sent.
    pub wait_s: u32,
    /// A new one is on its way.
    pub renewed: bool,
    /// What went wrong the time before.
    pub problem: Option<Problem>,
    /// The captcha that the next try takes.
    pub captcha: Option<CaptchaField>,
}
