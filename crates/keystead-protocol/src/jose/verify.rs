//! Verifying tokens: the key fixes the algorithm, jsonwebtoken checks the signature.

use super::header::{Header, Parts, peek};
use super::{JoseError, Jwk, Result};
use jsonwebtoken::{Algorithm as Alg, DecodingKey};
use keystead_model::settings::Algorithm;
use serde::de::DeserializeOwned;

/// A public key, parsed once and kept, with its one algorithm.
#[derive(Clone, Debug)]
pub struct PublicKey {
    kid: String,
    algorithm: Algorithm,
    key: DecodingKey,
}

impl PublicKey {
    /// Reads a published key.
    ///
    /// # Errors
    /// Type, curve or coordinates do not fit the key's algorithm.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self> {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let key = match (jwk.alg, jwk.kty.as_str(), jwk.crv.as_deref()) {
            (Algorithm::Rs256, "RSA", None) => {
                DecodingKey::from_rsa_components(&part(&jwk.n), &part(&jwk.e))
            }
            (Algorithm::Es256, "EC", Some("P-256")) => {
                DecodingKey::from_ec_components(&part(&jwk.x), &part(&jwk.y))
            }
            (Algorithm::EdDsa, "OKP", Some("Ed25519")) => {
                DecodingKey::from_ed_components(&part(&jwk.x))
            }
            _ => return Err(JoseError::Key("type or curve does not fit the algorithm")),
        };
        let key = key.map_err(|_| JoseError::Key("a part is not base64url"))?;
        Ok(Self { kid: jwk.kid.clone(), algorithm: jwk.alg, key })
    }

    /// Its id.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The one algorithm it serves.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// Public keys by id: what a pool verifies its own tokens with.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<PublicKey>,
}

impl KeySet {
    /// A set of these keys; of two with one id the first counts.
    #[must_use]
    pub const fn new(keys: Vec<PublicKey>) -> Self {
        Self { keys }
    }

    /// The key with this id.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// Verifies a token with the key that its header names.
    ///
    /// # Errors
    /// Those of [`verify`], and [`JoseError::KeyUnknown`] without a known `kid`.
    pub fn verify(&self, token: &str) -> Result<Verified> {
        let header = peek(token)?;
        let key = header.kid.as_deref().and_then(|kid| self.get(kid));
        verify(token, key.ok_or(JoseError::KeyUnknown)?)
    }
}

/// A token whose signature was right. Its times and meaning are still to be checked.
#[derive(Debug)]
pub struct Verified {
    header: Header,
    payload: Vec<u8>,
}

impl Verified {
    /// The header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The claims as they were signed: UTF-8 JSON.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// The claims, typed. A struct refuses a claim that stands twice; a `Value` takes the last.
    ///
    /// # Errors
    /// [`JoseError::Claims`] when they do not fit `T`.
    pub fn claims<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.payload).map_err(|_| JoseError::Claims)
    }

    /// Refuses a token of another type (RFC 8725, 3.11). Case does not count in media types.
    ///
    /// # Errors
    /// [`JoseError::TypeMismatch`], also when the header has no `typ`.
    pub fn require_typ(&self, typ: &str) -> Result<()> {
        match &self.header.typ {
            Some(own) if own.eq_ignore_ascii_case(typ) => Ok(()),
            _ => Err(JoseError::TypeMismatch),
        }
    }
}

/// Verifies a token with a public key. A `kid` in the header must be that of the key.
///
/// # Errors
/// What is refused before the signature is looked at: see [`peek`], then a `kid` or `alg` that
/// is not the key's. Then a wrong signature.
pub fn verify(token: &str, key: &PublicKey) -> Result<Verified> {
    let parts = Parts::split(token)?;
    let header = parts.header()?;
    if header.kid.as_ref().is_some_and(|kid| *kid != key.kid) {
        return Err(JoseError::KeyUnknown);
    }
    checked(&parts, header, key.algorithm, &key.key)
}

/// Verifies a token with the raw bytes of a secret. Only where an ID or user token of a named
/// application is expected (`signin.md` 5.2).
///
/// # Errors
/// As [`verify`]; an empty secret verifies nothing.
pub fn verify_hs256(token: &str, secret: &[u8]) -> Result<Verified> {
    if secret.is_empty() {
        return Err(JoseError::Key("the secret is empty"));
    }
    let parts = Parts::split(token)?;
    let header = parts.header()?;
    checked(&parts, header, Algorithm::Hs256, &DecodingKey::from_secret(secret))
}

/// Reads claims that **nobody has verified**: only to learn whose key should verify the token.
///
/// # Errors
/// As [`peek`], and [`JoseError::Claims`] when they do not fit `T`.
pub fn unverified_claims<T: DeserializeOwned>(token: &str) -> Result<T> {
    let parts = Parts::split(token)?;
    parts.header()?;
    serde_json::from_slice(&parts.payload()?).map_err(|_| JoseError::Claims)
}

fn checked(
    parts: &Parts<'_>,
    header: Header,
    algorithm: Algorithm,
    key: &DecodingKey,
) -> Result<Verified> {
    if header.alg != algorithm {
        return Err(JoseError::AlgorithmMismatch);
    }
    let alg = match algorithm {
        Algorithm::Rs256 => Alg::RS256,
        Algorithm::Es256 => Alg::ES256,
        Algorithm::EdDsa => Alg::EdDSA,
        Algorithm::Hs256 => Alg::HS256,
    };
    match jsonwebtoken::crypto::verify(parts.signature, parts.message.as_bytes(), key, alg) {
        Ok(true) => Ok(Verified { header, payload: parts.payload()? }),
        Ok(false) | Err(_) => Err(JoseError::Signature),
    }
}
