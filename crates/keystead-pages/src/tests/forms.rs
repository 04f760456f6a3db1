//! Samples of the pages that send codes and links, make accounts and set passwords.

use super::samples::{EVIL, Sample, path};
use crate::captcha::{CaptchaField, On};
use crate::problem::{Field, Problem};
use crate::reset::{
    ForgotPage, ForgotSentPage, NewPasswordFor, NewPasswordPage, PasswordChangedPage,
};
use crate::signin::code::{AskCodePage, CodeFor, CodePage};
use crate::signin::methods::MethodLink;
use crate::signup::{SignUpDetailsPage, SignUpPage};
use crate::unlock::UnlockPage;
use crate::verify::{VerifiedPage, VerifyPage};
use keystead_core::messages::Channel;
use keystead_core::signin::MethodId;
use keystead_model::{Code, Error};

const MINA: &str = "mina@larkfield.example";
const CHANNELS: [Channel; 2] = [Channel::Email, Channel::Sms];

pub use crate::problem::fields;

/// Every problem that a page with these fields can have, and its name.
pub fn problems(fields: &'static [Field]) -> impl Iterator<Item = (String, Problem)> {
    let missing = fields.iter().map(|field| (format!("{field:?}"), Problem::missing(*field)));
    let of = |error: &Error| Problem::of(error, fields);
    let codes = Code::ALL
        .iter()
        .map(move |code| (code.key().to_owned(), of(&Error::new(*code).arg("wait_s", 120))));
    let rules = ["short", "long", "common", "own_name", "reused"].map(|rule| {
        let error = Error::new(Code::PasswordWeak).arg("rule", rule);
        (rule.to_owned(), of(&error))
    });
    missing.chain(codes).chain(rules)
}

/// Three ways to sign in.
pub fn methods() -> Vec<MethodLink> {
    vec![
        MethodLink::new(MethodId::Password, path("/signin/sgn_1/password"), true),
        MethodLink::new(MethodId::EmailCode, path("/signin/sgn_1/email-code"), false),
        MethodLink::new(MethodId::SmsCode, path("/signin/sgn_1/sms-code"), false),
    ]
}

fn addresses(current: Channel) -> Vec<MethodLink> {
    CHANNELS.map(|it| MethodLink::address(it, path("/signin/sgn_1/signup"), it == current)).into()
}

/// Every page in each of its states.
pub fn all() -> Vec<(String, Sample)> {
    let mut all: Vec<(String, Sample)> = Vec::new();
    let mut add = |name: String, sample: Sample| all.push((name, sample));
    for channel in CHANNELS {
        add(format!("ask code {channel:?}"), ask_code(channel, MINA, None).into());
        add(format!("signup {channel:?}"), sign_up(channel, MINA, None).into());
        add(format!("unlock {channel:?}"), unlock(channel, MINA, None).into());
        for purpose in [CodeFor::Signin, CodeFor::Signup, CodeFor::Unlock] {
            let page = CodePage { purpose, channel, ..code(MINA, None) };
            add(format!("code {channel:?} {purpose:?}"), page.into());
        }
        for (name, problem) in problems(fields::ADDRESS) {
            let wrong = || Some(problem.clone());
            let name = |page| format!("{page} {channel:?} wrong {name}");
            add(name("ask code"), ask_code(channel, MINA, wrong()).into());
            add(name("signup"), sign_up(channel, MINA, wrong()).into());
            add(name("unlock"), unlock(channel, MINA, wrong()).into());
        }
    }
    let wrong = Problem::of(&Error::new(Code::CaptchaWrong), fields::CODE);
    for problem in [None, Some(wrong)] {
        let page = CodePage { captcha: Some(captcha(On::Code, "t")), ..code(MINA, problem) };
        add(format!("code captcha {}", page.problem.is_some()), page.into());
    }
    add("code renewed".into(), CodePage { renewed: true, ..code(MINA, None) }.into());
    for (name, problem) in problems(fields::CODE) {
        let captcha = Some(captcha(On::Code, "t"));
        let page = CodePage { captcha, ..code(MINA, Some(problem)) };
        add(format!("code wrong {name}"), page.into());
    }
    for password_required in [false, true] {
        let page = SignUpDetailsPage { password_required, ..details(MINA, "Mina", None) };
        add(format!("details {password_required}"), page.into());
    }
    for (name, problem) in problems(fields::DETAILS) {
        add(format!("details wrong {name}"), details(MINA, "Mina", Some(problem)).into());
    }
    passwords(&mut add);
    for address in [None, Some(MINA)] {
        add(format!("verify {address:?}"), verify(address).into());
        add(format!("verified {address:?}"), verified(address).into());
    }
    all
}

