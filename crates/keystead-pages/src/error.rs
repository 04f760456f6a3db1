//! The error page: what happened, what to do, and the number that finds it in the log.

use crate::Href;
use keystead_model::{Code, Error, Kind};
use serde::Serialize;

/// An answer that leads nowhere else, for people.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    words: Words,
    /// The application that sent the person here, if it is known.
    pub application: Option<String>,
    /// What the application's developers need to know; shown as it is, never a secret.
    pub detail: Option<String>,
    /// The number of the request, as in `x-request-id` and in the log.
    pub request_id: String,
    /// Where to start again.
    pub again: Option<Href>,
}

impl ErrorPage {
    /// The page about this error. An argument `detail` of the error becomes the detail, unless
    /// the fault is ours.
    #[must_use]
    pub fn new(error: &Error, request_id: impl Into<String>) -> Self {
        let ours = error.kind() == Kind::Internal;
        let detail = error.args().into_iter().find(|(name, _)| *name == "detail");
        Self {
            words: Words::of(error.code()),
            application: None,
            detail: detail.map(|(_, text)| text).filter(|_| !ours),
            request_id: request_id.into(),
            again: None,
        }
    }
}

/// The keys of three texts: title, what happened, what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Words {
    title: &'static str,
    what: &'static str,
    todo: &'static str,
}

/// The three keys below `page.error.<name>`.
macro_rules! words {
    ($name:literal) => {
        Words {
            title: concat!("page.error.", $name, ".title"),
            what: concat!("page.error.", $name, ".what"),
            todo: concat!("page.error.", $name, ".todo"),
        }
    };
}

impl Words {
    fn of(code: Code) -> Self {
        match code {
            Code::ApplicationUnknown | Code::ApplicationDisabled | Code::ClientInvalid => {
                words!("application")
            }
            Code::RedirectUnregistered => words!("redirect"),
            Code::SetupLinkInvalid => words!("setup"),
            Code::LinkInvalid => words!("link"),
            Code::SignupDisabled => words!("no_signup"),
            Code::OriginForeign => words!("origin"),
            Code::UserBlocked => words!("blocked"),
            _ => Self::of_kind(code.kind()),
        }
    }

    fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Invalid | Kind::Conflict => words!("request"),
            Kind::Unauthenticated => words!("signed_out"),
            Kind::Denied => words!("denied"),
            Kind::NotFound => words!("not_found"),
            Kind::Gone => words!("over"),
            Kind::TooMany => words!("too_many"),
            Kind::Unavailable => words!("busy"),
            Kind::Unsupported => words!("unsupported"),
            Kind::Internal => words!("internal"),
        }
    }
}

/// The keys of texts that this file names, for the proof that none is missing or unused.
#[cfg(test)]
pub(crate) fn text_keys() -> Vec<&'static str> {
    let words = Code::ALL.iter().map(|code| Words::of(*code));
    words.flat_map(|words| [words.title, words.what, words.todo]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_is_shown_unless_the_fault_is_ours() {
        let detail = |code| ErrorPage::new(&Error::new(code).arg("detail", "x"), "r").detail;
        assert_eq!(detail(Code::RequestInvalid).as_deref(), Some("x"));
        assert_eq!(detail(Code::Internal), None);
    }

    #[test]
    fn codes_have_words_of_their_own_or_of_their_kind() {
        assert_eq!(Words::of(Code::RedirectUnregistered).title, "page.error.redirect.title");
        assert_eq!(Words::of(Code::ScopeInvalid).todo, "page.error.request.todo");
        assert_eq!(Words::of(Code::SigninExpired).what, "page.error.over.what");
    }
}
