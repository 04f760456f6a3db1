//! Every page and the template it fills.

use crate::consent::ConsentPage;
use crate::dev::{CallbackPage, OutboxPage};
use crate::error::ErrorPage;
use crate::form_post::FormPostPage;
use crate::home::HomePage;
use crate::logout::{SignOutPage, SignedOutPage};
use crate::reset::{ForgotPage, ForgotSentPage, NewPasswordPage, PasswordChangedPage};
use crate::setup::{SetupDonePage, SetupPage};
use crate::signin::code::{AskCodePage, CodePage};
use crate::signin::{SignInPage, SignedInPage};
use crate::signup::{SignUpDetailsPage, SignUpPage};
use crate::unlock::UnlockPage;
use crate::verify::{VerifiedPage, VerifyPage};
use serde::Serialize;

/// What a template is filled with; a template sees it as `page`.
pub trait Page: Serialize {
    /// The name of its template, a path below `templates/`.
    const TEMPLATE: &'static str;
}

/// Ties a struct to its template: `SignInPage => "signin/password.html"`.
macro_rules! pages {
    (shared: $($shared:literal),+; $($page:ty => $name:literal),+ $(,)?) => {
        $(impl Page for $page {
            const TEMPLATE: &'static str = $name;
        })+

        /// Name and source of every template, those that pages share first.
        pub(crate) const SOURCES: &[(&str, &str)] = &[
            $(source!($shared),)+
            $(source!($name)),+
        ];
    };
}

/// A template, read when the crate is built.
macro_rules! source {
    ($name:literal) => {
        ($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $name)))
    };
}

pages! {
    shared: "base.html", "card.html", "form.html", "wide.html", "parts.html";
    HomePage => "home.html",
    SignInPage => "signin/password.html",
    AskCodePage => "signin/ask_code.html",
    CodePage => "signin/code.html",
    UnlockPage => "signin/unlock.html",
    SignedInPage => "signin/done.html",
    SignUpPage => "signup/address.html",
    SignUpDetailsPage => "signup/details.html",
    ForgotPage => "reset/forgot.html",
    ForgotSentPage => "reset/sent.html",
    NewPasswordPage => "reset/new_password.html",
    PasswordChangedPage => "reset/done.html",
    VerifyPage => "verify/confirm.html",
    VerifiedPage => "verify/done.html",
    ConsentPage => "signin/consent.html",
    FormPostPage => "signin/form_post.html",
    SignOutPage => "signout/confirm.html",
    SignedOutPage => "signout/done.html",
    SetupPage => "setup/administrator.html",
    SetupDonePage => "setup/done.html",
    ErrorPage => "error.html",
    OutboxPage => "dev/outbox.html",
    CallbackPage => "dev/callback.html",
}
