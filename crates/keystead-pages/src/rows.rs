//! The rows of the hosted pages.

use keystead_endpoint::{Reply, endpoints};
use keystead_model::Secret;
use serde::Deserialize;

/// A request for the page at the root.
#[derive(Debug, Deserialize)]
pub struct Home {}

/// A request for the page of a sign-in flow.
#[derive(Debug, Deserialize)]
pub struct SignIn {
    /// The flow's id; the flow is opened by the secret in its cookie.
    pub flow: String,
}

/// The form of a sign-in flow's page.
#[derive(Debug, Deserialize)]
pub struct SignInForm {
    /// The flow's id.
    pub flow: String,
    /// What names the account.
    #[serde(default)]
    pub identifier: String,
    /// The password.
    pub password: Option<Secret>,
}

/// A request for the set-up page.
#[derive(Debug, Deserialize)]
pub struct Setup {
    /// The secret of the set-up link.
    pub secret: Secret,
}

/// The form of the set-up page.
#[derive(Debug, Deserialize)]
pub struct SetupForm {
    /// The secret of the set-up link.
    pub secret: Secret,
    /// The administrator's e-mail address.
    #[serde(default)]
    pub email: String,
    /// Their password.
    pub password: Option<Secret>,
}

/// A request for an asset.
#[derive(Debug, Deserialize)]
pub struct AssetRequest {
    /// Its file name.
    pub file: String,
}

/// A request for the icon that browsers look for on their own.
#[derive(Debug, Deserialize)]
pub struct Favicon {}

endpoints! { "pages";
    /// Say who is signed in.
    GET "/" home(Home) -> Reply, Open "", answer Page;
    /// Show what a sign-in flow needs next.
    GET "/signin/{flow}" signin(SignIn) -> Reply, Open "", answer Page;
    /// Take what the person entered, and go on.
    POST "/signin/{flow}" signin_by_form(SignInForm) -> Reply, Open "", body Form, answer Page;
    /// Ask for the first administrator's e-mail address and password.
    GET "/setup/{secret}" setup(Setup) -> Reply, Open "", answer Page;
    /// Make the first administrator.
    POST "/setup/{secret}" setup_by_form(SetupForm) -> Reply, Open "", body Form, answer Page;
    /// Style sheets, scripts and pictures.
    GET "/assets/{file}" asset(AssetRequest) -> Reply, Open "", answer Page;
    /// The icon, where browsers look for it on their own.
    GET "/favicon.ico" favicon(Favicon) -> Reply, Open "", answer Page;
}
