//! What went wrong, as a page says it: a sentence in the alert, and one below the field.

use keystead_model::{Code, Error};
use serde::Serialize;

/// A field that a problem can be about; its name is its id on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What names the account: an address, a user name.
    Identifier,
    /// The password.
    Password,
    /// The code of a message.
    Code,
    /// A person's name.
    Name,
    /// The characters of a captcha.
    Captcha,
}

/// The fields of each kind of form.
pub mod fields {
    use super::Field;

    /// Sign-in by password.
    pub const SIGNIN: &[Field] = &[Field::Identifier, Field::Password, Field::Captcha];
    /// A form that asks for an address alone.
    pub const ADDRESS: &[Field] = &[Field::Identifier];
    /// A form that asks for a code.
    pub const CODE: &[Field] = &[Field::Code, Field::Captcha];
    /// A form that asks for a new password alone.
    pub const PASSWORD: &[Field] = &[Field::Password];
    /// What is left of a sign-up when the address is proved.
    pub const DETAILS: &[Field] = &[Field::Password, Field::Name];
}

/// Why a form was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    text: &'static str,
    marked: Option<Field>,
    beside: Option<&'static str>,
    /// Minutes until another try makes sense, at least one.
    minutes: u32,
    /// Seconds until then, at least one.
    seconds: u32,
}

impl Problem {
    /// What to say about an error on a page with these fields; faults of ours, and what is about
    /// a field of another page, get one general sentence.
    #[must_use]
    pub fn of(error: &Error, fields: &[Field]) -> Self {
        let rule = error.args().into_iter().find(|(name, _)| *name == "rule");
        let words = rule
            .and_then(|(_, rule)| find(RULES, |known| *known == rule))
            .or_else(|| find(PROBLEMS, |code| *code == error.code()));
        let words = words.filter(|words| words.marked.is_none_or(|field| fields.contains(&field)));
        let waits = error.args().into_iter().find(|(name, _)| *name == "wait_s");
        let wait_s = waits.and_then(|(_, s)| s.parse().ok()).or(error.retry_after_s());
        Self::new(words.unwrap_or(OTHER), wait_s.unwrap_or(0))
    }

    /// A field is empty that must not be.
    #[must_use]
    pub fn missing(field: Field) -> Self {
        let words = match field {
            Field::Identifier => IDENTIFIER_MISSING,
            Field::Password => PASSWORD_MISSING,
            Field::Code => CODE_MISSING,
            Field::Captcha => CAPTCHA_REQUIRED,
            Field::Name => OTHER,
        };
        Self::new(words, 0)
    }

    fn new(words: Words, wait_s: u32) -> Self {
        let Words { text, marked, beside } = words;
        let (minutes, seconds) = (wait_s.div_ceil(60).max(1), wait_s.max(1));
        Self { text, marked, beside, minutes, seconds }
    }
}

/// The keys of a problem's sentences, and the field it is about.
#[derive(Clone, Copy)]
struct Words {
    text: &'static str,
    marked: Option<Field>,
    beside: Option<&'static str>,
}

const fn plain(text: &'static str) -> Words {
    Words { text, marked: None, beside: None }
}

const fn at(field: Field, text: &'static str, beside: &'static str) -> Words {
    Words { text, marked: Some(field), beside: Some(beside) }
}

fn find<K>(table: &[(K, Words)], is: impl Fn(&K) -> bool) -> Option<Words> {
    table.iter().find(|(key, _)| is(key)).map(|(_, words)| *words)
}

const IDENTIFIER_AGAIN: &str = "page.problem.beside.identifier";
const PASSWORD_AGAIN: &str = "page.problem.beside.password";
const CODE_AGAIN: &str = "page.problem.beside.code";

const CAPTCHA_AGAIN: &str = "page.problem.beside.captcha";

const OTHER: Words = plain("page.problem.other");
const IDENTIFIER_MISSING: Words =
    at(Field::Identifier, "page.problem.identifier_missing", IDENTIFIER_AGAIN);
const PASSWORD_MISSING: Words =
    at(Field::Password, "page.problem.password_missing", PASSWORD_AGAIN);
const CODE_MISSING: Words = at(Field::Code, "page.problem.code_missing", CODE_AGAIN);
const CAPTCHA_REQUIRED: Words = at(Field::Captcha, "page.problem.captcha_required", CAPTCHA_AGAIN);
const CREDENTIALS: Words = at(Field::Password, "page.problem.credentials", PASSWORD_AGAIN);
const TAKEN: Words = plain("page.problem.taken");
const BUSY: Words = plain("page.problem.busy");

