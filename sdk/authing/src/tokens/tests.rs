//! Good tokens, and every way in which one can be bad.

use super::*;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
};
use aws_lc_rs::{hmac, rsa, signature};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use std::time::Duration;

const NOW: i64 = 1_750_000_000;

/// A key of each algorithm, and the set that publishes them.
struct Signers {
    rsa: signature::RsaKeyPair,
    ec: EcdsaKeyPair,
    ed: Ed25519KeyPair,
    jwks: Jwks,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signers {
    fn new() -> Self {
        let rsa = signature::RsaKeyPair::generate(rsa::KeySize::Rsa2048).unwrap();
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let ed = Ed25519KeyPair::generate().unwrap();
        let public = rsa.public_key();
        let point = ec.public_key().as_ref();
        let jwks = Jwks {
            keys: vec![
                json!({ "kty": "SM2", "kid": "sm" }),
                json!({ "kty": "RSA", "kid": "r", "use": "sig", "alg": "RS256",
                    "n": text(public.modulus().big_endian_without_leading_zero()),
                    "e": text(public.exponent().big_endian_without_leading_zero()) }),
                json!({ "kty": "EC", "kid": "e", "crv": "P-256",
                    "x": text(&point[1..33]), "y": text(&point[33..]) }),
                json!({ "kty": "OKP", "kid": "o", "crv": "Ed25519", "alg": "EdDSA",
                    "x": text(ed.public_key().as_ref()) }),
                json!({ "kty": "oct", "kid": "s", "k": text(b"shared") }),
            ],
        };
        Self { rsa, ec, ed, jwks }
    }

    fn keys(&self) -> Keys {
        Keys::new(&self.jwks, Some(&Secret::from("app secret")))
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let signed = format!(
            "{}.{}",
            text(header.to_string().as_bytes()),
            text(claims.to_string().as_bytes())
        );
        let random = SystemRandom::new();
        let bytes = signed.as_bytes();
        let tag = match header["alg"].as_str().unwrap() {
            "RS256" => {
                let mut tag = vec![0; self.rsa.public_modulus_len()];
                self.rsa.sign(&signature::RSA_PKCS1_SHA256, &random, bytes, &mut tag).unwrap();
                tag
            }
            "ES256" => self.ec.sign(&random, bytes).unwrap().as_ref().to_vec(),
            "EdDSA" => self.ed.sign(bytes).as_ref().to_vec(),
            "HS256" => {
                let secret = header["kid"].as_str().unwrap_or("app secret");
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
                hmac::sign(&key, bytes).as_ref().to_vec()
            }
            _ => Vec::new(),
        };
        format!("{signed}.{}", text(&tag))
    }
}

fn header(alg: &str, kid: &str) -> Value {
    json!({ "alg": alg, "kid": kid, "typ": "at+jwt" })
}

fn claims() -> Value {
    json!({ "iss": "https://h/oidc", "sub": "u1", "aud": ["other", "app"], "iat": NOW,
        "exp": NOW + 60, "nonce": "n", "scope": "openid" })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn expected(kind: TokenKind) -> Expected<'static> {
    let now = UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs());
    Expected { kind, issuer: "https://h/oidc", audience: "app", nonce: None, now }
}

#[test]
fn a_token_of_each_algorithm_is_good() {
    let signers = Signers::new();
    let keys = signers.keys();
    for (alg, kid) in [("RS256", "r"), ("ES256", "e"), ("EdDSA", "o")] {
        let token = signers.token(&header(alg, kid), &claims());
        let read = verify(&token, &keys, &expected(TokenKind::Access)).unwrap();
        assert_eq!((read.sub.as_str(), read.exp), ("u1", NOW + 60));
        assert_eq!(read.other["scope"], "openid");
        assert!(!keys.lack_key_of(&token));
    }
    let id = signers.token(&json!({ "alg": "HS256" }), &with("aud", json!("app")));
    let nonce = Some("n");
    verify(&id, &keys, &Expected { nonce, ..expected(TokenKind::Id) }).unwrap();
    let id = signers.token(&json!({ "alg": "ES256", "kid": "e", "typ": "JWT" }), &claims());
    verify(&id, &keys, &expected(TokenKind::Id)).unwrap();
}

