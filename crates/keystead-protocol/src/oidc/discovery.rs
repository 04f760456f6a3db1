//! The discovery document (OpenID Connect Discovery, 3; RFC 8414, 2).

use super::claims;
use crate::oauth::response::PromptValue;
use crate::oauth::{ResponseMode, scope};
use keystead_model::Locale;
use keystead_model::settings::{Algorithm, TokenAuth};
use serde_json::{Value, json};

/// What a place says about itself.
#[derive(Clone, Copy, Debug)]
pub struct Discovery<'a> {
    /// The issuer: the pool's `app_host` and `/oidc`. The endpoints lie below it.
    pub issuer: &'a str,
    /// Grant types beside those that every build has (Authing's `authing_token`, for one).
    pub extra_grants: &'a [&'a str],
    /// Scopes beside the known ones that the pool wants to publish.
    pub extra_scopes: &'a [String],
}

/// Claims of ID tokens that are about the sign-in, not the person.
const SIGN_IN_CLAIMS: [&str; 12] = [
    "iss",
    "aud",
    "exp",
    "iat",
    "jti",
    "sid",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "at_hash",
];

/// Grant types of the token endpoint.
const GRANTS: [&str; 4] = ["authorization_code", "refresh_token", "client_credentials", "password"];

/// Makes the document.
///
/// Of PKCE's methods only S256 is published: `plain` is a leave that single applications have,
/// and a client that reads this must not choose it. HS256 is published for ID tokens because
/// applications may be set to it. The `claims` parameter is read over, so it is not "supported".
#[must_use]
pub fn document(place: &Discovery<'_>) -> Value {
    let at = |path: &str| format!("{}{path}", place.issuer);
    let auth_methods: Vec<&str> =
        [TokenAuth::ClientSecretBasic, TokenAuth::ClientSecretPost, TokenAuth::None]
            .map(TokenAuth::name)
            .to_vec();
    let algorithms: Vec<&str> =
        [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa, Algorithm::Hs256]
            .map(Algorithm::name)
            .to_vec();
    let scopes: Vec<&str> =
        scope::KNOWN.into_iter().chain(place.extra_scopes.iter().map(String::as_str)).collect();
    let grants: Vec<&str> = GRANTS.into_iter().chain(place.extra_grants.iter().copied()).collect();
    let claims: Vec<&str> = claims::names().chain(SIGN_IN_CLAIMS).collect();
    json!({
        "issuer": place.issuer,
        "authorization_endpoint": at("/auth"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/me"),
        "introspection_endpoint": at("/token/introspection"),
        "revocation_endpoint": at("/token/revocation"),
        "end_session_endpoint": at("/session/end"),
        "jwks_uri": at("/.well-known/jwks.json"),
        "response_types_supported": ["code"],
        "response_modes_supported": ResponseMode::ALL.map(ResponseMode::name),
        "grant_types_supported": grants,
        "scopes_supported": scopes,
        "claims_supported": claims,
        "claim_types_supported": ["normal"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": auth_methods,
        "introspection_endpoint_auth_methods_supported": auth_methods,
        "revocation_endpoint_auth_methods_supported": auth_methods,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": PromptValue::ALL.map(PromptValue::name),
        "ui_locales_supported": Locale::ALL.map(Locale::tag),
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document() {
        let extra = ["read:all".to_owned()];
        let issuer = "https://id.example.com/oidc";
        let value = document(&Discovery { issuer, extra_grants: &["urn:x"], extra_scopes: &extra });
        for (name, want) in [
            ("issuer", ""),
            ("authorization_endpoint", "/auth"),
            ("token_endpoint", "/token"),
            ("userinfo_endpoint", "/me"),
            ("introspection_endpoint", "/token/introspection"),
            ("revocation_endpoint", "/token/revocation"),
            ("end_session_endpoint", "/session/end"),
            ("jwks_uri", "/.well-known/jwks.json"),
        ] {
            assert_eq!(value[name], format!("{issuer}{want}"), "{name}");
        }
        for (name, want) in [
            ("response_types_supported", json!(["code"])),
            ("response_modes_supported", json!(["query", "fragment", "form_post"])),
            ("subject_types_supported", json!(["public"])),
            ("id_token_signing_alg_values_supported", json!(["RS256", "ES256", "EdDSA", "HS256"])),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("authorization_response_iss_parameter_supported", json!(true)),
            ("request_parameter_supported", json!(false)),
            ("request_uri_parameter_supported", json!(false)),
            ("claims_parameter_supported", json!(false)),
            (
                "token_endpoint_auth_methods_supported",
                json!(["client_secret_basic", "client_secret_post", "none"]),
            ),
        ] {
            assert_eq!(value[name], want, "{name}");
        }
        let has = |name: &str, item: &str| {
            value[name].as_array().unwrap().iter().filter(|v| *v == item).count() == 1
        };
        assert!(has("grant_types_supported", "urn:x") && has("scopes_supported", "read:all"));
        for claim in ["sub", "iss", "email", "roles", "at_hash"] {
            assert!(has("claims_supported", claim), "{claim}");
        }
    }
}
