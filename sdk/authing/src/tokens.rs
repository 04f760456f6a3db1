//! Offline verification of access and ID tokens.
//!
//! The key fixes the algorithm: a token that names another is refused, so no public key is ever
//! taken for a shared secret. Only the key's own set is trusted, never a key in the token.

use crate::secret::Secret;
use crate::v3::oidc::Jwks;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::time::{SystemTime, UNIX_EPOCH};

/// How far clocks may differ, in seconds.
const LEEWAY_S: i64 = 60;

/// What a token must be.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Access or ID token; one is never taken for the other.
    pub kind: TokenKind,
    /// Who must have issued it.
    pub issuer: &'a str,
    /// For whom it must be.
    pub audience: &'a str,
    /// The nonce it must hold, if one was sent.
    pub nonce: Option<&'a str>,
    /// The time.
    pub now: SystemTime,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// For calling services: `typ` is `at+jwt` (RFC 9068), the algorithm asymmetric.
    Access,
    /// For the application itself (OpenID Connect Core, section 2).
    Id,
}

/// The contents of a verified token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// Whom it is about.
    pub sub: String,
    /// Whom it is for.
    pub aud: Audience,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// The nonce of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Whom a token is for: a text, or a list of them (RFC 7519, section 4.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Audience {
    /// Whether this one is among them.
    #[must_use]
    pub fn has(&self, audience: &str) -> bool {
        match self {
            Self::One(one) => one == audience,
            Self::Many(all) => all.iter().any(|one| one == audience),
        }
    }
}

/// Why a token is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is no signed token, or has extensions that nobody here knows.
    #[error("it is not a signed token")]
    Malformed,
    /// It was signed with a key the server does not publish.
    #[error("its key is not known")]
    UnknownKey,
    /// It names another algorithm than its key's.
    #[error("its algorithm is not that of its key")]
    Algorithm,
    /// The signature is another's.
    #[error("its signature does not match")]
    Signature,
    /// It is an access token where an ID token is wanted, or the other way round.
    #[error("it is a token for something else")]
    Kind,
    /// Somebody else issued it.
    #[error("it comes from another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for another application")]
    Audience,
    /// It holds another nonce.
    #[error("it belongs to another authorization request")]
    Nonce,
    /// It is over.
    #[error("it has expired")]
    Expired,
    /// It is not yet valid.
    #[error("it is not valid yet")]
    TooEarly,
}

/// The keys that tokens may be signed with, each with its one algorithm.
pub struct Keys {
    public: Vec<Key>,
    secret: Option<DecodingKey>,
}

struct Key {
    kid: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// The members of a JSON Web Key that are needed (RFC 7517 and 7518).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    crv: String,
    r#use: Option<String>,
    n: String,
    e: String,
    x: String,
    y: String,
}

impl Keys {
    /// The keys of a set, without those of other types and uses. The application's secret, if
    /// given, verifies ID tokens of algorithm HS256.
    #[must_use]
    pub fn new(jwks: &Jwks, app_secret: Option<&Secret>) -> Self {
        let secret = app_secret.map(|s| DecodingKey::from_secret(s.expose().as_bytes()));
        Self { public: jwks.keys.iter().filter_map(key).collect(), secret }
    }

    /// Whether the token names a public key that is not among them: then a newer set may help.
    #[must_use]
    pub fn lack_key_of(&self, token: &str) -> bool {
        decode_header(token).is_ok_and(|h| !shared(h.alg) && self.public(&h).is_err())
    }

    fn public(&self, header: &Header) -> Result<&Key, TokenError> {
        let found = match (&header.kid, self.public.as_slice()) {
            (None, [only]) => Some(only),
            (None, _) => None,
            (kid, all) => all.iter().find(|key| key.kid == *kid),
        };
        found.ok_or(TokenError::UnknownKey)
    }

    fn choose(
        &self,
        header: &Header,
        kind: TokenKind,
    ) -> Result<(&DecodingKey, Algorithm), TokenError> {
        match (header.alg, kind, &self.secret) {
            (Algorithm::HS256, TokenKind::Id, Some(secret)) => Ok((secret, Algorithm::HS256)),
            (alg, ..) if shared(alg) => Err(TokenError::Algorithm),
            _ => self.public(header).map(|key| (&key.key, key.algorithm)),
        }
    }
}

/// Whether the algorithm is one of shared secrets.
const fn shared(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}

fn key(value: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(value.clone()).ok()?;
    if jwk.r#use.as_deref().is_some_and(|u| u != "sig") {
        return None;
    }
    let (algorithm, key) = match (jwk.kty.as_str(), jwk.crv.as_str()) {
        ("RSA", _) => (Algorithm::RS256, DecodingKey::from_rsa_components(&jwk.n, &jwk.e)),
        ("EC", "P-256") => (Algorithm::ES256, DecodingKey::from_ec_components(&jwk.x, &jwk.y)),
        ("OKP", "Ed25519") => (Algorithm::EdDSA, DecodingKey::from_ed_components(&jwk.x)),
        _ => return None,
    };
    let same = jwk.alg.is_none_or(|alg| alg == format!("{algorithm:?}"));
    same.then_some(Key { kid: jwk.kid, algorithm, key: key.ok()? })
}

/// Verifies a token.
///
/// # Errors
/// The first thing that is wrong; nothing of a token whose signature does not match is looked at
/// beyond its header.
pub fn verify(token: &str, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, TokenError> {
    let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
    if header.crit.is_some() {
        return Err(TokenError::Malformed);
    }
    let (key, algorithm) = keys.choose(&header, expected.kind)?;
    if header.alg != algorithm {
        return Err(TokenError::Algorithm);
    }
    let claims = signed(token, key, algorithm)?;
    let typ = header.typ.unwrap_or_default().to_ascii_lowercase();
    let access = typ == "at+jwt" || typ == "application/at+jwt";
    if access != (expected.kind == TokenKind::Access) {
        return Err(TokenError::Kind);
    }
    check(claims, expected)
}

/// The claims, if the signature is the key's. Times and names are checked by [`check`], against
/// the caller's clock.
fn signed(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Result<Claims, TokenError> {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode(token, key, &validation).map(|data| data.claims).map_err(|e| match e.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature => TokenError::Signature,
        _ => TokenError::Malformed,
    })
}

fn check(claims: Claims, expected: &Expected<'_>) -> Result<Claims, TokenError> {
    let since = expected.now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let now = i64::try_from(since).unwrap_or(i64::MAX);
    let nbf = claims.other.get("nbf").and_then(Value::as_i64).unwrap_or(i64::MIN);
    if claims.iss != expected.issuer {
        return Err(TokenError::Issuer);
    }
    if !claims.aud.has(expected.audience) {
        return Err(TokenError::Audience);
    }
    if expected.nonce.is_some_and(|nonce| claims.nonce.as_deref() != Some(nonce)) {
        return Err(TokenError::Nonce);
    }
    if now >= claims.exp.saturating_add(LEEWAY_S) {
        return Err(TokenError::Expired);
    }
    if nbf > now.saturating_add(LEEWAY_S) {
        return Err(TokenError::TooEarly);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests;
