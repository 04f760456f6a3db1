//! The settings of a pool and of its applications.

use crate::Locale;
use crate::network::Network;
use serde::{Deserialize, Serialize};

/// Which passwords may be set (`signin.md` 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordPolicy {
    /// 8 to 128 characters, not common, not the account's own names.
    Standard,
    /// 1 to 128 characters.
    Any,
}

/// A signature algorithm of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSA with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// HMAC under the application's secret; ID tokens only.
    #[serde(rename = "HS256")]
    Hs256,
}

impl Algorithm {
    /// The algorithms that sign with a published key.
    pub const ASYMMETRIC: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// Its JOSE name (RFC 7518, 3.1; RFC 8037).
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    /// The algorithm with this JOSE name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Es256, Self::EdDsa, Self::Hs256].into_iter().find(|a| a.name() == name)
    }
}

/// How a client authenticates (RFC 6749, 2.3.1; OpenID Connect Core, 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenAuth {
    /// Id and secret in the body.
    ClientSecretPost,
    /// Id and secret by HTTP Basic.
    ClientSecretBasic,
    /// A public client: its id alone.
    None,
}

impl TokenAuth {
    /// The name in OAuth metadata and in the `token_auth` column.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::None => "none",
        }
    }

    /// The method with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::ClientSecretPost, Self::ClientSecretBasic, Self::None]
            .into_iter()
            .find(|m| m.name() == name)
    }
}

/// A way to sign in that an application may offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigninMethod {
    /// Account and password.
    Password,
    /// A code sent to the e-mail address.
    EmailCode,
    /// A code sent to the phone.
    SmsCode,
}

/// What happens when the tries of an account are used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginFailStrategy {
    /// It is locked for a while.
    Lock,
    /// Each further try takes a captcha; doors that cannot show one stay locked.
    Captcha,
}