/// The words of each code that a form can be refused with.
const PROBLEMS: &[(Code, Words)] = &[
    (Code::SigninCredentials, CREDENTIALS),
    (Code::PasswordWrong, at(Field::Password, "page.problem.password_wrong", PASSWORD_AGAIN)),
    (Code::UserUnknown, at(Field::Identifier, "page.problem.user_unknown", IDENTIFIER_AGAIN)),
    (Code::UserIdentifierMissing, IDENTIFIER_MISSING),
    (
        Code::EmailMalformed,
        at(Field::Identifier, "page.problem.email", "page.problem.beside.email"),
    ),
    (
        Code::PhoneMalformed,
        at(Field::Identifier, "page.problem.phone", "page.problem.beside.phone"),
    ),
    (
        Code::PasswordWeak,
        at(Field::Password, "page.problem.new_password", "page.problem.beside.weak"),
    ),
    (
        Code::PasswordTooLong,
        at(Field::Password, "page.problem.new_password", "page.problem.beside.long"),
    ),
    (Code::CodeWrong, at(Field::Code, "page.problem.code_wrong", CODE_AGAIN)),
    (Code::CodeExpired, at(Field::Code, "page.problem.code_wrong", CODE_AGAIN)),
    (Code::CaptchaRequired, CAPTCHA_REQUIRED),
    (Code::CaptchaWrong, at(Field::Captcha, "page.problem.captcha_wrong", CAPTCHA_AGAIN)),
    (Code::SendTooOften, plain("page.problem.too_often")),
    (Code::SignupTooOften, plain("page.problem.too_many")),
    (Code::SignupDisabled, plain("page.problem.no_signup")),
    (Code::MethodDisabled, plain("page.problem.method")),
    (Code::EmailTaken, TAKEN),
    (Code::PhoneTaken, TAKEN),
    (Code::Locked, plain("page.problem.locked")),
    (Code::UserBlocked, plain("page.problem.blocked")),
    (Code::SigninStepRequired, plain("page.problem.step")),
    (Code::RateLimited, plain("page.problem.too_many")),
    (Code::Busy, BUSY),
    (Code::StorageFull, BUSY),
];

/// The words of each rule that a new password can break (argument `rule` of the error).
const RULES: &[(&str, Words)] = &[
    ("short", at(Field::Password, "page.problem.new_password", "page.problem.beside.short")),
    ("long", at(Field::Password, "page.problem.new_password", "page.problem.beside.long")),
    ("common", at(Field::Password, "page.problem.new_password", "page.problem.beside.common")),
    ("reused", at(Field::Password, "page.problem.new_password", "page.problem.beside.reused")),
    ("own_name", at(Field::Password, "page.problem.new_password", "page.problem.beside.own_name")),
];

/// The keys of texts that this file names, for the proof that none is missing or unused.
#[cfg(test)]
pub(crate) fn text_keys() -> Vec<&'static str> {
    let of_codes = PROBLEMS.iter().map(|(_, words)| *words);
    let of_rules = RULES.iter().map(|(_, words)| *words);
    of_codes
        .chain(of_rules)
        .chain([OTHER, CODE_MISSING, PASSWORD_MISSING])
        .flat_map(|words| [Some(words.text), words.beside])
        .flatten()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[Field] = &[Field::Identifier, Field::Password, Field::Code, Field::Name];

    #[test]
    fn codes_become_sentences() {
        let of = |error: Error| Problem::of(&error, ALL);
        let credentials = of(Error::new(Code::SigninCredentials));
        assert_eq!(credentials.text, "page.problem.credentials");
        assert_eq!(credentials.marked, Some(Field::Password));
        assert_eq!(of(Error::new(Code::Internal)).text, OTHER.text);
    }

    #[test]
    fn a_rule_has_words_of_its_own() {
        let of = |rule| Problem::of(&Error::new(Code::PasswordWeak).arg("rule", rule), ALL).beside;
        assert_eq!(of("short"), Some("page.problem.beside.short"));
        assert_eq!(of("unheard_of"), Some("page.problem.beside.weak"));
    }

    #[test]
    fn what_is_about_another_pages_field_marks_nothing() {
        let wrong = Problem::of(&Error::new(Code::SigninCredentials), &[Field::Code]);
        assert_eq!((wrong.text, wrong.marked), (OTHER.text, None));
    }

    #[test]
    fn the_wait_is_said_in_whole_minutes() {
        let minutes = |error: Error| Problem::of(&error, ALL).minutes;
        for (wait_s, want) in [(0, 1), (59, 1), (60, 1), (61, 2), (900, 15)] {
            assert_eq!(minutes(Error::new(Code::Locked).arg("wait_s", wait_s)), want);
            assert_eq!(minutes(Error::new(Code::RateLimited).retry_after(wait_s)), want);
        }
        assert_eq!(minutes(Error::new(Code::Locked)), 1);
    }
}
