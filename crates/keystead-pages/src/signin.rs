//! Signing in by password, and the page that says it is done.

pub mod handler;

use crate::{Href, Person};
use keystead_model::{Code, Error};
use serde::Serialize;

/// The name of the field that identifies the account.
pub const IDENTIFIER_FIELD: &str = "identifier";
/// The name of the field with the password.
pub const PASSWORD_FIELD: &str = "password";

/// Sign-in by password.
#[derive(Clone, Debug, Serialize)]
pub struct SignInPage {
    /// Where the form goes: the address of this step of the flow.
    pub action: Href,
    /// One line below the title: what the account is for. Text of the pool.
    pub note: Option<String>,
    /// The application that asked, where its name differs from the brand's.
    pub application: Option<String>,
    /// What was entered before, or the `login_hint`; the password is never kept.
    pub identifier: String,
    /// What went wrong the time before.
    pub problem: Option<SignInProblem>,
    /// Where a forgotten password is reset, if the pool offers that.
    pub forgot: Option<Href>,
    /// Where an account is made, if the pool offers that.
    pub sign_up: Option<Href>,
}

impl SignInPage {
    /// The page as it is first shown.
    #[must_use]
    pub fn new(action: Href) -> Self {
        Self {
            action,
            note: None,
            application: None,
            identifier: String::new(),
            problem: None,
            forgot: None,
            sign_up: None,
        }
    }
}

/// Which fields a problem marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Marked {
    None,
    Identifier,
    Password,
}

/// Why somebody is not signed in, as the page says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignInProblem {
    text: &'static str,
    marked: Marked,
    /// Minutes until another try makes sense, at least one.
    minutes: u32,
}

impl SignInProblem {
    /// The account field was empty.
    #[must_use]
    pub fn identifier_missing() -> Self {
        Self { text: IDENTIFIER_MISSING, marked: Marked::Identifier, minutes: 1 }
    }

    /// The password field was empty.
    #[must_use]
    pub fn password_missing() -> Self {
        Self { text: PASSWORD_MISSING, marked: Marked::Password, minutes: 1 }
    }
}

impl From<&Error> for SignInProblem {
    /// What to say about an error of the sign-in; faults of ours get one general sentence.
    fn from(error: &Error) -> Self {
        let known = PROBLEMS.iter().find(|(code, ..)| *code == error.code());
        let (text, marked) = known.map_or((OTHER, Marked::None), |(_, text, at)| (*text, *at));
        let waits = error.args().into_iter().find(|(name, _)| *name == "wait_s");
        let wait_s = waits.and_then(|(_, s)| s.parse().ok()).or(error.retry_after_s());
        Self { text, marked, minutes: wait_s.unwrap_or(0_u32).div_ceil(60).max(1) }
    }
}

const IDENTIFIER_MISSING: &str = "page.signin.problem.identifier_missing";
const PASSWORD_MISSING: &str = "page.signin.problem.password_missing";
const OTHER: &str = "page.signin.problem.other";

/// The sentence and the marked field of each code that a sign-in can answer.
const PROBLEMS: &[(Code, &str, Marked)] = &[
    (Code::SigninCredentials, "page.signin.problem.credentials", Marked::Password),
    (Code::PasswordTooLong, "page.signin.problem.credentials", Marked::Password),
    (Code::PasswordWrong, "page.signin.problem.password_wrong", Marked::Password),
    (Code::UserUnknown, "page.signin.problem.user_unknown", Marked::Identifier),
    (Code::UserIdentifierMissing, IDENTIFIER_MISSING, Marked::Identifier),
    (Code::Locked, "page.signin.problem.locked", Marked::None),
    (Code::UserBlocked, "page.signin.problem.blocked", Marked::None),
    (Code::PasswordChangeRequired, "page.signin.problem.password_change", Marked::None),
    (Code::SigninStepRequired, "page.signin.problem.step", Marked::None),
    (Code::RateLimited, "page.signin.problem.too_many", Marked::None),
    (Code::Busy, "page.signin.problem.busy", Marked::None),
    (Code::StorageFull, "page.signin.problem.busy", Marked::None),
];

/// The keys of texts that this file names, for the proof that none is missing or unused.
#[cfg(test)]
pub(crate) fn text_keys() -> Vec<&'static str> {
    let of_codes = PROBLEMS.iter().map(|(_, text, _)| *text);
    of_codes.chain([IDENTIFIER_MISSING, PASSWORD_MISSING, OTHER]).collect()
}

/// "You are signed in": a flow that is done already, or that leads to no application.
#[derive(Clone, Debug, Serialize)]
pub struct SignedInPage {
    /// Who is signed in, if the page may say so.
    pub person: Option<Person>,
    /// Where to go on.
    pub next: Option<Href>,
    /// Where to sign out.
    pub sign_out: Option<Href>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_sentences() {
        let of = |error: Error| SignInProblem::from(&error);
        let credentials = of(Error::new(Code::SigninCredentials));
        assert_eq!(credentials.text, "page.signin.problem.credentials");
        assert_eq!(credentials.marked, Marked::Password);
        assert_eq!(of(Error::new(Code::Internal)).text, OTHER);
    }

    #[test]
    fn the_wait_is_said_in_whole_minutes() {
        let minutes = |error: Error| SignInProblem::from(&error).minutes;
        for (wait_s, want) in [(0, 1), (59, 1), (60, 1), (61, 2), (900, 15)] {
            assert_eq!(minutes(Error::new(Code::Locked).arg("wait_s", wait_s)), want);
            assert_eq!(minutes(Error::new(Code::RateLimited).retry_after(wait_s)), want);
        }
        assert_eq!(minutes(Error::new(Code::Locked)), 1);
    }
}
