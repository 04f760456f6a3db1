//! The trait of a sign-in method: one file implements it, one line lists it.

use crate::captcha::Answered;
use crate::cx::Cx;
use crate::one_time::Address;
use crate::passwords::CredentialUse;
use keystead_model::settings::SigninMethod;
use keystead_model::{ApplicationId, Code, Millis, Result, Secret, SigninId};
use keystead_store::users::User;
use serde::{Deserialize, Serialize};
use std::future::Future;
use std::pin::Pin;

/// The name of a method, as settings, pages and dialects spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodId {
    /// A password.
    Password,
    /// A code sent to the e-mail address.
    EmailCode,
    /// A code sent to the phone.
    SmsCode,
    /// The form of a new password that is due: proves nothing.
    NewPassword,
}

impl MethodId {
    /// Its text.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::EmailCode => "email_code",
            Self::SmsCode => "sms_code",
            Self::NewPassword => "new_password",
        }
    }
}

impl From<SigninMethod> for MethodId {
    fn from(method: SigninMethod) -> Self {
        match method {
            SigninMethod::Password => Self::Password,
            SigninMethod::EmailCode => Self::EmailCode,
            SigninMethod::SmsCode => Self::SmsCode,
        }
    }
}

/// By what a person is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NamedBy {
    /// Anything: its form decides (e-mail, then phone, then user name).
    #[default]
    Account,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A user name.
    Username,
}

/// What the person typed.
#[derive(Debug)]
pub struct Input {
    /// By what they named themselves.
    pub named_by: NamedBy,
    /// The name.
    pub identifier: String,
    /// Country code of a phone number that carries none; the pool's without.
    pub country: Option<String>,
    /// The secret: a password, a code.
    pub secret: Secret,
    /// Whether an account that does not exist may be made, where the settings allow it.
    pub may_register: bool,
    /// How this door stands towards captchas.
    pub captcha: Answered,
}

impl Input {
    /// A name and a secret; an account that does not exist stays unknown.
    #[must_use]
    pub fn new(named_by: NamedBy, identifier: impl Into<String>, secret: Secret) -> Self {
        let identifier = identifier.into();
        let captcha = Answered::Never;
        Self { named_by, identifier, country: None, secret, may_register: false, captcha }
    }
}

/// A proof of one factor, as the flow and the session keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// By which method.
    pub method: MethodId,
    /// Its authentication method reference (RFC 8176); empty for forms.
    pub amr: String,
    /// When.
    pub at: Millis,
}

/// Whom an attempt is about, before anything is checked.
#[derive(Debug)]
pub struct Candidate {
    /// The typed identifier, normalised: what is counted whether it exists or not.
    pub identifier: String,
    /// The user it names.
    pub user: Option<User>,
}

/// An admitted attempt.
#[derive(Debug)]
pub struct Attempted<'a> {
    /// The user, if the identifier names one.
    pub user: Option<&'a User>,
    /// What was typed.
    pub input: &'a Input,
    /// For which application.
    pub application: ApplicationId,
    /// In which stored flow.
    pub flow: Option<SigninId>,
}

/// What a check found.
#[derive(Debug)]
pub enum Verdict {
    /// The proof is right, by this evidence: settling it finds out whether that changed meanwhile.
    Right(Proof, By),
    /// It is not, and this says why.
    Wrong(Code),
}

/// What a right proof stands on.
#[derive(Debug)]
pub enum By {
    /// This state of a credential.
    Credential(CredentialUse),
    /// The possession of this address.
    Address(Address),
}

/// The future of a method's step.
pub type Step<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A way to prove who one is.
pub trait Method: Sync {
    /// Its name.
    fn id(&self) -> MethodId;

    /// Its authentication method reference (RFC 8176).
    fn amr(&self) -> &'static str;

    /// Whom the input is about.
    fn candidate<'a>(&'a self, cx: &'a mut Cx, input: &'a Input) -> Step<'a, Candidate>;

    /// Checks the proof, with no transaction open. The same work for known and unknown users.
    fn verify<'a>(&'a self, cx: &'a mut Cx, attempt: &'a Attempted<'a>) -> Step<'a, Verdict>;
}
