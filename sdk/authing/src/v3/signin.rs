//! Signing a user in with a password, a code or a directory account.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use crate::secret::Secret;
use crate::v3::PasswordEncryptType;
use crate::words::words;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};
use serde_json::Value;

words! {
    /// How a user signs in; it says which payload is read.
    Connection {
        Password = "PASSWORD",
        Passcode = "PASSCODE",
        Ldap = "LDAP",
        Ad = "AD",
    }
}

/// A sign-in with the payload that `connection` names.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignInByCredentials {
    /// How.
    pub connection: Connection,
    /// For `PASSWORD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_payload: Option<PasswordPayload>,
    /// For `PASSCODE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass_code_payload: Option<PassCodePayload>,
    /// For `AD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad_payload: Option<DirectoryPayload>,
    /// For `LDAP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ldap_payload: Option<DirectoryPayload>,
    /// Scope, captcha and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<SignInOptions>,
    /// The application, if it authenticates in the body.
    #[serde(rename = "client_id", skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Its secret.
    #[serde(rename = "client_secret", skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
}

impl SignInByCredentials {
    /// A sign-in without payload yet.
    #[must_use]
    pub const fn new(connection: Connection) -> Self {
        Self {
            connection,
            password_payload: None,
            pass_code_payload: None,
            ad_payload: None,
            ldap_payload: None,
            options: None,
            client_id: None,
            client_secret: None,
        }
    }

    /// A sign-in with a password.
    #[must_use]
    pub fn password(payload: PasswordPayload) -> Self {
        Self { password_payload: Some(payload), ..Self::new(Connection::Password) }
    }
}

/// A password and one name of its user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PasswordPayload {
    /// The password, encrypted as `options.password_encrypt_type` says.
    pub password: Secret,
    /// E-mail address, phone number or user name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A code and the address it was sent to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PassCodePayload {
    /// The code.
    pub pass_code: Secret,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its country code, such as `+86`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
}

/// A password and a directory's name of its user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DirectoryPayload {
    /// The password.
    pub password: Secret,
    /// The account's name.
    #[serde(rename = "sAMAccountName")]
    pub sam_account_name: String,
}

/// What else a sign-in says.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SignInOptions {
    /// Scopes with spaces between; `openid` must be one, `offline_access` gives a refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The user's address, from a server that signs users in for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_ip: Option<String>,
    /// Handed to hooks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Value>,
    /// The tenant to enter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Custom fields of a user who is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Value>,
    /// Whether a user who does not exist is created, if the pool allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_register: Option<bool>,
    /// What the user read in the captcha.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captcha_code: Option<String>,
    /// Which captcha it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captcha_token: Option<String>,
    /// How the password is encrypted on its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_encrypt_type: Option<PasswordEncryptType>,
}

/// The tokens of a user who signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoginToken {
    /// The scopes that were granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<Secret>,
    /// The ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
    /// The refresh token, if `offline_access` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// `Bearer`.
    pub token_type: String,
    /// How long the access token lives, in seconds: the key that V3 clients read.
    pub expire_in: i64,
    /// The same under the standard's name; 0 from a server that does not send it.
    #[serde(default)]
    pub expires_in: i64,
}

endpoints! { AuthenticationClient, "signin";
    /// Sign a user in.
    POST "/api/v3/signin" sign_in_by_credentials(SignInByCredentials) -> LoginToken, Client "";
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_endpoint::{Endpoint, Input, decode};

    fn read(body: &str) -> Result<SignInByCredentials, String> {
        let input = Input { path: &[], query: "", body: body.as_bytes() };
        decode(SignInByCredentials::ROW, &input).map_err(|e| e.to_string())
    }

    #[test]
    fn payloads_are_read_with_their_odd_spellings() {
        let body = r#"{"connection":"AD","adPayload":{"password":"p","sAMAccountName":"n"},
            "client_id":"c","client_secret":"s","options":{"scope":"openid","autoRegister":true}}"#;
        let signin = read(body).unwrap();
        assert_eq!(signin.ad_payload.unwrap().sam_account_name, "n");
        assert_eq!(signin.client_secret.unwrap().expose(), "s");
        assert_eq!(signin.options.unwrap().auto_register, Some(true));
    }

    #[test]
    fn wrong_fields_are_named_and_nothing_secret_is_shown() {
        for (body, expected) in [
            ("{}", "connection: is missing"),
            (
                r#"{"connection":"MAGIC"}"#,
                "connection: must be one of PASSWORD, PASSCODE, LDAP, AD",
            ),
            (
                r#"{"connection":"PASSWORD","passwordPayload":{"email":"a"}}"#,
                "passwordPayload.password: is missing",
            ),
            (
                r#"{"connection":"PASSWORD","passwordPayload":{"password":1234}}"#,
                "passwordPayload.password: must be text",
            ),
        ] {
            assert_eq!(read(body).unwrap_err(), expected);
        }
        let payload = PasswordPayload { password: "hunter2".into(), ..Default::default() };
        assert!(!format!("{:?}", SignInByCredentials::password(payload)).contains("hunter2"));
    }

    #[test]
    fn a_token_answer_has_both_names_of_its_life() {
        let json = r#"{"token_type":"Bearer","expire_in":3600}"#;
        let mut token: LoginToken = serde_json::from_str(json).unwrap();
        assert_eq!((token.expire_in, token.expires_in), (3600, 0));
        token.expires_in = 3600;
        let text = serde_json::to_string(&token).unwrap();
        assert_eq!(text, r#"{"token_type":"Bearer","expire_in":3600,"expires_in":3600}"#);
    }
}
