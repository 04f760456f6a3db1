//! Private keys, parsed once and kept.

use super::{JoseError, Jwk, Result};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::settings::Algorithm;
use zeroize::Zeroizing;

const FAILED: JoseError = JoseError::Key("the library refused it");

/// A private signing key with its one algorithm.
///
/// Its material stays inside aws-lc; `Debug` shows the algorithm only.
pub struct KeyPair {
    algorithm: Algorithm,
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

impl KeyPair {
    /// Makes a new key: RSA of 2 048 bits, P-256 or Ed25519. RSA takes a good part of a second.
    ///
    /// # Errors
    /// HS256 has no key pair; or aws-lc failed.
    pub fn generate(algorithm: Algorithm) -> Result<Self> {
        let pair = match algorithm {
            Algorithm::Rs256 => {
                Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| FAILED)?)
            }
            Algorithm::Es256 => Pair::Ec(
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(|_| FAILED)?,
            ),
            Algorithm::EdDsa => Pair::Ed(Ed25519KeyPair::generate().map_err(|_| FAILED)?),
            Algorithm::Hs256 => return Err(JoseError::Key("HS256 has no key pair")),
        };
        Ok(Self { algorithm, pair })
    }

    /// Reads a stored key.
    ///
    /// # Errors
    /// The bytes are no PKCS #8 key of this algorithm.
    pub fn from_pkcs8(algorithm: Algorithm, der: &[u8]) -> Result<Self> {
        let pair = match algorithm {
            Algorithm::Rs256 => Pair::Rsa(RsaKeyPair::from_pkcs8(der).map_err(|_| FAILED)?),
            Algorithm::Es256 => Pair::Ec(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der)
                    .map_err(|_| FAILED)?,
            ),
            Algorithm::EdDsa => Pair::Ed(Ed25519KeyPair::from_pkcs8(der).map_err(|_| FAILED)?),
            Algorithm::Hs256 => return Err(JoseError::Key("HS256 has no key pair")),
        };
        Ok(Self { algorithm, pair })
    }

    /// The private key as PKCS #8 (RFC 5208), to be sealed; the copy is wiped when dropped.
    ///
    /// # Errors
    /// aws-lc failed.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>> {
        let bytes = match &self.pair {
            Pair::Rsa(pair) => {
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| FAILED)?;
                der.as_ref().to_vec()
            }
            Pair::Ec(pair) => pair.to_pkcs8v1().map_err(|_| FAILED)?.as_ref().to_vec(),
            Pair::Ed(pair) => pair.to_pkcs8().map_err(|_| FAILED)?.as_ref().to_vec(),
        };
        Ok(Zeroizing::new(bytes))
    }

    /// The algorithm it signs with.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The public half, as JWKS publishes it under this `kid`.
    ///
    /// # Errors
    /// aws-lc gave a point in no form we know.
    pub fn public_jwk(&self, kid: &str) -> Result<Jwk> {
        let mut jwk = Jwk {
            kty: String::new(),
            usage: "sig".to_owned(),
            alg: self.algorithm,
            kid: kid.to_owned(),
            n: None,
            e: None,
            crv: None,
            x: None,
            y: None,
        };
        let text = |bytes: &[u8]| Some(URL_SAFE_NO_PAD.encode(bytes));
        match &self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                "RSA".clone_into(&mut jwk.kty);
                jwk.n = text(public.modulus().big_endian_without_leading_zero());
                jwk.e = text(public.exponent().big_endian_without_leading_zero());
            }
            Pair::Ec(pair) => {
                // The uncompressed point of SEC 1, 2.3.3: 4, then both coordinates.
                let point = pair.public_key().as_ref();
                let (x, y) = point
                    .strip_prefix(&[4])
                    .and_then(|both| both.split_at_checked(32))
                    .ok_or(FAILED)?;
                "EC".clone_into(&mut jwk.kty);
                jwk.crv = Some("P-256".to_owned());
                jwk.x = text(x);
                jwk.y = text(y);
            }
            Pair::Ed(pair) => {
                "OKP".clone_into(&mut jwk.kty);
                jwk.crv = Some("Ed25519".to_owned());
                jwk.x = text(pair.public_key().as_ref());
            }
        }
        Ok(jwk)
    }

    /// The raw signature of a message.
    pub(super) fn signature(&self, message: &[u8]) -> Result<Vec<u8>> {
        let rng = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &rng, message, &mut signature).map_err(|_| FAILED)?;
                Ok(signature)
            }
            Pair::Ec(pair) => Ok(pair.sign(&rng, message).map_err(|_| FAILED)?.as_ref().to_vec()),
            Pair::Ed(pair) => Ok(pair.try_sign(message).map_err(|_| FAILED)?.as_ref().to_vec()),
        }
    }
}
