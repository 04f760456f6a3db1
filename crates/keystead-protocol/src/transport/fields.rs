//! Keys of callers' own, by which they encrypted values: RSA, PKCS #1 v1.5.
//!
//! Whoever sends the private key learns nothing from its refusals.

use super::{TransportError, text};
use aws_lc_rs::rsa::{Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use keystead_model::Secret;
use zeroize::Zeroizing;

/// Bytes of the largest modulus.
const MODULUS_MAX: usize = 512;
/// Characters of the longest PEM.
const PEM_MAX: usize = 8_192;
/// What PKCS #8 says before an RSA key: version 0 and the algorithm (RFC 5208; RFC 8017, A.1).
const HEAD: [u8; 18] = [2, 1, 0, 48, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0];

/// A private key that came with a call.
pub struct FieldKey {
    decrypt: Pkcs1PrivateDecryptingKey,
    size: usize,
}

impl std::fmt::Debug for FieldKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FieldKey")
    }
}

impl FieldKey {
    /// Reads `PRIVATE KEY` (PKCS #8) or `RSA PRIVATE KEY` (PKCS #1) in PEM.
    ///
    /// # Errors
    /// The text is neither, or the key does not have 2 048 to 4 096 bits.
    pub fn from_pem(pem: &str) -> Result<Self, TransportError> {
        let der = der(pem).ok_or(TransportError::Key)?;
        let key = PrivateDecryptingKey::from_pkcs8(&der).map_err(|_| TransportError::Key)?;
        let size = key.key_size_bytes();
        if size > MODULUS_MAX {
            return Err(TransportError::Key);
        }
        let decrypt = Pkcs1PrivateDecryptingKey::new(key).map_err(|_| TransportError::Key)?;
        Ok(Self { decrypt, size })
    }

    /// The text inside a value; none when it is no base64 of one block, or of another key.
    #[must_use]
    pub fn open(&self, base64: &str) -> Option<Secret> {
        if base64.len() > self.size * 2 {
            return None;
        }
        let block = STANDARD_PAD_INDIFFERENT.decode(base64).ok()?;
        let mut plain = Zeroizing::new(vec![0; self.size]);
        let plain = self.decrypt.decrypt(&block, plain.as_mut_slice()).ok()?;
        text(plain).map(|text| Secret::new(text.as_str()))
    }
}

fn der(pem: &str) -> Option<Zeroizing<Vec<u8>>> {
    if pem.len() > PEM_MAX {
        return None;
    }
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body: Zeroizing<String> =
        Zeroizing::new(body.chars().filter(|c| !c.is_whitespace()).collect());
    let der = Zeroizing::new(STANDARD_PAD_INDIFFERENT.decode(body.as_bytes()).ok()?);
    match label {
        "PRIVATE KEY" => Some(der),
        "RSA PRIVATE KEY" => {
            let mut inner = Zeroizing::new(HEAD.to_vec());
            inner.extend(tagged(4, &der)?.iter());
            tagged(48, &inner)
        }
        _ => None,
    }
}

/// A value of ASN.1 under a tag, with a length of two bytes.
fn tagged(tag: u8, value: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let [high, low] = u16::try_from(value.len()).ok()?.to_be_bytes();
    Some(Zeroizing::new([&[tag, 0x82, high, low], value].concat()))
}
