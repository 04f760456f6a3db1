//! A user's own password: changing, resetting, checking.

use super::caller::{application, email, needed, phone};
use super::signin::transport;
use keystead_authing::secret::Secret as Sent;
use keystead_authing::v3::password::{
    EmailPassCode, PasswordResetToken, PhonePassCode, ResetPassword, ResetProof, UpdatePassword,
    ValidatePassword, ValidatedPassword, VerifyResetPasswordRequest,
};
use keystead_authing::v3::{IsSuccess, PasswordEncryptType};
use keystead_core::Cx;
use keystead_core::account::password;
use keystead_core::one_time::Address;
use keystead_core::passwords::{self, Transport};
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{self, Input};
use keystead_model::{Result, Secret};
use keystead_web::Routes;

/// The rows of passwords.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(update_password)
        .on(verify_reset_password_request)
        .on(reset_password)
        .on(validate_password)
}

async fn update_password(cx: &mut Cx, request: UpdatePassword) -> Result<()> {
    let how = how(request.password_encrypt_type)?;
    let new = own(&request.new_password);
    let given = |secret: Option<Sent>| secret.filter(|text| !text.expose().is_empty());
    match given(request.password_reset_token) {
        Some(token) => password::reset_mine(cx, &own(&token), new, how).await,
        None => password::change(cx, given(request.old_password).as_ref().map(own), new, how).await,
    }
}

async fn verify_reset_password_request(
    cx: &mut Cx,
    request: VerifyResetPasswordRequest,
) -> Result<PasswordResetToken> {
    let (address, code) = match request.verify_method {
        ResetProof::EmailPasscode => by_email(request.email_pass_code_payload)?,
        ResetProof::PhonePasscode => by_phone(cx, request.phone_pass_code_payload)?,
    };
    let (token, life) = password::verify_reset(cx, &address, code.expose()).await?;
    Ok(PasswordResetToken { password_reset_token: token.expose().into(), token_expires_in: life })
}

async fn reset_password(cx: &mut Cx, request: ResetPassword) -> Result<IsSuccess> {
    let how = how(request.password_encrypt_type)?;
    let token = own(&request.password_reset_token);
    password::reset(cx, &token, own(&request.password), how).await?;
    Ok(IsSuccess { success: true })
}

async fn validate_password(cx: &mut Cx, request: ValidatePassword) -> Result<ValidatedPassword> {
    let how = how(request.password_encrypt_type)?;
    let sent = needed(request.password.filter(|text| !text.expose().is_empty()), "password")?;
    let named = [
        (NamedBy::Email, request.email),
        (NamedBy::Phone, request.phone),
        (NamedBy::Username, request.username),
    ];
    let named =
        named.into_iter().find_map(|(by, text)| Some((by, text.filter(|t| !t.is_empty())?)));
    let (named_by, name) = needed(named, "email")?;
    let app = needed(application(cx).await?, "x-authing-app-id")?;
    let secret = passwords::receive(cx, own(&sent), how, false)?;
    let country = request.phone_country_code;
    let input = Input { country, ..Input::new(named_by, name, secret) };
    Ok(ValidatedPassword { valid: signin::is_right(cx, &app, &input).await? })
}

/// The address and code of a proof by e-mail.
pub(super) fn by_email(sent: Option<EmailPassCode>) -> Result<(Address, Sent)> {
    let sent = needed(sent, "emailPassCodePayload")?;
    let text = sent.email.unwrap_or_default();
    Ok((email(&text, "emailPassCodePayload.email")?, sent.pass_code))
}

/// The number and code of a proof by phone.
pub(super) fn by_phone(cx: &Cx, sent: Option<PhonePassCode>) -> Result<(Address, Sent)> {
    let sent = needed(sent, "phonePassCodePayload")?;
    let country = sent.phone_country_code.as_deref();
    let field = "phonePassCodePayload.phoneNumber";
    Ok((phone(cx, &sent.phone_number, country, field)?, sent.pass_code))
}

fn own(secret: &Sent) -> Secret {
    Secret::new(secret.expose())
}

fn how(kind: Option<PasswordEncryptType>) -> Result<Transport> {
    transport(kind).map_err(|error| error.field("passwordEncryptType"))
}
