//! Every page with sample values, and with values that want to be markup.

use super::forms::{captcha, fields, methods, problems};
use crate::captcha::On;
use crate::consent::{ConsentPage, ScopeLine};
use crate::dev::{CallbackPage, Message, OutboxPage, Redemption};
use crate::error::ErrorPage;
use crate::form_post::{FormPostPage, Parameter};
use crate::home::HomePage;
use crate::logout::{SignOutPage, SignedOutPage};
use crate::problem::Problem;
use crate::setup::{SetupDonePage, SetupPage, SetupProblem};
use crate::signin::{SignInPage, SignedInPage};
use crate::{Env, Frame, Href, Page, Person};
use keystead_model::{Code, Error, Result, Secret};

/// Tries to leave text, attributes, comments and lines.
pub const EVIL: &str = "\"'><script>alert(1)</script><!--\r\n{{ page }}[x](y)%{name}";

/// Puts one page into its template.
type Render = dyn Fn(&Env, Frame<'_>) -> Result<String>;

/// A page of any kind.
pub struct Sample {
    pub template: &'static str,
    render: Box<Render>,
}

impl Sample {
    pub fn render(&self, env: &Env, frame: Frame<'_>) -> Result<String> {
        (self.render)(env, frame)
    }
}

impl<P: Page + 'static> From<P> for Sample {
    fn from(page: P) -> Self {
        let render = move |env: &Env, frame: Frame<'_>| env.render(frame, &page);
        Self { template: P::TEMPLATE, render: Box::new(render) }
    }
}

pub fn path(path: &str) -> Href {
    Href::path(path).unwrap()
}

fn web(address: &str) -> Href {
    Href::web(address).unwrap()
}

fn mina() -> Person {
    Person::new(Some("Mina Okafor"), "mina@larkfield.example")
}

/// Every page in each of its states.
pub fn all() -> Vec<(String, Sample)> {
    let mut all: Vec<(String, Sample)> = Vec::new();
    let mut add = |name: &str, sample: Sample| all.push((name.to_owned(), sample));
    add("home", HomePage {}.into());
    add("signin", SignInPage::new(path("/signin/sgn_1/password")).into());
    add("signin full", signin_full("Mina").into());
    for (name, problem) in problems(fields::SIGNIN) {
        // A form that is refused for its captcha has one.
        let captcha = Some(captcha(On::Password, "t"));
        let page = signin_full("mina@larkfield.example");
        let page = SignInPage { problem: Some(problem), captcha, ..page };
        add(&format!("signin wrong {name}"), page.into());
    }
    add("signin unlocked", SignInPage { unlocked: true, ..signin_full("mina") }.into());
    let wrong = Problem::of(&Error::new(Code::CaptchaRequired), fields::SIGNIN);
    for problem in [None, Some(wrong)] {
        let name = format!("signin captcha {}", problem.is_some());
        let captcha = Some(captcha(On::Password, "t"));
        add(&name, SignInPage { problem, captcha, ..signin_full("mina") }.into());
    }
    all.extend(super::forms::all());
    let mut add = |name: &str, sample: Sample| all.push((name.to_owned(), sample));
    for full in [false, true] {
        add("signed in", signed_in(full).into());
        add("signed out", signed_out(full).into());
        add("sign out", sign_out(full).into());
        add("consent", consent(full, "Tidemark Reports").into());
        add("outbox", outbox(full, "402915 is your Larkfield code").into());
        add("callback", callback(full, "ac_7Qk").into());
    }
    add("form_post", form_post("ac_7Qk").into());
    add("setup", setup("", None).into());
    for code in [Code::EmailMalformed, Code::EmailTaken, Code::PasswordWeak, Code::PasswordTooLong]
    {
        let page = setup("ines@larkfield.example", SetupProblem::of(&Error::new(code)));
        add(&format!("setup wrong {}", code.key()), page.into());
    }
    add("setup done", setup_done("ines@larkfield.example").into());
    for code in Code::ALL {
        let error = Error::new(*code).arg("detail", "redirect_uri is not registered");
        let mut page = ErrorPage::new(&error, "req_01JD8ZR2");
        page.application = Some("Tidemark Reports".into());
        page.again = Some(path("/"));
        add(&format!("error {}", code.key()), page.into());
    }
    all
}

