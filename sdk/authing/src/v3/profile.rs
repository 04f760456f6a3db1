//! A user's own profile and how well it is secured.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::v3::users::UserDto;
use crate::v3::words::Gender;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What to show.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetProfile {
    /// Whether to show custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_custom_data: Option<bool>,
    /// Whether to show upstream identities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_identities: Option<bool>,
    /// Whether to show departments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_department_ids: Option<bool>,
}

/// What changes; a field that is left out stays, an empty text is cleared.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateProfile {
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Nickname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// Id in the customer's own system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
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
    /// Gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Values of custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
    /// Number of an identity document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_number: Option<String>,
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetSecurityLevel {}

/// How well an account is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SecurityLevel {
    /// Strength of the password, 1 to 3; 0 without one.
    pub password_security_level: i64,
    /// Whether a second factor is enrolled.
    pub mfa_enrolled: bool,
    /// Whether there is a password.
    pub password_set: bool,
    /// Whether there is an e-mail address.
    pub email_binded: bool,
    /// Whether there is a phone number.
    pub phone_binded: bool,
    /// All of it in one number, 0 to 100.
    pub security_score: i64,
}

endpoints! { AuthenticationClient, "profile";
    /// Get one's own profile.
    GET "/api/v3/get-profile" get_profile(GetProfile) -> UserDto, User "";
    /// Change one's own profile.
    POST "/api/v3/update-profile" update_profile(UpdateProfile) -> UserDto, User "";
    /// Get how well one's account is secured.
    GET "/api/v3/get-security-info" get_security_level(GetSecurityLevel) -> SecurityLevel, User "";
}