fn passwords(add: &mut impl FnMut(String, Sample)) {
    add("forgot".into(), forgot("", None).into());
    for (name, problem) in problems(fields::ADDRESS) {
        add(format!("forgot wrong {name}"), forgot(MINA, Some(problem)).into());
    }
    add("forgot sent".into(), forgot_sent(MINA).into());
    for why in [NewPasswordFor::Reset, NewPasswordFor::Forced] {
        for identifier in [None, Some(MINA)] {
            let page = NewPasswordPage { why, ..new_password(identifier, None) };
            add(format!("new password {why:?} {identifier:?}"), page.into());
        }
    }
    for (name, problem) in problems(fields::PASSWORD) {
        add(format!("new password wrong {name}"), new_password(Some(MINA), Some(problem)).into());
    }
    for sign_in in [None, Some(path("/"))] {
        add(format!("password changed {sign_in:?}"), PasswordChangedPage { sign_in }.into());
    }
}

/// Every page, each text of it [`EVIL`].
pub fn hostile() -> Vec<(&'static str, Sample)> {
    let blocked = || Some(Problem::of(&Error::new(Code::UserBlocked), &[]));
    vec![
        ("ask code", ask_code(Channel::Email, EVIL, blocked()).into()),
        ("signup", sign_up(Channel::Sms, EVIL, blocked()).into()),
        ("unlock", unlock(Channel::Sms, EVIL, blocked()).into()),
        ("code", code(EVIL, blocked()).into()),
        ("details", details(EVIL, EVIL, blocked()).into()),
        ("forgot", forgot(EVIL, blocked()).into()),
        ("forgot sent", forgot_sent(EVIL).into()),
        ("new password", new_password(Some(EVIL), blocked()).into()),
        ("password changed", PasswordChangedPage { sign_in: None }.into()),
        ("verify", verify(Some(EVIL)).into()),
        ("verified", verified(Some(EVIL)).into()),
    ]
}

/// A captcha on this form.
pub fn captcha(on: On, token: &str) -> CaptchaField {
    CaptchaField {
        token: token.into(),
        picture: "data:image/png;base64,AAAA".into(),
        width: 220,
        height: 100,
        again: path("/signin/sgn_1/captcha"),
        on,
    }
}

fn ask_code(channel: Channel, identifier: &str, problem: Option<Problem>) -> AskCodePage {
    AskCodePage {
        action: path("/signin/sgn_1/email-code"),
        channel,
        methods: methods(),
        note: Some("One account for the shop, events and the reading club.".into()),
        application: Some("Tidemark Reports".into()),
        identifier: identifier.into(),
        problem,
        sign_up: Some(path("/signin/sgn_1/signup")),
    }
}

fn code(sent_to: &str, problem: Option<Problem>) -> CodePage {
    CodePage {
        action: path("/signin/sgn_1/code"),
        again: path("/signin/sgn_1/code/again"),
        back: path("/signin/sgn_1/email-code"),
        purpose: CodeFor::Signin,
        channel: Channel::Email,
        sent_to: sent_to.into(),
        digits: 6,
        minutes: 5,
        wait_s: 60,
        renewed: false,
        problem,
        captcha: None,
    }
}

fn sign_up(channel: Channel, identifier: &str, problem: Option<Problem>) -> SignUpPage {
    SignUpPage {
        action: path("/signin/sgn_1/signup"),
        channel,
        methods: addresses(channel),
        application: Some("Tidemark Reports".into()),
        identifier: identifier.into(),
        problem,
        sign_in: path("/signin/sgn_1"),
    }
}

fn details(identifier: &str, name: &str, problem: Option<Problem>) -> SignUpDetailsPage {
    SignUpDetailsPage {
        action: path("/signin/sgn_1/details"),
        identifier: identifier.into(),
        name: name.into(),
        password_required: true,
        problem,
    }
}

fn unlock(channel: Channel, identifier: &str, problem: Option<Problem>) -> UnlockPage {
    UnlockPage {
        action: path("/signin/sgn_1/unlock"),
        channel,
        methods: addresses(channel),
        identifier: identifier.into(),
        problem,
        back: path("/signin/sgn_1"),
    }
}

fn forgot(identifier: &str, problem: Option<Problem>) -> ForgotPage {
    ForgotPage {
        action: path("/signin/sgn_1/forgot"),
        identifier: identifier.into(),
        problem,
        back: Some(path("/signin/sgn_1")),
    }
}

fn forgot_sent(sent_to: &str) -> ForgotSentPage {
    ForgotSentPage {
        sent_to: sent_to.into(),
        other: path("/signin/sgn_1/forgot"),
        back: Some(path("/signin/sgn_1")),
    }
}

fn new_password(identifier: Option<&str>, problem: Option<Problem>) -> NewPasswordPage {
    NewPasswordPage {
        action: path("/reset-password"),
        token: Some("abc".into()),
        why: NewPasswordFor::Reset,
        identifier: identifier.map(str::to_owned),
        problem,
    }
}

fn verify(address: Option<&str>) -> VerifyPage {
    VerifyPage {
        action: path("/verify-email"),
        token: "abc".into(),
        address: address.map(str::to_owned),
    }
}

fn verified(address: Option<&str>) -> VerifiedPage {
    VerifiedPage { address: address.map(str::to_owned) }
}
