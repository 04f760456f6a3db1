//! Signing up, with a password or a code.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::secret::Secret;
use crate::v3::PasswordEncryptType;
use crate::v3::signin::PassCodePayload;
use crate::v3::users::UserDto;
use crate::v3::words::Gender;
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

words! {
    /// How somebody signs up; it says which payload is read.
    SignUpConnection {
        Password = "PASSWORD",
        Passcode = "PASSCODE",
    }
}

/// A sign-up with the payload that `connection` names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignUp {
    /// How.
    pub connection: SignUpConnection,
    /// For `PASSWORD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_payload: Option<SignUpPassword>,
    /// For `PASSCODE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_code_payload: Option<PassCodePayload>,
    /// What is known about the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<SignUpProfile>,
    /// Codes for more addresses and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<SignUpOptions>,
}

impl SignUp {
    /// A sign-up with a password.
    #[must_use]
    pub const fn password(payload: SignUpPassword) -> Self {
        Self {
            connection: SignUpConnection::Password,
            password_payload: Some(payload),
            pass_code_payload: None,
            profile: None,
            options: None,
        }
    }

    /// A sign-up with a code.
    #[must_use]
    pub const fn code(payload: PassCodePayload) -> Self {
        Self {
            connection: SignUpConnection::Passcode,
            password_payload: None,
            pass_code_payload: Some(payload),
            profile: None,
            options: None,
        }
    }
}

/// A password and one name of its user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignUpPassword {
    /// The password, encrypted as `options.password_encrypt_type` says.
    pub password: Secret,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// What somebody who signs up says about themselves.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignUpProfile {
    /// Nickname.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// Company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
    /// Device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
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
    /// Gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Date of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// Time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// Language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The whole address in one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// E-mail address, with `options.email_pass_code_for_information_completion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number, with `options.phone_pass_code_for_information_completion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// Values of custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
}

/// What else a sign-up says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignUpOptions {
    /// The user's address, from a server that signs users up for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// The code that was sent to `profile.phone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_pass_code_for_information_completion: Option<Secret>,
    /// The code that was sent to `profile.email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_pass_code_for_information_completion: Option<Secret>,
    /// A password for somebody who signs up with a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_for_phone_pass_code: Option<Secret>,
    /// Handed to hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Value>,
    /// How passwords are encrypted on their way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
}

endpoints! { AuthenticationClient, "sign-up";
    /// Sign a user up, with a password or a code.
    POST "/api/v3/signup" sign_up(SignUp) -> UserDto, Open "";
}
