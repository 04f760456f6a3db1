//! The first administrator: made through a link that the first start prints.

pub mod handler;

use crate::Href;
use keystead_model::{Code, Error};
use serde::Serialize;

/// The name of the field with the e-mail address.
pub const EMAIL_FIELD: &str = "email";
/// The name of the field with the password.
pub const PASSWORD_FIELD: &str = "password";

/// Asks for e-mail and password of the first administrator.
#[derive(Clone, Debug, Serialize)]
pub struct SetupPage {
    /// Where the form goes.
    pub action: Href,
    /// What was entered before.
    pub email: String,
    /// What went wrong the time before.
    pub problem: Option<SetupProblem>,
}

/// What is wrong with the entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SetupProblem {
    /// The sentence below the e-mail field.
    email: Option<&'static str>,
    /// The sentence below the password field.
    password: Option<&'static str>,
}

impl SetupProblem {
    /// The page's words for an error; `None` when it is about neither field, and an error page
    /// says more.
    #[must_use]
    pub fn of(error: &Error) -> Option<Self> {
        let (.., at, text) = PROBLEMS.iter().find(|(code, ..)| *code == error.code())?;
        let on = |field| (*at == field).then_some(*text);
        Some(Self { email: on(EMAIL_FIELD), password: on(PASSWORD_FIELD) })
    }
}

/// The field and the sentence of each code that the set-up can answer.
const PROBLEMS: &[(Code, &str, &str)] = &[
    (Code::EmailMalformed, EMAIL_FIELD, "page.setup.problem.email_malformed"),
    (Code::EmailTaken, EMAIL_FIELD, "page.setup.problem.email_taken"),
    (Code::PasswordWeak, PASSWORD_FIELD, "page.setup.problem.password_weak"),
    (Code::PasswordTooLong, PASSWORD_FIELD, "page.setup.problem.password_too_long"),
];

/// The keys of texts that this file names, for the proof that none is missing or unused.
#[cfg(test)]
pub(crate) fn text_keys() -> Vec<&'static str> {
    PROBLEMS.iter().map(|(.., text)| *text).collect()
}

/// "The administrator can sign in now."
#[derive(Clone, Debug, Serialize)]
pub struct SetupDonePage {
    /// The address that was entered.
    pub email: String,
    /// Where to sign in.
    pub sign_in: Option<Href>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_stand_at_their_fields() {
        let of = |code| SetupProblem::of(&Error::new(code));
        let weak = of(Code::PasswordWeak).unwrap();
        assert_eq!(weak.email, None);
        assert_eq!(weak.password, Some("page.setup.problem.password_weak"));
        assert!(of(Code::EmailMalformed).unwrap().email.is_some());
        assert_eq!(of(Code::SetupLinkInvalid), None);
    }
}
