//! Signatures with kept keys: the least that a token costs.

use crate::site::Algorithm;
use anyhow::{Result, anyhow};
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// A key of each algorithm, parsed once; of RSA also the public half.
pub struct Signing {
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
    public: ParsedPublicKey,
    random: SystemRandom,
}

impl Signing {
    /// Makes the keys, RSA of 2048 bits.
    ///
    /// # Errors
    /// The library refused.
    pub fn new() -> Result<Self> {
        let refused = |_| anyhow!("no key");
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048).map_err(refused)?;
        let der: PublicKeyX509Der<'_> = rsa.public_key().as_der().map_err(refused)?;
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_ref())
            .map_err(|_| anyhow!("the public key cannot be read"))?;
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(refused)?;
        let ed = Ed25519KeyPair::generate().map_err(refused)?;
        Ok(Self { rsa, ec, ed, public, random: SystemRandom::new() })
    }

    /// A token with as many claims as an access token of the server has.
    ///
    /// # Errors
    /// The library refused.
    pub fn token(&self, algorithm: Algorithm) -> Result<String> {
        let header = json!({ "alg": algorithm.name(), "typ": "at+jwt", "kid": "0123456789abcdef" });
        let claims = json!({
            "iss": "http://localhost:8080/oidc",
            "sub": "0123456789abcdef01234567",
            "aud": "0123456789abcdef01234567",
            "client_id": "0123456789abcdef01234567",
            "scope": "openid offline_access",
            "iat": 1_800_000_000,
            "exp": 1_800_003_600,
            "jti": "a.0123456789abcdef01234567.0123456789abcdef",
        });
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
        let signature = self.signature(algorithm, token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn signature(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>> {
        let refused = |_| anyhow!("no signature");
        Ok(match algorithm {
            Algorithm::Rs256 => {
                let mut signature = vec![0; self.rsa.public_modulus_len()];
                self.rsa
                    .sign(&RSA_PKCS1_SHA256, &self.random, message, &mut signature)
                    .map_err(refused)?;
                signature
            }
            Algorithm::Es256 => {
                self.ec.sign(&self.random, message).map_err(refused)?.as_ref().to_vec()
            }
            Algorithm::EdDsa => self.ed.sign(message).as_ref().to_vec(),
        })
    }

    /// The claims of a token that the RSA key signed.
    pub fn claims(&self, token: &str) -> Option<Map<String, Value>> {
        let (message, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.public.verify_sig(message.as_bytes(), &signature).ok()?;
        let claims = URL_SAFE_NO_PAD.decode(message.split_once('.')?.1).ok()?;
        serde_json::from_slice(&claims).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_tokens_are_read_and_others_are_not() {
        let signing = Signing::new().unwrap();
        let token = signing.token(Algorithm::Rs256).unwrap();
        assert_eq!(signing.claims(&token).unwrap()["scope"], "openid offline_access");
        assert!(signing.claims(&token[1..]).is_none());
        let other = signing.token(Algorithm::EdDsa).unwrap();
        assert!(signing.claims(&other).is_none());
    }
}
