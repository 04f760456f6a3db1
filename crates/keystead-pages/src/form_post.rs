//! The answer of an authorization request as a form (OAuth 2.0 Form Post Response Mode).

use crate::Href;
use serde::Serialize;

/// One parameter, sent as a hidden field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Parameter {
    /// A parameter of this name and value.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

/// Sends the answer to the application: by script at once, by the button without.
#[derive(Clone, Debug, Serialize)]
pub struct FormPostPage {
    /// The validated redirect address.
    pub action: Href,
    /// Whose it is, as the title says: its host, else the name of the pool.
    pub to: String,
    /// The parameters of the answer.
    pub parameters: Vec<Parameter>,
}
