//! The protected header, read strictly before anything else.

use super::{JoseError, MAX_TOKEN_BYTES, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::settings::Algorithm;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// The longest header, in base64url characters; ours have about 100.
const MAX_HEADER: usize = 1_024;

/// What a header says: nothing of it is trusted until the signature is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The algorithm it names (RFC 7515, 4.1.1).
    pub alg: Algorithm,
    /// The key it names (RFC 7515, 4.1.4).
    pub kid: Option<String>,
    /// The type it names (RFC 7515, 4.1.9).
    pub typ: Option<String>,
}

/// Reads the header of a token whose signature nobody has verified yet.
///
/// # Errors
/// Everything [`super::verify`] refuses without a key: an over-long or malformed token, doubled
/// header parameters, `crit`, `b64`, an unknown algorithm, an empty signature.
pub fn peek(token: &str) -> Result<Header> {
    Parts::split(token)?.header()
}

/// The three parts of a token, as they stand in it.
pub(super) struct Parts<'a> {
    /// Header, dot, payload: what is signed.
    pub message: &'a str,
    header: &'a str,
    payload: &'a str,
    /// The signature, base64url.
    pub signature: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn split(token: &'a str) -> Result<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(JoseError::TooLong);
        }
        let three = JoseError::Malformed("three parts are expected");
        let (message, signature) = token.rsplit_once('.').ok_or(three)?;
        let (header, payload) = message.split_once('.').ok_or(three)?;
        if payload.contains('.') {
            return Err(three);
        }
        if signature.is_empty() {
            return Err(JoseError::Signature);
        }
        Ok(Self { message, header, payload, signature })
    }

    pub(super) fn header(&self) -> Result<Header> {
        if self.header.len() > MAX_HEADER {
            return Err(JoseError::Malformed("the header is too long"));
        }
        let bytes = decode(self.header)?;
        let DistinctNames(mut fields) = serde_json::from_slice(&bytes)
            .map_err(|_| JoseError::Malformed("the header is no object of distinct names"))?;
        for name in ["crit", "b64"] {
            if fields.contains_key(name) {
                return Err(JoseError::HeaderUnsupported(name));
            }
        }
        let mut text = |name: &str| match fields.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(JoseError::Malformed("alg, kid and typ are texts")),
        };
        let alg = text("alg")?.as_deref().and_then(Algorithm::from_name);
        Ok(Header {
            alg: alg.ok_or(JoseError::AlgorithmUnknown)?,
            kid: text("kid")?,
            typ: text("typ")?,
        })
    }

    pub(super) fn payload(&self) -> Result<Vec<u8>> {
        decode(self.payload)
    }
}

fn decode(part: &str) -> Result<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| JoseError::Malformed("a part is not base64url"))
}

/// A JSON object in which no name stands twice: serde_json's own map would keep the last one,
/// so two readers of one token could see two algorithms.
struct DistinctNames(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for DistinctNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = DistinctNames;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of distinct names")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Self::Value, A::Error> {
                let mut fields = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if fields.insert(name, value).is_some() {
                        return Err(A::Error::custom("a name stands twice"));
                    }
                }
                Ok(DistinctNames(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
