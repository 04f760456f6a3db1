//! Second factors, identities and secrets of users, as administrators bring and see them.

use super::create::CreateUserOtp;
use crate::secret::Secret;
use crate::v3::words::UserIdType;
use serde::{Deserialize, Serialize};

/// Generators of one-time passwords that users have already.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportOtp {
    /// The generators, a user each.
    pub list: Vec<ImportOtpItem>,
}

/// A generator of a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ImportOtpItem {
    /// The id of the user.
    pub user_id: String,
    /// The generator.
    pub otp: CreateUserOtp,
}

/// The secret of a user's generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct OtpSecret {
    /// The secret in base32.
    pub secret: Secret,
}

/// The stored hash of a user's password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordCiphertext {
    /// The hash; empty for a user without a password.
    pub ciphertext: Secret,
}

/// Whose hashes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUserEncryptPasswordBatch {
    /// The ids of the users.
    pub user_ids: Vec<String>,
}

/// The stored hash of one user's password.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserEncryptPassword {
    /// The user.
    pub user_id: String,
    /// The hash; empty for a user without a password.
    pub encrypted_password: Secret,
}

/// Values that were encrypted with an RSA key of the caller's.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserFieldDecrypt {
    /// The values.
    pub data: Vec<EncryptedField>,
    /// The private key as PEM; it is not kept.
    pub private_key: Secret,
}

/// An encrypted value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EncryptedField {
    /// Whose it is; sent back as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Which field it is; sent back as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_name: Option<String>,
    /// The value: base64 of one RSA block, PKCS #1 v1.5.
    pub encrypted_content: String,
}

/// A decrypted value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DecryptedField {
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Which field it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field_name: Option<String>,
    /// The value.
    pub decrypted_content: Secret,
}

/// An identity that a user is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkIdentity {
    /// The user's id at the provider.
    pub user_id_in_idp: String,
    /// The id of the user.
    pub user_id: String,
    /// The identity source.
    pub ext_idp_id: String,
    /// What kind of id it is; `generic` without.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_social: Option<bool>,
}

/// Which identities are taken from a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UnlinkIdentity {
    /// The id of the user.
    pub user_id: String,
    /// The identity source.
    pub ext_idp_id: String,
    /// Not read: all identities of the source go.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_social: Option<bool>,
}

/// What sign-ins of a user ask for beside the first proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct MfaTriggerData {
    /// Token of a sign-in that waits for a second factor; empty, since none does here.
    #[serde(default)]
    pub mfa_token: String,
    /// Phone number codes go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_phone: Option<String>,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_phone_country_code: Option<String>,
    /// E-mail address codes go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_email: Option<String>,
    /// Nickname of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Phone number of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// Whether a face is a factor; never here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face_mfa_enabled: Option<bool>,
    /// Whether a generator of one-time passwords is a factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp_mfa_enabled: Option<bool>,
    /// The factors that are asked for.
    pub application_mfa: Vec<ApplicationMfa>,
}

/// A factor, and whether it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ApplicationMfa {
    /// `OTP`, `SMS`, `EMAIL` or `FACE`.
    pub mfa_policy: String,
    /// 1 when it is asked for, else 0.
    pub status: i64,
    /// Its place in the list.
    pub sort: i64,
}

/// What sign-ins of a user are to ask for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SetUsersMfaStatus {
    /// The factors.
    pub mfa_trigger_data: MfaTriggerData,
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
}
