//! JSON Web Signatures in compact form: keys, signing, verification (RFC 7515, 7517 to 7519).
//!
//! The algorithm belongs to the key, never to the token: a token that names another one is
//! refused before any signature is looked at (RFC 8725, 3.1).

mod header;
mod jwks;
mod keys;
mod sign;
mod times;
mod verify;

pub use header::{Header, peek};
pub use jwks::{Jwk, Jwks};
pub use keys::KeyPair;
pub use sign::{at_hash, sign, sign_hs256};
pub use times::{Times, check_times};
pub use verify::{KeySet, PublicKey, Verified, unverified_claims, verify, verify_hs256};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16_384;

/// Why a token or a key was refused. None of the texts holds a part of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error("the token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// Not three parts of base64url with a JSON object as the first.
    #[error("the token is not a signed JWT in compact form: {0}")]
    Malformed(&'static str),
    /// The header holds a parameter that we do not honour (`crit`, `b64`).
    #[error("the header has `{0}`, which is not supported")]
    HeaderUnsupported(&'static str),
    /// The header's algorithm is none that we know; `none` is among them.
    #[error("the header's algorithm is not supported")]
    AlgorithmUnknown,
    /// The header's algorithm is not that of the key.
    #[error("the header's algorithm is not that of the key")]
    AlgorithmMismatch,
    /// The header names no key, or one that is not in the set.
    #[error("no key of this set has the header's kid")]
    KeyUnknown,
    /// The signature is empty or wrong.
    #[error("the signature is wrong")]
    Signature,
    /// The header's `typ` is not the expected one.
    #[error("the token is of another type")]
    TypeMismatch,
    /// The claims are not of the expected form.
    #[error("the claims are not of the expected form")]
    Claims,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` lies ahead.
    #[error("the token is not valid yet")]
    NotYet,
    /// A key is malformed or unfit for the algorithm.
    #[error("the key cannot be used: {0}")]
    Key(&'static str),
}

/// The result of this module's functions.
pub type Result<T> = std::result::Result<T, JoseError>;

#[cfg(test)]
mod tests;
