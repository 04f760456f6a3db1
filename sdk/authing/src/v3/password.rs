//! A user's own password: changing, resetting and checking it.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::secret::Secret;
use crate::v3::{IsSuccess, PasswordEncryptType};
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

/// A new password, with the old one or the token of a proved reset.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdatePassword {
    /// The new one.
    pub new_password: Secret,
    /// The one in use, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_password: Option<Secret>,
    /// How both are encrypted on their way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
    /// In place of the old one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_reset_token: Option<Secret>,
}

words! {
    /// How the owner of a forgotten password proves who they are.
    ResetProof {
        EmailPasscode = "EMAIL_PASSCODE",
        PhonePasscode = "PHONE_PASSCODE",
    }
}

/// The proof for a reset; `verify_method` says which payload is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VerifyResetPasswordRequest {
    /// How.
    pub verify_method: ResetProof,
    /// For `PHONE_PASSCODE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_pass_code_payload: Option<PhonePassCode>,
    /// For `EMAIL_PASSCODE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_pass_code_payload: Option<EmailPassCode>,
}

/// A phone number and its code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PhonePassCode {
    /// The number.
    pub phone_number: String,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// The code.
    pub pass_code: Secret,
}

/// An e-mail address and its code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EmailPassCode {
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The code.
    pub pass_code: Secret,
}

/// What a reset is made with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordResetToken {
    /// The token.
    pub password_reset_token: Secret,
    /// How long it lives, in seconds.
    pub token_expires_in: i64,
}

/// A new password with the token of a proved reset.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResetPassword {
    /// The new one.
    pub password: Secret,
    /// The token.
    pub password_reset_token: Secret,
    /// How the password is encrypted on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
}

/// A password and one name of its user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidatePassword {
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// How it is encrypted on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
}

/// Whether a password is right; each look counts as a try to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ValidatedPassword {
    /// Whether it is.
    pub valid: bool,
}

endpoints! { AuthenticationClient, "password";
    /// Change one's own password.
    POST "/api/v3/update-password" update_password(UpdatePassword) -> (), User "";
    /// Prove the reset of a forgotten password; the answer's token makes it.
    POST "/api/v3/verify-reset-password-request"
        verify_reset_password_request(VerifyResetPasswordRequest) -> PasswordResetToken, Open "";
    /// Reset a forgotten password.
    POST "/api/v3/reset-password" reset_password(ResetPassword) -> IsSuccess, Open "";
    /// Ask whether a password is right.
    POST "/api/v3/validate-password" validate_password(ValidatePassword) -> ValidatedPassword,
        Open "";
}
