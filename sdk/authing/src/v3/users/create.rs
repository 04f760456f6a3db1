//! What `create-user` takes.

use crate::secret::Secret;
use crate::v3::PasswordEncryptType;
use crate::v3::words::{DepartmentIdType, Gender, Provider, UserStatus};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A new user; at least one of e-mail address, phone number, user name and external id is needed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateUser {
    /// What it may do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<UserStatus>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number without its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Country code of the phone, such as `+86`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Its id in the customer's own system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Nickname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// Gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Whether the e-mail address was proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Whether the phone number was proved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_verified: Option<bool>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Browser of the last sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// Device of the last sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Middle name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Address of a profile page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Name it wants to be called by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// Address of a web site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// Language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The whole address in one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Password, encrypted as `options.password_encrypt_type` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Salt of an imported password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<Secret>,
    /// Tenants it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_ids: Option<Vec<String>>,
    /// A one-time password generator it already has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otp: Option<CreateUserOtp>,
    /// Departments, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_ids: Option<Vec<String>>,
    /// Values of custom fields, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
    /// Values by source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_source: Option<Value>,
    /// Upstream identities, if asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identities: Option<Vec<CreateIdentity>>,
    /// Number of an identity document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_number: Option<String>,
    /// How to create it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<CreateUserOptions>,
}

/// How a user is created.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateUserOptions {
    /// Whether the password is stored as sent, being a hash already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_password: Option<bool>,
    /// Whether a password is made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_generate_password: Option<bool>,
    /// Whether the first sign-in asks for a new password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_password_on_first_login: Option<bool>,
    /// What the ids of departments are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id_type: Option<DepartmentIdType>,
    /// Whom to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_notification: Option<SendNotification>,
    /// How the password is encrypted on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
}

/// How a new user hears of the account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SendNotification {
    /// By e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_email_notification: Option<bool>,
    /// By SMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_phone_notification: Option<bool>,
    /// The application whose sign-in page the message links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
}

/// A one-time password generator that is brought along.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateUserOtp {
    /// Its secret in base32.
    pub secret: Secret,
    /// Its recovery code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_code: Option<Secret>,
}

/// An upstream identity that is brought along.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateIdentity {
    /// The provider's id here.
    pub ext_idp_id: String,
    /// Which provider.
    pub provider: Provider,
    /// What kind of id `user_id_in_idp` is, such as `openid`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The user's id there.
    pub user_id_in_idp: String,
    /// What the provider said about the user.
    #[serde(default)]
    pub user_info_in_idp: Value,
    /// The provider's access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Secret>,
    /// The provider's refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// The connections it came through.
    #[serde(default)]
    pub origin_conn_ids: Vec<String>,
}
