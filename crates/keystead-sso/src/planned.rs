//! What is not offered yet says so, on a page; and the sign-out that knows no hint.

use crate::rows::planned::{CasSignIn, CasSignOut, ProfileSignOut, SamlSignIn, SamlSignInForm};
use keystead_core::{Cx, sessions};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result};
use keystead_web::{cookies, faces};

/// Sign-in by CAS.
///
/// # Errors
/// `operation.unsupported`.
pub async fn cas_signin(_: &mut Cx, _: CasSignIn) -> Result<Reply> {
    Err(unsupported("CAS"))
}

/// Sign-out by CAS.
///
/// # Errors
/// `operation.unsupported`.
pub async fn cas_signout(_: &mut Cx, _: CasSignOut) -> Result<Reply> {
    Err(unsupported("CAS"))
}

/// Sign-in by SAML.
///
/// # Errors
/// `operation.unsupported`.
pub async fn saml_signin(_: &mut Cx, _: SamlSignIn) -> Result<Reply> {
    Err(unsupported("SAML"))
}

/// Sign-in by SAML, by form.
///
/// # Errors
/// `operation.unsupported`.
pub async fn saml_signin_by_form(_: &mut Cx, _: SamlSignInForm) -> Result<Reply> {
    Err(unsupported("SAML"))
}

/// The sign-out of protocols without a hint: a page asks, since any site could have sent the
/// browser here, and leads nowhere else, since nothing says whose address the target would be.
///
/// # Errors
/// Faults of the store.
pub async fn profile_signout(cx: &mut Cx, _: ProfileSignOut) -> Result<Reply> {
    let cookie = cx.request.evidence.cookie(&cookies::session(cx)).map(str::to_owned);
    let current = sessions::current(cx, cookie.as_deref()).await?;
    let faces = faces::of(cx)?;
    match current {
        Some(_) => faces.confirm_sign_out(cx, &[]),
        None => faces.signed_out(cx),
    }
}

fn unsupported(protocol: &'static str) -> Error {
    let detail = format!("This server does not speak {protocol} yet; it speaks OpenID Connect.");
    Error::new(Code::OperationUnsupported).arg("operation", protocol).arg("detail", detail)
}
