//! Public keys as JSON (RFC 7517): what `jwks.json` publishes and `signing_keys` stores.

use keystead_model::settings::Algorithm;
use serde::{Deserialize, Serialize};

/// A public key. It has no `x5c`: node-auth0 2 would prefer that to the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// Key type: `RSA`, `EC` or `OKP`.
    pub kty: String,
    /// What it is for: `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// The one algorithm it serves.
    pub alg: Algorithm,
    /// Its id.
    pub kid: String,
    /// Modulus of an RSA key, base64url (RFC 7518, 6.3.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// Exponent of an RSA key, base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// Curve: `P-256` (RFC 7518, 6.2.1) or `Ed25519` (RFC 8037, 2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// First coordinate, or the whole key on Ed25519; base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Second coordinate on P-256; base64url.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<String>,
}

/// A set of public keys (RFC 7517, 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys; RSA first, since the V3 client falls back to the first one.
    pub keys: Vec<Jwk>,
}

impl Jwks {
    /// A set with the RSA keys moved to the front; otherwise the order stays, so the caller puts
    /// the active key of each algorithm before the retired ones.
    #[must_use]
    pub fn new(mut keys: Vec<Jwk>) -> Self {
        keys.sort_by_key(|key| key.kty != "RSA");
        Self { keys }
    }
}