#[test]
fn a_key_serves_its_own_algorithm_only() {
    let signers = Signers::new();
    let keys = signers.keys();
    let access = expected(TokenKind::Access);
    for (alg, kid, why) in [
        ("ES256", "r", TokenError::Algorithm),
        ("RS256", "o", TokenError::Algorithm),
        ("RS512", "r", TokenError::Algorithm),
        ("HS256", "r", TokenError::Algorithm),
        ("RS256", "x", TokenError::UnknownKey),
        ("RS256", "s", TokenError::UnknownKey),
        ("RS256", "sm", TokenError::UnknownKey),
        ("none", "r", TokenError::Malformed),
    ] {
        let token = signers.token(&header(alg, kid), &claims());
        assert_eq!(verify(&token, &keys, &access).unwrap_err(), why, "{alg} {kid}");
    }
    // The public key's own text as a shared secret, under its id and without one.
    let public = signers.jwks.keys[1]["n"].as_str().unwrap().to_owned();
    for kind in [TokenKind::Access, TokenKind::Id] {
        let header = json!({ "alg": "HS256", "kid": public, "typ": "at+jwt" });
        let token = signers.token(&header, &claims());
        let keyless = Keys::new(&signers.jwks, None);
        assert_eq!(verify(&token, &keyless, &expected(kind)), Err(TokenError::Algorithm));
        assert!(verify(&token, &keys, &expected(kind)).is_err());
    }
    // Only a token that names a public key is worth asking for newer ones.
    assert!(keys.lack_key_of(&signers.token(&header("RS256", "x"), &claims())));
    for alg in ["none", "HS256"] {
        assert!(!keys.lack_key_of(&signers.token(&header(alg, "x"), &claims())), "{alg}");
    }
    // Without an id several keys could be meant.
    let token = signers.token(&json!({ "alg": "RS256", "typ": "at+jwt" }), &claims());
    assert_eq!(verify(&token, &keys, &access), Err(TokenError::UnknownKey));
    // Another secret than the application's.
    let id = signers.token(&json!({ "alg": "HS256", "kid": "shared" }), &claims());
    assert_eq!(verify(&id, &keys, &expected(TokenKind::Id)), Err(TokenError::Signature));
    let keyless = Keys::new(&signers.jwks, None);
    let id = signers.token(&json!({ "alg": "HS256" }), &claims());
    assert_eq!(verify(&id, &keyless, &expected(TokenKind::Id)), Err(TokenError::Algorithm));
}

#[test]
fn what_was_changed_is_noticed() {
    let signers = Signers::new();
    let keys = signers.keys();
    let access = expected(TokenKind::Access);
    let good = signers.token(&header("ES256", "e"), &claims());
    let parts: Vec<_> = good.split('.').collect();
    let other = text(with("sub", json!("admin")).to_string().as_bytes());
    let swapped = format!("{}.{other}.{}", parts[0], parts[2]);
    assert_eq!(verify(&swapped, &keys, &access), Err(TokenError::Signature));
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    assert!(verify(&unsigned, &keys, &access).is_err());
    for broken in ["", ".", "..", "a.b.c", parts[0], &good[1..]] {
        assert_eq!(verify(broken, &keys, &access), Err(TokenError::Malformed), "{broken}");
    }
    let mut critical = header("ES256", "e");
    critical["crit"] = json!(["b64"]);
    let token = signers.token(&critical, &claims());
    assert_eq!(verify(&token, &keys, &access), Err(TokenError::Malformed));
}

#[test]
fn claims_are_checked() {
    let signers = Signers::new();
    let keys = signers.keys();
    for (claims, why) in [
        (with("iss", json!("https://other/oidc")), TokenError::Issuer),
        (with("iss", json!("https://h/oidc/")), TokenError::Issuer),
        (with("aud", json!("other")), TokenError::Audience),
        (with("aud", json!([])), TokenError::Audience),
        (with("exp", json!(NOW - 60)), TokenError::Expired),
        (with("exp", json!("soon")), TokenError::Malformed),
        (with("exp", Value::Null), TokenError::Malformed),
        (with("sub", Value::Null), TokenError::Malformed),
        (with("nbf", json!(NOW + 61)), TokenError::TooEarly),
        (with("nonce", json!("m")), TokenError::Nonce),
    ] {
        let token = signers.token(&header("EdDSA", "o"), &claims);
        let expected = Expected { nonce: Some("n"), ..expected(TokenKind::Access) };
        assert_eq!(verify(&token, &keys, &expected), Err(why), "{claims}");
    }
    let late = signers.token(&header("EdDSA", "o"), &with("exp", json!(NOW - 59)));
    assert!(verify(&late, &keys, &expected(TokenKind::Access)).is_ok());
}

#[test]
fn one_kind_is_not_taken_for_the_other() {
    let signers = Signers::new();
    let access = signers.token(&header("EdDSA", "o"), &claims());
    let id = signers.token(&json!({ "alg": "EdDSA", "kid": "o", "typ": "JWT" }), &claims());
    let keys = signers.keys();
    assert_eq!(verify(&access, &keys, &expected(TokenKind::Id)), Err(TokenError::Kind));
    assert_eq!(verify(&id, &keys, &expected(TokenKind::Access)), Err(TokenError::Kind));
}
