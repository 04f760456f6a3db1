//! OpenID Connect as a client sees it: tokens, introspection, revocation, user info, keys.

use crate::client::AuthenticationClient;
use crate::secret::Secret;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A request to the token endpoint (RFC 6749, section 4); which fields it has depends on the grant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenRequest {
    /// The grant, such as `authorization_code`.
    pub grant_type: String,
    /// The code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// The redirect URI the code was sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// What the code's challenge was made from (RFC 7636, section 4.5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_verifier: Option<Secret>,
    /// The refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// Scopes with spaces between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The user's name, for the grant `password`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The user's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// The client, if it is not the one the SDK's client stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Its secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<Secret>,
}

/// What the token endpoint gives (RFC 6749, section 5.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TokenSet {
    /// The access token.
    pub access_token: Secret,
    /// `Bearer`.
    pub token_type: String,
    /// How long the access token lives, in seconds.
    #[serde(default)]
    pub expires_in: i64,
    /// The ID token, for the scope `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<Secret>,
    /// The next refresh token; it takes the place of the one that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
    /// The scopes that were granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// Asks what a token is worth (RFC 7662, section 2.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Introspect {
    /// The token.
    pub token: Secret,
}

/// What a token is worth (RFC 7662, section 2.2).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Introspection {
    /// Whether it is valid. If not, nothing else is said.
    pub active: bool,
    /// Subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The client it was given to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// Scopes with spaces between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// When it ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<i64>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Ends a token (RFC 7009, section 2.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revoke {
    /// The token.
    pub token: Secret,
}

/// Asks who the user of the access token is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UserInfoRequest {}

/// Who the user is (OpenID Connect Core, section 5.3.2).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UserInfo {
    /// The user's id.
    pub sub: String,
    /// The claims that the scopes give.
    #[serde(flatten)]
    pub claims: Map<String, Value>,
}

/// Asks for the keys that tokens are signed with.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JwksRequest {}

/// The keys that tokens are signed with (RFC 7517, section 5).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Jwks {
    /// The keys; one of an unknown type does no harm.
    pub keys: Vec<Value>,
}

endpoints! { AuthenticationClient, "oidc";
    /// Ask the token endpoint for tokens.
    POST "/oidc/token" token(TokenRequest) -> TokenSet, Client "", body Form, answer Bare;
    /// Ask what a token is worth.
    POST "/oidc/token/introspection" introspect(Introspect) -> Introspection, Client "",
        body Form, answer Bare, repeat Safe;
    /// End a token.
    POST "/oidc/token/revocation" revoke(Revoke) -> (), Client "",
        body Form, answer Bare, repeat Safe;
    /// Ask who the user of the client's access token is.
    GET "/oidc/me" user_info(UserInfoRequest) -> UserInfo, User "", answer Bare;
    /// Get the keys that tokens are signed with.
    GET "/oidc/.well-known/jwks.json" jwks(JwksRequest) -> Jwks, Open "", answer Bare;
}
