//! The button for another picture: the same form again, with a new captcha. Nothing is tried.

use super::SignInPage;
use super::code::CodePage;
use super::code::handler as codes;
use super::handler::form;
use crate::captcha::{self, On};
use crate::flows;
use crate::rows::CaptchaForm;
use keystead_core::Cx;
use keystead_endpoint::Reply;
use keystead_model::Result;
use keystead_web::origin;

/// Shows another picture on the form that asks for a captcha; a password is not kept.
///
/// # Errors
/// `origin.foreign`, `rate.limited`, faults of the store.
pub async fn new_captcha(cx: &mut Cx, request: CaptchaForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    match (request.on, held.flow.answers.sent.clone()) {
        (On::Password, _) => {
            let captcha = Some(captcha::field(cx, &held, On::Password).await?);
            let page = form(cx, &held, request.identifier.trim())?;
            held.shown(cx, &SignInPage { captcha, ..page }, "")
        }
        (On::Code, Some(sent)) => {
            let captcha = Some(captcha::field(cx, &held, On::Code).await?);
            let page = codes::page(cx, &held, &sent)?;
            held.shown(cx, &CodePage { captcha, ..page }, "")
        }
        (On::Code, None) => held.go(cx, ""),
    }
}
