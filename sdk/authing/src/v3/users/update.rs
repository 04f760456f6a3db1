//! What `update-user` takes.

use crate::secret::Secret;
use crate::v3::PasswordEncryptType;
use crate::v3::words::{Gender, UserIdType, UserStatus};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// What changes of a user: a field that is left out stays as it is, an empty text (or `null` on
/// the wire) clears it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateUser {
    /// The user; what it is, say the options.
    pub user_id: String,
    /// What it may do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<UserStatus>,
    /// E-mail address.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number without its country code.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Country code of the phone, such as `+86`.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// User name.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Its id in the customer's own system.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Full name.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Nickname.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Address of a picture.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
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
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// Country.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Province.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// City.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Address.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Street.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// Postal code.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Company.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Browser of the last sign-in.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// Device of the last sign-in.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Given name.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Middle name.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Address of a profile page.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Name it wants to be called by.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// Address of a web site.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Time zone.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// Language.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The whole address in one text.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Region.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Number of an identity document.
    #[serde(default, deserialize_with = "cleared", skip_serializing_if = "Option::is_none")]
    pub identity_number: Option<String>,
    /// A new password, encrypted as the options say; sessions end with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// Values of custom fields to change; `null` removes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
    /// Values of another data model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Value>,
    /// How to change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<UpdateUserOptions>,
}

/// How a user is changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateUserOptions {
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Whether the first sign-in asks for a new password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_password_on_first_login: Option<bool>,
    /// Whether the next sign-in asks for a new password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_password_on_next_login: Option<bool>,
    /// How the password is encrypted on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
    /// Whether a password is made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_generate_password: Option<bool>,
    /// Whom to tell of the new password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_password_reseted_notification: Option<SendPasswordReset>,
}

/// How a user hears of a password that an administrator set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SendPasswordReset {
    /// By e-mail to the user's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_default_email_notification: Option<bool>,
    /// By SMS to the user's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_default_phone_notification: Option<bool>,
    /// By e-mail to this address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_send_email_notification: Option<String>,
    /// By SMS to this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_send_phone_notification: Option<String>,
    /// The application whose sign-in page the message links to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
}

/// Changes of several users: all of them or none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateUserBatch {
    /// The changes; options of a row are not read.
    pub list: Vec<UpdateUser>,
    /// How to change them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<UpdateUserOptions>,
}

/// `null` clears a text, as an empty one does.
fn cleared<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Some(Option::<String>::deserialize(from)?.unwrap_or_default()))
}
