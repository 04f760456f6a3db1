//! Sending codes, and asking whether one is right.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::secret::Secret;
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

words! {
    /// What a code sent by SMS is for.
    SmsChannel {
        Login = "CHANNEL_LOGIN",
        Register = "CHANNEL_REGISTER",
        ResetPassword = "CHANNEL_RESET_PASSWORD",
        BindPhone = "CHANNEL_BIND_PHONE",
        UnbindPhone = "CHANNEL_UNBIND_PHONE",
        BindMfa = "CHANNEL_BIND_MFA",
        VerifyMfa = "CHANNEL_VERIFY_MFA",
        UnbindMfa = "CHANNEL_UNBIND_MFA",
        CompletePhone = "CHANNEL_COMPLETE_PHONE",
        IdentityVerification = "CHANNEL_IDENTITY_VERIFICATION",
        DeleteAccount = "CHANNEL_DELETE_ACCOUNT",
    }
}

words! {
    /// What a code or link sent by e-mail is for.
    EmailChannel {
        Login = "CHANNEL_LOGIN",
        Register = "CHANNEL_REGISTER",
        ResetPassword = "CHANNEL_RESET_PASSWORD",
        VerifyEmailLink = "CHANNEL_VERIFY_EMAIL_LINK",
        UpdateEmail = "CHANNEL_UPDATE_EMAIL",
        BindEmail = "CHANNEL_BIND_EMAIL",
        UnbindEmail = "CHANNEL_UNBIND_EMAIL",
        VerifyMfa = "CHANNEL_VERIFY_MFA",
        UnlockAccount = "CHANNEL_UNLOCK_ACCOUNT",
        CompleteEmail = "CHANNEL_COMPLETE_EMAIL",
        DeleteAccount = "CHANNEL_DELETE_ACCOUNT",
    }
}

words! {
    /// By which way a code was sent.
    CodeType {
        Sms = "SMS",
        Email = "EMAIL",
    }
}

/// A code for a phone number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SendSms {
    /// What it is for.
    pub channel: SmsChannel,
    /// The number.
    pub phone_number: String,
    /// Its country code, such as `+86`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
}

/// A code, or a link, for an e-mail address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SendEmail {
    /// What it is for.
    pub channel: EmailChannel,
    /// The address.
    pub email: String,
}

/// A code that is looked at without being used up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PreCheckCode {
    /// By which way it was sent; it says which payload is read.
    pub code_type: CodeType,
    /// For `SMS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sms_code_payload: Option<PreCheckSmsCode>,
    /// For `EMAIL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_code_payload: Option<PreCheckEmailCode>,
}

/// A code that was sent to a phone.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PreCheckSmsCode {
    /// What it is for.
    pub channel: SmsChannel,
    /// The number.
    pub phone: String,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// The code.
    pub pass_code: Secret,
}

/// A code that was sent to an e-mail address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PreCheckEmailCode {
    /// What it is for.
    pub channel: EmailChannel,
    /// The address.
    pub email: String,
    /// The code.
    pub pass_code: Secret,
}

/// Whether a code is right; each look costs one of its tries.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PreCheckedCode {
    /// Whether it is.
    pub is_valid: bool,
    /// What to say if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A request for a captcha.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetCaptchaCode {}

/// A captcha, for the next try of a sign-in that takes one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaptchaCode {
    /// The picture, as an SVG document.
    pub captcha_code_svg: String,
    /// Which captcha it is; it goes back with the characters, as `options.captchaToken`.
    pub captcha_token: Secret,
}

endpoints! { AuthenticationClient, "codes";
    /// Send a code by SMS.
    POST "/api/v3/send-sms" send_sms(SendSms) -> (), Open "";
    /// Send a code or a link by e-mail.
    POST "/api/v3/send-email" send_email(SendEmail) -> (), Open "";
    /// Ask whether a code is right, without using it up.
    POST "/api/v3/pre-check-code" pre_check_code(PreCheckCode) -> PreCheckedCode, Open "";
    /// Get a captcha for the next sign-in.
    GET "/api/v3/get-captcha-code" get_captcha_code(GetCaptchaCode) -> CaptchaCode, Open "";
}
