//! Making tokens.

use super::{JoseError, KeyPair, Result};
use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::settings::Algorithm;
use serde::Serialize;

#[derive(Serialize)]
struct Header<'a> {
    alg: Algorithm,
    typ: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

/// Signs claims with a kept key; the header holds `alg`, `typ` and `kid` and nothing else.
///
/// # Errors
/// The claims are no JSON, or aws-lc failed.
pub fn sign(key: &KeyPair, kid: &str, typ: &str, claims: &impl Serialize) -> Result<String> {
    let mut token = message(&Header { alg: key.algorithm(), typ, kid: Some(kid) }, claims)?;
    let signature = key.signature(token.as_bytes())?;
    append(&mut token, &signature);
    Ok(token)
}

/// Signs claims with the raw bytes of a secret (`signin.md` 5.2: an application's secret).
///
/// # Errors
/// The secret is empty, or the claims are no JSON.
pub fn sign_hs256(secret: &[u8], typ: &str, claims: &impl Serialize) -> Result<String> {
    if secret.is_empty() {
        return Err(JoseError::Key("the secret is empty"));
    }
    let mut token = message(&Header { alg: Algorithm::Hs256, typ, kid: None }, claims)?;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), token.as_bytes());
    append(&mut token, tag.as_ref());
    Ok(token)
}

/// The value of `at_hash` for an ID token signed with this algorithm: the left half of the
/// access token's hash (OpenID Connect Core, 3.1.3.6). EdDSA takes SHA-512, the hash inside
/// Ed25519, as relying parties expect it.
#[must_use]
pub fn at_hash(algorithm: Algorithm, access_token: &str) -> String {
    let hash = match algorithm {
        Algorithm::EdDsa => digest::digest(&digest::SHA512, access_token.as_bytes()),
        Algorithm::Rs256 | Algorithm::Es256 | Algorithm::Hs256 => {
            digest::digest(&digest::SHA256, access_token.as_bytes())
        }
    };
    let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

fn message(header: &Header<'_>, claims: &impl Serialize) -> Result<String> {
    let header = serde_json::to_vec(header).map_err(|_| JoseError::Claims)?;
    let claims = serde_json::to_vec(claims).map_err(|_| JoseError::Claims)?;
    // Room for both in base64, the dots, and an RSA signature of 2 048 bits.
    let mut text = String::with_capacity((header.len() + claims.len()) / 3 * 4 + 360);
    URL_SAFE_NO_PAD.encode_string(header, &mut text);
    text.push('.');
    URL_SAFE_NO_PAD.encode_string(claims, &mut text);
    Ok(text)
}

fn append(token: &mut String, signature: &[u8]) {
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, token);
}
