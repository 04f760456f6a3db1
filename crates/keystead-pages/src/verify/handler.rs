//! Confirms an address through a link: the page asks, its button does it.

use super::{VerifiedPage, VerifyPage};
use crate::answer;
use crate::csp::Policy;
use crate::rows::{VerifyForm, VerifyLink};
use keystead_core::Cx;
use keystead_core::account::contact;
use keystead_endpoint::Reply;
use keystead_model::Result;
use keystead_web::origin;

/// Shows the button. Looking does not use the link up: scanners of mail look, too.
///
/// # Errors
/// `link.invalid`.
pub async fn verify(cx: &mut Cx, request: VerifyLink) -> Result<Reply> {
    let address = contact::look_at_link(cx, &request.token).await?;
    let query = cx.request.evidence.parameters.clone();
    let page = VerifyPage {
        action: answer::own(cx, "/verify-email")?,
        token: request.token.expose().to_owned(),
        address: Some(address.key),
    };
    answer::page(cx, &page, &Policy::Page, Some(&query))
}

/// Confirms the address, and uses the link up.
///
/// # Errors
/// `link.invalid`, `origin.foreign`, faults of the store.
pub async fn verify_by_form(cx: &mut Cx, request: VerifyForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let address = contact::verify_by_link(cx, &request.token).await?;
    let page = VerifiedPage { address: Some(address.key) };
    answer::page(cx, &page, &Policy::Page, None)
}
