//! Signing in by password, and the page that says it is done.

pub mod captcha;
pub mod code;
pub mod handler;
pub mod methods;

use crate::captcha::CaptchaField;
use crate::problem::Problem;
use crate::signin::methods::MethodLink;
use crate::{Href, Person};
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
    pub problem: Option<Problem>,
    /// The ways to sign in, this one among them.
    pub methods: Vec<MethodLink>,
    /// Where a forgotten password is reset, if the pool offers that.
    pub forgot: Option<Href>,
    /// Where an account is made, if the pool offers that.
    pub sign_up: Option<Href>,
    /// Where a locked account is unlocked by a code; given when a lock may be said.
    pub unlock: Option<Href>,
    /// The account was unlocked a moment ago.
    pub unlocked: bool,
    /// The captcha that the next try takes.
    pub captcha: Option<CaptchaField>,
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
            methods: Vec::new(),
            forgot: None,
            sign_up: None,
            unlock: None,
            unlocked: false,
            captcha: None,
        }
    }
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
