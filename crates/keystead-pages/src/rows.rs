//! The rows of the hosted pages.

use crate::captcha::On;
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
    /// Which captcha the form showed.
    #[serde(default)]
    pub captcha_token: String,
    /// What the person read in it.
    #[serde(default)]
    pub captcha: String,
}

/// The button for another picture, with what stands in the form.
#[derive(Debug, Deserialize)]
pub struct CaptchaForm {
    /// The flow's id.
    pub flow: String,
    /// What names the account, on the form that asks for it.
    #[serde(default)]
    pub identifier: String,
    /// The form the picture stands on.
    #[serde(default)]
    pub on: On,
}

/// Makes requests that name a flow and nothing else.
macro_rules! of_flow {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub struct $name {
            /// The flow's id.
            pub flow: String,
        })*
    };
}

of_flow! {
    /// A request for the form of account and password.
    AskPassword;
    /// A request for the form that sends a sign-in code by mail.
    AskEmailCode;
    /// A request for the form that sends a sign-in code by text message.
    AskSmsCode;
    /// A request for the form that takes a code.
    AskCode;
    /// The button for a new code.
    CodeAgain;
    /// A request for the form that begins a sign-up.
    AskSignUp;
    /// A request for the form that ends a sign-up.
    AskDetails;
    /// A request for the form about a forgotten password.
    AskForgot;
    /// A request for the form for the new password that a flow needs.
    AskNewPassword;
    /// A request for the form that ends a lock.
    AskUnlock;
    /// A request for the question whether an application may have what it asks for.
    AskConsent;
}

/// Makes forms with an address that something is sent to.
macro_rules! with_address {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub struct $name {
            /// The flow's id.
            pub flow: String,
            /// The e-mail address or phone number.
            #[serde(default)]
            pub identifier: String,
        })*
    };
}

with_address! {
    /// The form that sends a sign-in code by mail.
    EmailCodeForm;
    /// The form that sends a sign-in code by text message.
    SmsCodeForm;
    /// The form that begins a sign-up.
    SignUpForm;
    /// The form about a forgotten password.
    ForgotForm;
    /// The form that ends a lock.
    UnlockForm;
}

/// A form with a code that was sent.
#[derive(Debug, Deserialize)]
pub struct CodeForm {
    /// The flow's id.
    pub flow: String,
    /// The code.
    #[serde(default)]
    pub code: String,
    /// Which captcha the form showed.
    #[serde(default)]
    pub captcha_token: String,
    /// What the person read in it.
    #[serde(default)]
    pub captcha: String,
}

/// The form of a sign-up whose address is proved.
#[derive(Debug, Deserialize)]
pub struct DetailsForm {
    /// The flow's id.
    pub flow: String,
    /// The person's name.
    #[serde(default)]
    pub name: String,
    /// The password.
    pub password: Option<Secret>,
}

/// The form for the new password that a flow asks for.
#[derive(Debug, Deserialize)]
pub struct FlowPassword {
    /// The flow's id.
    pub flow: String,
    /// The new password.
    pub password: Option<Secret>,
}

/// The answer whether an application may have what it asks for.
#[derive(Debug, Deserialize)]
pub struct ConsentForm {
    /// The flow's id.
    pub flow: String,
    /// The id of the person who was asked.
    #[serde(default)]
    pub person: String,
    /// `allow` or `deny`.
    #[serde(default)]
    pub answer: String,
}

/// Makes requests that carry the secret of a link and nothing else.
macro_rules! of_link {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $($(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub struct $name {
            /// Its secret.
            pub token: Secret,
        })*
    };
}

of_link! {
    /// A link to set a new password.
    ResetLink;
    /// A link that confirms an address.
    VerifyLink;
    /// The button behind a link that confirms an address.
    VerifyForm;
}

