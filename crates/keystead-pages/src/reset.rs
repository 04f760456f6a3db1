//! A forgotten password: asking for a link, and choosing a new password through it.

pub mod handler;

use crate::Href;
use crate::problem::Problem;
use serde::Serialize;

/// Asks for the address that the link goes to.
#[derive(Clone, Debug, Serialize)]
pub struct ForgotPage {
    /// Where the form goes.
    pub action: Href,
    /// What was entered before.
    pub identifier: String,
    /// What went wrong the time before.
    pub problem: Option<Problem>,
    /// Where to sign in instead.
    pub back: Option<Href>,
}

/// "Look into your mail": the same for addresses that have an account and for those that do not.
#[derive(Clone, Debug, Serialize)]
pub struct ForgotSentPage {
    /// The address, as it was entered.
    pub sent_to: String,
    /// Where another address is entered.
    pub other: Href,
    /// Where to sign in.
    pub back: Option<Href>,
}

/// Why a new password is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NewPasswordFor {
    /// It was forgotten.
    Reset,
    /// The old one may not be used any more.
    Forced,
}

/// Asks for a new password.
#[derive(Clone, Debug, Serialize)]
pub struct NewPasswordPage {
    /// Where the form goes.
    pub action: Href,
    /// The secret of the link, sent along with the form.
    pub token: Option<String>,
    /// Why it is chosen.
    pub why: NewPasswordFor,
    /// Whose password it is, for password managers, where the page may say so.
    pub identifier: Option<String>,
    /// What went wrong the time before.
    pub problem: Option<Problem>,
}

/// "Your password is changed."
#[derive(Clone, Debug, Serialize)]
pub struct PasswordChangedPage {
    /// Where to sign in.
    pub sign_in: Option<Href>,
}
