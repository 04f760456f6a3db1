//! Random texts: nonces, states, PKCE verifiers.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_endpoint::SdkError;

fn bytes<const N: usize>() -> Result<[u8; N], SdkError> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| SdkError::setup("the machine gives no random numbers"))?;
    Ok(bytes)
}

/// 32 hexadecimal digits.
pub(super) fn hex() -> Result<String, SdkError> {
    Ok(hex::encode(bytes::<16>()?))
}

/// 43 letters, digits, `-` and `_`: 256 bits.
pub(super) fn token() -> Result<String, SdkError> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<32>()?))
}
