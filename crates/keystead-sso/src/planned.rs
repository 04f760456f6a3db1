//! What is not offered yet says so, on a page; and the sign-out that knows no hint.

use crate::parameters::read;
use crate::rows::planned::{CasSignIn, CasSignOut, ProfileSignOut, SamlSignIn, SamlSignInForm};
use keystead_core::applications::App;
use keystead_core::{Cx, sessions};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result};
use keystead_web::{cookies, faces};
use std::sync::Arc;
use url::{Origin, Url};

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

/// The sign-out of protocols without a hint. It returns to an address that is registered for an
/// application of this session, and to no other. Any site could have sent the browser here, so a
/// page asks first, unless such an application did (`signin.md` 5.7).
///
/// # Errors
/// Faults of the store.
pub async fn profile_signout(cx: &mut Cx, _: ProfileSignOut) -> Result<Reply> {
    let cookie_name = cookies::session(cx);
    let cookie = cx.request.evidence.cookie(&cookie_name).map(str::to_owned);
    let faces = faces::of(cx)?;
    let Some(current) = sessions::current(cx, cookie.as_deref()).await? else {
        return faces.signed_out(cx);
    };
    let session = current.session.id;
    let apps = sessions::applications(cx, session).await?;
    let target = read(cx)?.get("redirect_uri").and_then(|uri| {
        let own = apps.iter().find(|app| app.logout_uris.iter().any(|known| known == uri))?;
        Some((own.client_id.clone(), uri.to_owned()))
    });
    let Some((client_id, uri)) = target else { return faces.confirm_sign_out(cx, &[]) };
    if !came_from(cx.request.evidence.referer.as_deref(), &apps) {
        let wish = [("client_id", client_id), ("post_logout_redirect_uri", uri)];
        return faces.confirm_sign_out(cx, &wish);
    }
    sessions::end(cx, session, "logout").await?;
    Ok(Reply::see_other(uri).with_header("set-cookie", cookies::remove(&cookie_name)))
}

/// Whether the page that led here belongs to one of these applications.
fn came_from(referer: Option<&str>, apps: &[Arc<App>]) -> bool {
    let origin = |text: &str| Url::parse(text).ok().map(|u| u.origin()).filter(Origin::is_tuple);
    let Some(from) = referer.and_then(origin) else { return false };
    let own = |app: &App| app.redirect_uris.iter().any(|uri| origin(uri).as_ref() == Some(&from));
    apps.iter().any(|app| own(app))
}

fn unsupported(protocol: &'static str) -> Error {
    let detail = format!("This server does not speak {protocol} yet; it speaks OpenID Connect.");
    Error::new(Code::OperationUnsupported).arg("operation", protocol).arg("detail", detail)
}