settings! {
    /// The effective settings of a request: default, pool, application.
    Settings;

    /// Which passwords may be set.
    password_policy: PasswordPolicy = PasswordPolicy::Standard, [Pool], "passwords";
    /// Says "no such account" instead of one answer for unknown account and wrong password.
    reveal_accounts: bool = false, [Pool], "sign-in";
    /// Tells upper and lower case of user names apart.
    username_case_sensitive: bool = false, [Pool], "users";
    /// Languages of the hosted pages, in their order; who prefers none of them reads the first.
    languages: Vec<Locale> = Locale::ALL.to_vec(), [Pool], "pages";
    /// Country code of phone numbers that come without one.
    phone_country: String = "86".to_owned(), [Pool], "users";
    /// Gives administrators the hashes of passwords, for a move to another system.
    password_hashes_shown: bool = false, [Pool], "users";
    /// Gives administrators the secrets of TOTP generators, for a move to another system.
    otp_secrets_shown: bool = false, [Pool], "users";
    /// Pairs of roles that nobody may have both of, each as `namespace/code namespace/code`.
    role_exclusions: Vec<String> = Vec::new(), [Pool], "users";

    /// The ways to sign in, in the order pages offer them.
    signin_methods: Vec<SigninMethod> =
        vec![SigninMethod::Password, SigninMethod::EmailCode, SigninMethod::SmsCode],
        [Pool, Application], "sign-in";
    /// People may sign up by themselves.
    signup_enabled: bool = true, [Pool, Application], "sign-up";
    /// A right code for an address without account makes one, where the caller asks for it.
    signup_by_code: bool = true, [Pool, Application], "sign-up";
    /// A sign-in with a password makes the account that does not exist, where the caller asks.
    auto_register: bool = true, [Pool, Application], "sign-up";
    /// Signing up takes a code that proves the address, also with a password.
    signup_requires_proof: bool = false, [Pool, Application], "sign-up";
    /// Sign-ups per address of the network and hour.
    signup_per_hour: u32 = 50, 1..=1_000_000, [Pool], "limits";

    /// Digits of a one-time code.
    code_digits: u32 = 6, 4..=8, [Pool], "codes";
    /// Tries of one code before it dies.
    code_tries: u32 = 5, 1..=10, [Pool], "codes";
    /// Seconds a code sent by e-mail works.
    email_code_life_s: u32 = 300, 30..=1_800, [Pool], "codes";
    /// Seconds a code sent by SMS works.
    sms_code_life_s: u32 = 60, 30..=1_800, [Pool], "codes";
    /// Seconds a link to set a new password works.
    reset_link_life_s: u32 = 1_800, 60..=86_400, [Pool], "codes";
    /// Messages per recipient, purpose and minute.
    send_per_minute: u32 = 1, 1..=1_000, [Pool], "limits";
    /// Messages per recipient and hour.
    send_per_hour: u32 = 5, 1..=10_000, [Pool], "limits";
    /// Messages per recipient and day.
    send_per_day: u32 = 10, 1..=100_000, [Pool], "limits";
    /// Messages per network address and hour.
    send_ip_per_hour: u32 = 20, 1..=1_000_000, [Pool], "limits";
    /// Messages of the whole pool and day.
    send_pool_per_day: u32 = 100_000, 1..=100_000_000, [Pool], "limits";

    /// Minutes after which an unused session ends.
    session_idle_minutes: u32 = 20_160, 5..=43_200, [Pool], "sessions";
    /// Minutes after which a session ends, used or not.
    session_absolute_minutes: u32 = 129_600, 5..=525_600, [Pool], "sessions";

    /// Wrong passwords per account within the window before it locks.
    account_tries: u32 = 10, 1..=100_000, [Pool], "limits";
    /// Seconds of that window.
    account_window_s: u32 = 900, 10..=86_400, [Pool], "limits";
    /// Whether an account whose tries are used up is locked (`lock`) or asks a captcha (`captcha`).
    login_fail_strategy: LoginFailStrategy = LoginFailStrategy::Lock, [Pool], "limits";
    /// Sign-in tries per address and five minutes before the address waits.
    ip_tries: u32 = 100, 1..=1_000_000, [Pool], "limits";
    /// Sign-ins that browsers begin per address and hour; each is kept for half an hour.
    begins_per_hour: u32 = 10_000, 1..=100_000_000, [Pool], "limits";
    /// Wrong sign-ins per address and five minutes before a captcha is asked; where none can be
    /// shown, the address waits after twice as many.
    captcha_after: u32 = 5, 1..=1_000_000, [Pool], "limits";
    /// Captchas per address and minute.
    captcha_per_minute: u32 = 30, 1..=1_000_000, [Pool], "limits";
    /// Wrong client secrets per application, address and minute.
    client_tries: u32 = 20, 1..=1_000_000, [Pool], "limits";
    /// Networks of the application's own servers. The address of a user that they name (V3
    /// `clientIp`) is counted in place of theirs.
    server_addresses: Vec<Network> = Vec::new(), [Application], "limits";

    /// Shows the secrets of access keys in lists and when one is read, not only at its making.
    access_key_secrets_shown: bool = false, [Pool], "access keys";
    /// Days an event is kept in the audit log; 0 keeps it for ever.
    audit_days: u32 = 0, 0..=36_500, [Pool], "audit";

    /// Seconds an access token lives.
    access_token_life_s: u32 = 3_600, 60..=1_209_600, [Pool, Application], "tokens";
    /// Seconds an ID token lives.
    id_token_life_s: u32 = 3_600, 60..=1_209_600, [Pool, Application], "tokens";
    /// Seconds an authorization code lives.
    code_life_s: u32 = 120, 10..=600, [Pool, Application], "tokens";
    /// Minutes after which an unused refresh token ends.
    refresh_idle_minutes: u32 = 20_160, 5..=525_600, [Pool, Application], "tokens";
    /// Minutes after which a family of refresh tokens ends, used or not.
    refresh_absolute_minutes: u32 = 129_600, 5..=1_051_200, [Pool, Application], "tokens";
    /// Seconds in which a refresh token may be sent again.
    refresh_grace_s: u32 = 10, 0..=60, [Pool, Application], "tokens";
    /// Algorithm that signs ID tokens (and access tokens, unless it is HS256: then RS256).
    signing_algorithm: Algorithm = Algorithm::Rs256, [Pool, Application], "tokens";
    /// Refresh tokens change at every use; only a confidential application may switch it off.
    refresh_rotation: bool = true, [Application], "tokens";

    /// The application may send a user's password to the token endpoint (RFC 6749, 4.3).
    password_grant: bool = false, [Application], "oauth";
    /// The application may ask for tokens of its own (RFC 6749, 4.4).
    client_credentials_grant: bool = false, [Application], "oauth";
    /// The application must use PKCE.
    require_pkce: bool = false, [Pool, Application], "oauth";
    /// The application has no secret and may ask without PKCE, for SDKs that cannot send it.
    public_without_pkce: bool = false, [Application], "oauth";
    /// The application may use PKCE's method `plain`.
    pkce_plain: bool = false, [Application], "oauth";
    /// Scopes the application may ask for, beside those of OpenID Connect.
    extra_scopes: Vec<String> = Vec::new(), [Application], "oauth";
    /// How the application authenticates at introspection; none given: as at the token endpoint.
    introspection_auth: Option<TokenAuth> = None, [Application], "oauth";
    /// How the application authenticates at revocation; none given: as at the token endpoint.
    revocation_auth: Option<TokenAuth> = None, [Application], "oauth";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Scope, SettingError};
    use serde_json::json;

    fn overlay(scope: Scope, value: serde_json::Value) -> Result<Settings, SettingError> {
        let mut settings = Settings::default();
        settings.overlay(scope, value.as_object().unwrap()).map(|()| settings)
    }

    #[test]
    fn a_document_overlays_the_defaults() {
        let settings =
            overlay(Scope::Pool, json!({"password_policy": "any", "ip_tries": 7})).unwrap();
        assert_eq!(settings.password_policy, PasswordPolicy::Any);
        assert_eq!(settings.ip_tries, 7);
        assert_eq!(settings.session_idle_minutes, 20_160);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let error = |scope, value| overlay(scope, value).unwrap_err();
        assert_eq!(error(Scope::Pool, json!({"x": 1})), SettingError::Unknown("x".into()));
        assert_eq!(
            error(Scope::Pool, json!({"password_grant": true})),
            SettingError::Scope("password_grant")
        );
        assert_eq!(
            error(Scope::Pool, json!({"refresh_grace_s": 61})),
            SettingError::Range("refresh_grace_s", 0, 60)
        );
        assert!(matches!(
            error(Scope::Pool, json!({"ip_tries": "a"})),
            SettingError::Type("ip_tries", _)
        ));
    }

    #[test]
    fn every_default_lies_in_its_range() {
        for row in Settings::ROWS {
            assert!(!row.doc.is_empty() && !row.section.is_empty(), "{}", row.name);
        }
    }
}
