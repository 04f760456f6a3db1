//! A user's own addresses: binding, unbinding and changing them.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::secret::Secret;
use crate::v3::IsSuccess;
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

/// An e-mail address that its code proves.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BindEmail {
    /// The code.
    pub pass_code: Secret,
    /// The address.
    pub email: String,
}

/// The code that was sent to the address to give up.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnbindEmail {
    /// The code.
    pub pass_code: Secret,
}

/// A phone number that its code proves.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct BindPhone {
    /// The code.
    pub pass_code: Secret,
    /// The number.
    pub phone_number: String,
    /// Its country code, such as `+86`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
}

/// The code that was sent to the number to give up.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnbindPhone {
    /// The code.
    pub pass_code: Secret,
}

words! {
    /// How a change of the e-mail address is proved.
    EmailProof {
        EmailPasscode = "EMAIL_PASSCODE",
    }
}

words! {
    /// How a change of the phone number is proved.
    PhoneProof {
        PhonePasscode = "PHONE_PASSCODE",
    }
}

/// The proof for a change of the e-mail address.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VerifyUpdateEmailRequest {
    /// How.
    pub verify_method: EmailProof,
    /// The new address, and the old one if there is one.
    pub email_pass_code_payload: NewEmail,
}

/// A new e-mail address and the codes of both.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NewEmail {
    /// The new address.
    pub new_email: String,
    /// Its code.
    pub new_email_pass_code: Secret,
    /// The address that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_email: Option<String>,
    /// Its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_email_pass_code: Option<Secret>,
}

/// What the change is made with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateEmailToken {
    /// The token.
    pub update_email_token: Secret,
    /// How long it lives, in seconds.
    pub token_expires_in: i64,
}

/// The token of a proved change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateEmail {
    /// The token.
    pub update_email_token: Secret,
}

/// The proof for a change of the phone number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VerifyUpdatePhoneRequest {
    /// How.
    pub verify_method: PhoneProof,
    /// The new number, and the old one if there is one.
    pub phone_pass_code_payload: NewPhone,
}

/// A new phone number and the codes of both.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NewPhone {
    /// The new number.
    pub new_phone_number: String,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_phone_country_code: Option<String>,
    /// Its code.
    pub new_phone_pass_code: Secret,
    /// The number that it takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_phone_number: Option<String>,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_phone_country_code: Option<String>,
    /// Its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_phone_pass_code: Option<Secret>,
}

/// What the change is made with.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdatePhoneToken {
    /// The token.
    pub update_phone_token: Secret,
    /// How long it lives, in seconds.
    pub token_expires_in: i64,
}

/// The token of a proved change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdatePhone {
    /// The token.
    pub update_phone_token: Secret,
}

endpoints! { AuthenticationClient, "contact";
    /// Bind an e-mail address to one's account.
    POST "/api/v3/bind-email" bind_email(BindEmail) -> (), User "";
    /// Give up one's e-mail address.
    POST "/api/v3/unbind-email" unbind_email(UnbindEmail) -> (), User "";
    /// Bind a phone number to one's account.
    POST "/api/v3/bind-phone" bind_phone(BindPhone) -> (), User "";
    /// Give up one's phone number.
    POST "/api/v3/unbind-phone" unbind_phone(UnbindPhone) -> (), User "";
    /// Prove a change of one's e-mail address; the answer's token makes it.
    POST "/api/v3/verify-update-email-request"
        verify_update_email_request(VerifyUpdateEmailRequest) -> UpdateEmailToken, User "";
    /// Change one's e-mail address.
    POST "/api/v3/update-email" update_email(UpdateEmail) -> IsSuccess, User "";
    /// Prove a change of one's phone number; the answer's token makes it.
    POST "/api/v3/verify-update-phone-request"
        verify_update_phone_request(VerifyUpdatePhoneRequest) -> UpdatePhoneToken, User "";
    /// Change one's phone number.
    POST "/api/v3/update-phone" update_phone(UpdatePhone) -> IsSuccess, User "";
}