/// The form behind a link to set a new password.
#[derive(Debug, Deserialize)]
pub struct LinkPassword {
    /// The secret of the link.
    pub token: Secret,
    /// The new password.
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
    /// Ask for account and password.
    GET "/signin/{flow}/password" password(AskPassword) -> Reply, Open "", answer Page;
    /// Show another picture on the form that asks for a captcha.
    POST "/signin/{flow}/captcha" new_captcha(CaptchaForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for the e-mail address that a sign-in code goes to.
    GET "/signin/{flow}/email-code" email_code(AskEmailCode) -> Reply, Open "", answer Page;
    /// Send a sign-in code by mail.
    POST "/signin/{flow}/email-code" send_email_code(EmailCodeForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for the phone number that a sign-in code goes to.
    GET "/signin/{flow}/sms-code" sms_code(AskSmsCode) -> Reply, Open "", answer Page;
    /// Send a sign-in code by text message.
    POST "/signin/{flow}/sms-code" send_sms_code(SmsCodeForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for the code that was sent.
    GET "/signin/{flow}/code" enter_code(AskCode) -> Reply, Open "", answer Page;
    /// Take the code that was sent.
    POST "/signin/{flow}/code" enter_code_by_form(CodeForm)
        -> Reply, Open "", body Form, answer Page;
    /// Send a new code to the same address.
    POST "/signin/{flow}/code/again" code_again(CodeAgain)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for the address of a new account.
    GET "/signin/{flow}/signup" sign_up(AskSignUp) -> Reply, Open "", answer Page;
    /// Send a code to the address of a new account.
    POST "/signin/{flow}/signup" sign_up_by_form(SignUpForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for password and name of a new account.
    GET "/signin/{flow}/signup/details" details(AskDetails) -> Reply, Open "", answer Page;
    /// Make the account, and go on.
    POST "/signin/{flow}/signup/details" details_by_form(DetailsForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for the address of an account whose password is forgotten.
    GET "/signin/{flow}/forgot" forgot(AskForgot) -> Reply, Open "", answer Page;
    /// Send a link to set a new password.
    POST "/signin/{flow}/forgot" forgot_by_form(ForgotForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for the new password that a flow needs.
    GET "/signin/{flow}/new-password" new_password(AskNewPassword) -> Reply, Open "", answer Page;
    /// Take the new password, and go on.
    POST "/signin/{flow}/new-password" new_password_by_form(FlowPassword)
        -> Reply, Open "", body Form, answer Page;
    /// Ask whether an application may have what it asks for.
    GET "/signin/{flow}/consent" consent(AskConsent) -> Reply, Open "", answer Page;
    /// Take the answer, and go on.
    POST "/signin/{flow}/consent" consent_by_form(ConsentForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for an address of a locked account.
    GET "/signin/{flow}/unlock" unlock_account(AskUnlock) -> Reply, Open "", answer Page;
    /// Send a code that ends a lock.
    POST "/signin/{flow}/unlock" unlock_account_by_form(UnlockForm)
        -> Reply, Open "", body Form, answer Page;
    /// Ask for the new password behind a link.
    GET "/reset-password" reset(ResetLink) -> Reply, Open "", answer Page;
    /// Set the new password, and use the link up.
    POST "/reset-password" reset_by_form(LinkPassword) -> Reply, Open "", body Form, answer Page;
    /// Ask whether the address of a link is to be confirmed.
    GET "/verify-email" verify(VerifyLink) -> Reply, Open "", answer Page;
    /// Confirm the address, and use the link up.
    POST "/verify-email" verify_by_form(VerifyForm) -> Reply, Open "", body Form, answer Page;
    /// Ask for the first administrator's e-mail address and password.
    GET "/setup/{secret}" setup(Setup) -> Reply, Open "", answer Page;
    /// Make the first administrator.
    POST "/setup/{secret}" setup_by_form(SetupForm) -> Reply, Open "", body Form, answer Page;
    /// Style sheets, scripts and pictures.
    GET "/assets/{file}" asset(AssetRequest) -> Reply, Open "", answer Page;
    /// The icon, where browsers look for it on their own.
    GET "/favicon.ico" favicon(Favicon) -> Reply, Open "", answer Page;
}
