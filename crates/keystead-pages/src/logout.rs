//! Signing out: the question, and the page that says it is done.

use crate::form_post::Parameter;
use crate::{Href, Person};
use serde::Serialize;

/// "Sign out?": asked when the request carries no proof that the person wants it.
#[derive(Clone, Debug, Serialize)]
pub struct SignOutPage {
    /// Where the form goes. It sends [`ANSWER_FIELD`] and the parameters.
    pub action: Href,
    /// What the form repeats: the parameters of the request, still to be checked.
    pub parameters: Vec<Parameter>,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The application that asked.
    pub application: Option<String>,
}

/// The name of the field with the answer: [`ANSWER_SIGN_OUT`] or [`ANSWER_STAY`].
pub const ANSWER_FIELD: &str = "answer";
/// The person wants to sign out.
pub const ANSWER_SIGN_OUT: &str = "sign_out";
/// The person wants to stay signed in.
pub const ANSWER_STAY: &str = "stay";

/// "You are signed out."
#[derive(Clone, Debug, Default, Serialize)]
pub struct SignedOutPage {
    /// Where to go on: the application's registered address.
    pub next: Option<Href>,
    /// Where to sign in again.
    pub sign_in: Option<Href>,
}