/// Every page, each text of it [`EVIL`].
pub fn hostile() -> Vec<(&'static str, Sample)> {
    let mut error = ErrorPage::new(&Error::new(Code::RequestInvalid).arg("detail", EVIL), EVIL);
    error.application = Some(EVIL.into());
    let blocked = Problem::of(&Error::new(Code::UserBlocked), &[]);
    let signin = SignInPage {
        note: Some(EVIL.into()),
        application: Some(EVIL.into()),
        problem: Some(blocked),
        captcha: Some(captcha(On::Password, EVIL)),
        ..signin_full(EVIL)
    };
    let person = Some(Person::new(Some(EVIL), EVIL));
    let sign_out = SignOutPage {
        parameters: vec![Parameter::new(EVIL, EVIL)],
        application: Some(EVIL.into()),
        person: person.clone(),
        ..sign_out(true)
    };
    let mut hostile: Vec<(&'static str, Sample)> = vec![
        ("signin", signin.into()),
        ("signed in", SignedInPage { person, ..signed_in(true) }.into()),
        ("consent", consent(true, EVIL).into()),
        ("form_post", form_post(EVIL).into()),
        ("sign out", sign_out.into()),
        ("setup", setup(EVIL, SetupProblem::of(&Error::new(Code::EmailTaken))).into()),
        ("setup done", setup_done(EVIL).into()),
        ("error", error.into()),
        ("outbox", outbox(true, EVIL).into()),
        ("callback", callback(true, EVIL).into()),
        ("signed out", signed_out(true).into()),
    ];
    hostile.extend(super::forms::hostile());
    hostile
}

fn signin_full(identifier: &str) -> SignInPage {
    SignInPage {
        note: Some("One account for the shop, events and the reading club.".into()),
        application: Some("Tidemark Reports".into()),
        identifier: identifier.into(),
        forgot: Some(path("/reset")),
        sign_up: Some(path("/signup")),
        unlock: Some(path("/unlock")),
        methods: methods(),
        ..SignInPage::new(path("/signin/sgn_1/password?x=1&y=2"))
    }
}

fn signed_in(full: bool) -> SignedInPage {
    SignedInPage {
        person: full.then(mina),
        next: full.then(|| web("https://app.example/")),
        sign_out: full.then(|| path("/logout")),
    }
}

fn signed_out(full: bool) -> SignedOutPage {
    SignedOutPage {
        next: full.then(|| web("https://app.example/bye")),
        sign_in: full.then(|| path("/signin")),
    }
}

fn sign_out(full: bool) -> SignOutPage {
    SignOutPage {
        action: path("/oidc/session/end"),
        parameters: vec![Parameter::new("state", "x y")],
        person: full.then(mina),
        application: full.then(|| "Tidemark Reports".into()),
    }
}

fn consent(full: bool, application: &str) -> ConsentPage {
    let scopes =
        ["openid", "profile", "email", "phone", "address", "offline_access", "orders:read"];
    let own = if application == EVIL { EVIL } else { "orders:write" };
    ConsentPage {
        action: path("/signin/sgn_1/consent"),
        application: application.into(),
        host: full.then(|| "reports.tidemark.example".into()),
        person: mina(),
        person_id: if application == EVIL { EVIL } else { "usr_1" }.into(),
        other_account: full.then(|| path("/choose")),
        scopes: scopes.into_iter().chain([own]).map(ScopeLine::of).collect(),
        privacy: full.then(|| web("https://reports.tidemark.example/privacy")),
    }
}

fn form_post(code: &str) -> FormPostPage {
    FormPostPage {
        action: Href::redirect("https://app.example/cb?tenant=1&x=2").unwrap(),
        to: if code == EVIL { EVIL } else { "app.example" }.into(),
        parameters: vec![Parameter::new("code", code), Parameter::new("state", "x y")],
    }
}

fn setup(email: &str, problem: Option<SetupProblem>) -> SetupPage {
    SetupPage { action: path("/setup/abc"), email: email.into(), problem }
}

fn setup_done(email: &str) -> SetupDonePage {
    SetupDonePage { email: email.into(), sign_in: Some(path("/signin")) }
}

fn outbox(full: bool, subject: &str) -> OutboxPage {
    let message = |at: usize| Message {
        id: format!("msg_{at}"),
        channel: if at == 0 { "email" } else { "sms" }.into(),
        to: if subject == EVIL { EVIL } else { "mina@larkfield.example" }.into(),
        subject: (at == 0).then(|| subject.into()),
        text: format!("{subject}.\nIt works once, for 10 minutes.\n\nNot you? Do nothing."),
        code: (at == 0).then(|| "402915".into()),
        at: "2026-11-25 14:02:07 UTC".into(),
        html: (at == 0).then(|| path("/dev/outbox/msg_0")),
    };
    OutboxPage {
        messages: (0..if full { 2 } else { 0 }).map(message).collect(),
        total: 12,
        clear: full.then(|| path("/dev/outbox/clear")),
        json: full.then(|| path("/dev/outbox?format=json")),
    }
}

fn callback(full: bool, code: &str) -> CallbackPage {
    let parameters = [("code", code), ("state", "af0ifjsldkj"), ("iss", "http://localhost/oidc")];
    let parameters = parameters.map(|(name, value)| Parameter::new(name, value));
    let secret = Secret::new("s3cret");
    let redemption = Redemption {
        token_url: "http://localhost:8080/oidc/token",
        client_id: "app_01JD8ZR2",
        client_secret: &secret,
        redirect_uri: "http://localhost:8080/dev/callback",
    };
    let given = if full { parameters.to_vec() } else { Vec::new() };
    let mut page = CallbackPage::new(given, &redemption);
    page.again = full.then(|| path("/oidc/auth"));
    page
}
