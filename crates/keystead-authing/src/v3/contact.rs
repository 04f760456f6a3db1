//! A user's own addresses: binding, unbinding, changing.

use super::caller::{email, phone};
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::contact::{
    BindEmail, BindPhone, UnbindEmail, UnbindPhone, UpdateEmail, UpdateEmailToken, UpdatePhone,
    UpdatePhoneToken, VerifyUpdateEmailRequest, VerifyUpdatePhoneRequest,
};
use keystead_core::Cx;
use keystead_core::account::contact::{self, Proven};
use keystead_core::messages::Channel;
use keystead_core::one_time::Address;
use keystead_model::{Result, Secret};
use keystead_web::Routes;

/// The rows of addresses.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(bind_email)
        .on(unbind_email)
        .on(bind_phone)
        .on(unbind_phone)
        .on(verify_update_email_request)
        .on(update_email)
        .on(verify_update_phone_request)
        .on(update_phone)
}

async fn bind_email(cx: &mut Cx, request: BindEmail) -> Result<()> {
    let address = email(&request.email, "email")?;
    contact::bind(cx, &proven(&address, request.pass_code.expose())).await.map(drop)
}

async fn unbind_email(cx: &mut Cx, request: UnbindEmail) -> Result<()> {
    contact::unbind(cx, Channel::Email, request.pass_code.expose()).await.map(drop)
}

async fn bind_phone(cx: &mut Cx, request: BindPhone) -> Result<()> {
    let country = request.phone_country_code.as_deref();
    let address = phone(cx, &request.phone_number, country, "phoneNumber")?;
    contact::bind(cx, &proven(&address, request.pass_code.expose())).await.map(drop)
}

async fn unbind_phone(cx: &mut Cx, request: UnbindPhone) -> Result<()> {
    contact::unbind(cx, Channel::Sms, request.pass_code.expose()).await.map(drop)
}

async fn verify_update_email_request(
    cx: &mut Cx,
    request: VerifyUpdateEmailRequest,
) -> Result<UpdateEmailToken> {
    let sent = request.email_pass_code_payload;
    let new = email(&sent.new_email, "emailPassCodePayload.newEmail")?;
    let old = match &sent.old_email {
        Some(text) => Some(email(text, "emailPassCodePayload.oldEmail")?),
        None => None,
    };
    let old_code = sent.old_email_pass_code.unwrap_or_default();
    let old = old.as_ref().map(|address| proven(address, old_code.expose()));
    let new = proven(&new, sent.new_email_pass_code.expose());
    let (token, life) = contact::verify_change(cx, &new, old.as_ref()).await?;
    Ok(UpdateEmailToken { update_email_token: token.expose().into(), token_expires_in: life })
}

async fn update_email(cx: &mut Cx, request: UpdateEmail) -> Result<IsSuccess> {
    let token = Secret::new(request.update_email_token.expose());
    contact::change(cx, Channel::Email, &token).await?;
    Ok(IsSuccess { success: true })
}

async fn verify_update_phone_request(
    cx: &mut Cx,
    request: VerifyUpdatePhoneRequest,
) -> Result<UpdatePhoneToken> {
    let sent = request.phone_pass_code_payload;
    let country = sent.new_phone_country_code.as_deref();
    let new = phone(cx, &sent.new_phone_number, country, "phonePassCodePayload.newPhoneNumber")?;
    let country = sent.old_phone_country_code.as_deref();
    let old = match &sent.old_phone_number {
        Some(text) => Some(phone(cx, text, country, "phonePassCodePayload.oldPhoneNumber")?),
        None => None,
    };
    let old_code = sent.old_phone_pass_code.unwrap_or_default();
    let old = old.as_ref().map(|address| proven(address, old_code.expose()));
    let new = proven(&new, sent.new_phone_pass_code.expose());
    let (token, life) = contact::verify_change(cx, &new, old.as_ref()).await?;
    Ok(UpdatePhoneToken { update_phone_token: token.expose().into(), token_expires_in: life })
}

async fn update_phone(cx: &mut Cx, request: UpdatePhone) -> Result<IsSuccess> {
    let token = Secret::new(request.update_phone_token.expose());
    contact::change(cx, Channel::Sms, &token).await?;
    Ok(IsSuccess { success: true })
}

const fn proven<'a>(address: &'a Address, code: &'a str) -> Proven<'a> {
    Proven { address, code }
}
