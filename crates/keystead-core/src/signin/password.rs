//! The method `password`.

use super::method::{
    Attempted, By, Candidate, Input, Method, MethodId, NamedBy, Proof, Step, Verdict,
};
use crate::cx::Cx;
use crate::passwords;
use crate::users::lookup::{KeyKind, find};
use keystead_model::keys::{email_key, phone_key, username_key};
use keystead_model::{Code, Result};

/// Account and password.
pub struct Password;

impl Method for Password {
    fn id(&self) -> MethodId {
        MethodId::Password
    }

    fn amr(&self) -> &'static str {
        "pwd"
    }

    fn candidate<'a>(&'a self, cx: &'a mut Cx, input: &'a Input) -> Step<'a, Candidate> {
        Box::pin(candidate(cx, input))
    }

    fn verify<'a>(&'a self, cx: &'a mut Cx, attempt: &'a Attempted<'a>) -> Step<'a, Verdict> {
        Box::pin(async move {
            let user = attempt.user.map(|user| user.id);
            let Some(by) = passwords::prove(cx, user, &attempt.input.secret).await? else {
                return Ok(Verdict::Wrong(wrong(cx, user.is_some())));
            };
            let at = cx.now;
            let amr = self.amr().to_owned();
            Ok(Verdict::Right(Proof { method: MethodId::Password, amr, at }, By::Credential(by)))
        })
    }
}

/// One answer for unknown account and wrong password, unless the pool tells them apart.
fn wrong(cx: &Cx, known: bool) -> Code {
    match (cx.settings().reveal_accounts, known) {
        (false, _) => Code::SigninCredentials,
        (true, true) => Code::PasswordWrong,
        (true, false) => Code::UserUnknown,
    }
}

/// The form an identifier is counted in: every spelling of one name counts as one.
fn counted(cx: &Cx, typed: &str) -> String {
    let settings = cx.settings();
    let email = email_key(typed).ok();
    let phone = || phone_key(typed, None, &settings.phone_country).ok();
    let name = || username_key(typed, settings.username_case_sensitive).ok();
    email.or_else(phone).or_else(name).unwrap_or_else(|| typed.to_lowercase())
}

/// Longest identifier that is looked up, in bytes.
const IDENTIFIER_MAX: usize = 512;

async fn candidate(cx: &mut Cx, input: &Input) -> Result<Candidate> {
    let typed = input.identifier.trim();
    let identifier = counted(cx, typed);
    if typed.is_empty() || typed.len() > IDENTIFIER_MAX {
        return Ok(Candidate { identifier: String::new(), user: None });
    }
    let kinds: &[KeyKind] = match input.named_by {
        NamedBy::Email => &[KeyKind::Email],
        NamedBy::Phone => &[KeyKind::Phone],
        NamedBy::Username => &[KeyKind::Username],
        NamedBy::Account => &[KeyKind::Email, KeyKind::Phone, KeyKind::Username],
    };
    // Every kind is looked up, found or not: known and unknown accounts cost the same reads.
    let mut user = None;
    // A number that names its country elsewhere is looked up with it.
    let phone = match &input.country {
        Some(country) => phone_key(typed, Some(country), &cx.settings().phone_country)
            .unwrap_or_else(|_| typed.to_owned()),
        None => typed.to_owned(),
    };
    for kind in kinds {
        let named = if *kind == KeyKind::Phone { &phone } else { typed };
        let found = find(cx, *kind, named).await?;
        user = user.or(found);
    }
    Ok(Candidate { identifier, user })
}
