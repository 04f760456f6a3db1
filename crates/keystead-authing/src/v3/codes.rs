//! Sending codes and looking at them: V3's channels are the domain's purposes.

use super::caller::{application, email, needed, phone};
use keystead_authing::v3::codes::{
    CaptchaCode, CodeType, EmailChannel, GetCaptchaCode, PreCheckCode, PreCheckedCode, SendEmail,
    SendSms, SmsChannel,
};
use keystead_core::one_time::codes::pre_check;
use keystead_core::one_time::{Address, CodePurpose};
use keystead_core::sending::{self, Wanted};
use keystead_core::{Cx, captcha};
use keystead_model::Result;
use keystead_web::Routes;

/// The rows of codes.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(send_sms).on(send_email).on(pre_check_code).on(get_captcha_code)
}

/// Sends a code by SMS.
async fn send_sms(cx: &mut Cx, request: SendSms) -> Result<()> {
    let country = request.phone_country_code.as_deref();
    let address = phone(cx, &request.phone_number, country, "phoneNumber")?;
    send(cx, of_sms(request.channel), &address).await
}

/// Sends a code or a link by e-mail.
async fn send_email(cx: &mut Cx, request: SendEmail) -> Result<()> {
    let address = email(&request.email, "email")?;
    match of_email(request.channel) {
        Some(purpose) => send(cx, purpose, &address).await,
        None => {
            let app = application(cx).await?;
            sending::verify_link_to(cx, &address, app.as_deref()).await
        }
    }
}

async fn send(cx: &mut Cx, purpose: CodePurpose, address: &Address) -> Result<()> {
    let app = application(cx).await?;
    let application = app.as_deref();
    sending::code(cx, &Wanted { purpose, address, application, flow: None, user: None }).await
}

/// Tells whether a code is right.
async fn pre_check_code(cx: &mut Cx, request: PreCheckCode) -> Result<PreCheckedCode> {
    let (purpose, address, code) = match request.code_type {
        CodeType::Sms => {
            let sent = needed(request.sms_code_payload, "smsCodePayload")?;
            let country = sent.phone_country_code.as_deref();
            let address = phone(cx, &sent.phone, country, "smsCodePayload.phone")?;
            (Some(of_sms(sent.channel)), address, sent.pass_code)
        }
        CodeType::Email => {
            let sent = needed(request.email_code_payload, "emailCodePayload")?;
            let address = email(&sent.email, "emailCodePayload.email")?;
            (of_email(sent.channel), address, sent.pass_code)
        }
    };
    let app = application(cx).await?;
    let is_valid = match purpose {
        Some(purpose) => pre_check(cx, purpose, &address, code.expose(), app.as_deref()).await?,
        // Its mail carries a link and no code.
        None => false,
    };
    Ok(PreCheckedCode { is_valid, message: None })
}

/// Makes a captcha for the application that asks.
async fn get_captcha_code(cx: &mut Cx, _: GetCaptchaCode) -> Result<CaptchaCode> {
    let app = application(cx).await?;
    let shown = captcha::make(cx, app.map(|app| app.id), None).await?;
    let (width, height) = captcha::SIZE;
    let captcha_code_svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\"><image width=\"{width}\" height=\"{height}\" \
         href=\"{}\"/></svg>",
        shown.picture
    );
    Ok(CaptchaCode { captcha_code_svg, captcha_token: shown.token.expose().into() })
}

const fn of_sms(channel: SmsChannel) -> CodePurpose {
    match channel {
        SmsChannel::Login => CodePurpose::Login,
        SmsChannel::Register => CodePurpose::Register,
        SmsChannel::ResetPassword => CodePurpose::Reset,
        SmsChannel::BindPhone => CodePurpose::Contact,
        SmsChannel::UnbindPhone => CodePurpose::Unbind,
        SmsChannel::BindMfa => CodePurpose::Enroll,
        SmsChannel::VerifyMfa => CodePurpose::Mfa,
        SmsChannel::UnbindMfa => CodePurpose::Unenroll,
        SmsChannel::CompletePhone => CodePurpose::Complete,
        SmsChannel::IdentityVerification => CodePurpose::Identity,
        SmsChannel::DeleteAccount => CodePurpose::Delete,
    }
}

/// `None`: a link goes out in place of a code.
const fn of_email(channel: EmailChannel) -> Option<CodePurpose> {
    Some(match channel {
        EmailChannel::Login => CodePurpose::Login,
        EmailChannel::Register => CodePurpose::Register,
        EmailChannel::ResetPassword => CodePurpose::Reset,
        EmailChannel::VerifyEmailLink => return None,
        EmailChannel::UpdateEmail | EmailChannel::BindEmail => CodePurpose::Contact,
        EmailChannel::UnbindEmail => CodePurpose::Unbind,
        EmailChannel::VerifyMfa => CodePurpose::Mfa,
        EmailChannel::UnlockAccount => CodePurpose::Unlock,
        EmailChannel::CompleteEmail => CodePurpose::Complete,
        EmailChannel::DeleteAccount => CodePurpose::Delete,
    })
}
