//! Consent: what an application may do, before it gets there.

pub mod handler;

use crate::{Href, Person};
use serde::Serialize;

/// The name of the field with the answer: [`ANSWER_ALLOW`] or [`ANSWER_DENY`].
pub const ANSWER_FIELD: &str = "answer";
/// The person allows what is listed.
pub const ANSWER_ALLOW: &str = "allow";
/// The person does not.
pub const ANSWER_DENY: &str = "deny";

/// Asks whether an application may have what it asked for.
#[derive(Clone, Debug, Serialize)]
pub struct ConsentPage {
    /// Where the form goes. It sends [`ANSWER_FIELD`].
    pub action: Href,
    /// The application's name.
    pub application: String,
    /// The host the person goes on to, as their browser will show it.
    pub host: Option<String>,
    /// Who is signed in.
    pub person: Person,
    /// Their id, which the form sends back: the answer counts for nobody else.
    pub person_id: String,
    /// Where another account is chosen, if the pool offers that.
    pub other_account: Option<Href>,
    /// What the application asked for.
    pub scopes: Vec<ScopeLine>,
    /// The application's privacy notice.
    pub privacy: Option<Href>,
}

/// One line of the list: a scope in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopeLine {
    text: &'static str,
    more: Option<&'static str>,
    scope: String,
}

impl ScopeLine {
    /// The words for a scope; one that we do not know is named as it is.
    #[must_use]
    pub fn of(scope: &str) -> Self {
        let known = SCOPES.iter().find(|(name, ..)| *name == scope);
        let (text, more) = known.map_or((OTHER, None), |(_, text, more)| (*text, *more));
        Self { text, more, scope: scope.to_owned() }
    }
}

const OTHER: &str = "page.consent.scope.other";

/// The words of the scopes of OpenID Connect Core, 5.4 and 11.
const SCOPES: &[(&str, &str, Option<&str>)] = &[
    ("openid", "page.consent.scope.openid", None),
    ("profile", "page.consent.scope.profile", None),
    ("email", "page.consent.scope.email", None),
    ("phone", "page.consent.scope.phone", None),
    ("address", "page.consent.scope.address", None),
    (
        "offline_access",
        "page.consent.scope.offline_access",
        Some("page.consent.scope.offline_access_more"),
    ),
];

/// The keys of texts that this file names, for the proof that none is missing or unused.
#[cfg(test)]
pub(crate) fn text_keys() -> Vec<&'static str> {
    SCOPES
        .iter()
        .flat_map(|(_, text, more)| [Some(*text), *more])
        .flatten()
        .chain([OTHER])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_have_words() {
        assert_eq!(ScopeLine::of("email").text, "page.consent.scope.email");
        assert!(ScopeLine::of("offline_access").more.is_some());
        let other = ScopeLine::of("orders:read");
        assert_eq!((other.text, other.scope.as_str()), (OTHER, "orders:read"));
    }
}
