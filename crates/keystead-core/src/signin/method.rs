//! The trait of a sign-in method: one file implements it, one line lists it.

use crate::cx::Cx;
use crate::passwords::CredentialUse;
use keystead_model::{Millis, Result, Secret};
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
}

impl MethodId {
    /// Its text.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Password => "password",
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
    /// The secret: a password, a code.
    pub secret: Secret,
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
}

/// What a check found.
#[derive(Debug)]
pub enum Verdict {
    /// The proof is right, by this state of a credential: settling it finds out whether the
    /// credential changed meanwhile.
    Right(Proof, CredentialUse),
    /// It is not, whatever was wrong with it.
    Wrong,
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
