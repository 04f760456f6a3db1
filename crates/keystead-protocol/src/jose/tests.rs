//! Tokens through signing and verification, published vectors, and the forgeries of row 10.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::settings::Algorithm;
use serde_json::{Value, json};
use std::sync::LazyLock;

/// One pair per algorithm, made once: RSA keys are slow to make.
static PAIRS: LazyLock<Vec<KeyPair>> = LazyLock::new(|| {
    Algorithm::ASYMMETRIC.into_iter().map(|a| KeyPair::generate(a).unwrap()).collect()
});

fn rsa() -> &'static KeyPair {
    PAIRS.iter().find(|p| p.algorithm() == Algorithm::Rs256).unwrap()
}

fn public(pair: &KeyPair, kid: &str) -> PublicKey {
    PublicKey::from_jwk(&pair.public_jwk(kid).unwrap()).unwrap()
}

fn b64(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

#[test]
fn each_pair_signs_what_its_public_half_verifies() {
    let claims = json!({"sub": "alice", "n": 1});
    for pair in PAIRS.iter() {
        let token = sign(pair, "k1", "at+jwt", &claims).unwrap();
        let set = KeySet::new(vec![public(pair, "k1")]);
        let verified = set.verify(&token).unwrap();
        assert_eq!(verified.claims::<Value>().unwrap(), claims);
        assert_eq!(verified.payload(), serde_json::to_vec(&claims).unwrap());
        assert_eq!(verified.header().kid.as_deref(), Some("k1"));
        assert_eq!(verified.require_typ("AT+JWT"), Ok(()));
        assert_eq!(verified.require_typ("JWT"), Err(JoseError::TypeMismatch));
        assert_eq!(peek(&token).unwrap().alg, pair.algorithm());
        assert_eq!(unverified_claims::<Value>(&token).unwrap(), claims);

        let kept = pair.to_pkcs8().unwrap();
        let again = KeyPair::from_pkcs8(pair.algorithm(), &kept).unwrap();
        assert_eq!(again.public_jwk("k1").unwrap(), pair.public_jwk("k1").unwrap());
        let other = KeySet::new(vec![public(pair, "k2")]);
        assert_eq!(other.verify(&token).unwrap_err(), JoseError::KeyUnknown);
        assert_eq!(verify(&token, &public(pair, "k2")).unwrap_err(), JoseError::KeyUnknown);
    }
}

#[test]
fn another_library_accepts_our_rs256() {
    let token = sign(rsa(), "k", "JWT", &json!({"sub": "a", "exp": 4_102_444_800_u64})).unwrap();
    let jwk = rsa().public_jwk("k").unwrap();
    let key = jsonwebtoken::DecodingKey::from_rsa_components(
        jwk.n.as_deref().unwrap(),
        jwk.e.as_deref().unwrap(),
    )
    .unwrap();
    let decode = |alg| {
        jsonwebtoken::decode::<Value>(&token, &key, &jsonwebtoken::Validation::new(alg)).is_ok()
    };
    assert!(decode(jsonwebtoken::Algorithm::RS256));
    assert!(!decode(jsonwebtoken::Algorithm::PS256));
}

/// RFC 7515, A.1: HS256 with a key of 64 bytes.
#[test]
fn vector_of_rfc_7515_a1() {
    let secret = URL_SAFE_NO_PAD
        .decode(concat!(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75",
            "aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
        ))
        .unwrap();
    let token = concat!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290",
        "Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    let verified = verify_hs256(token, &secret).unwrap();
    let times: Times = verified.claims().unwrap();
    assert_eq!(times.exp, 1_300_819_380);
    assert_eq!(check_times(&times, 1_300_819_379, 0), Ok(()));
    assert_eq!(check_times(&times, 1_300_819_380, 0), Err(JoseError::Expired));
    assert_eq!(verify_hs256(token, b"other").unwrap_err(), JoseError::Signature);
    assert!(matches!(verify_hs256(token, b""), Err(JoseError::Key(_))));
}

/// RFC 8037, A.4: Ed25519.
#[test]
fn vector_of_rfc_8037_a4() {
    let jwk = Jwk {
        kty: "OKP".into(),
        usage: "sig".into(),
        alg: Algorithm::EdDsa,
        kid: "k".into(),
        n: None,
        e: None,
        crv: Some("Ed25519".into()),
        x: Some("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into()),
        y: None,
    };
    let token = concat!(
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-",
        "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
    let verified = verify(token, &PublicKey::from_jwk(&jwk).unwrap()).unwrap();
    assert_eq!(verified.payload(), b"Example of Ed25519 signing");
}

#[test]
fn hs256_round_trip_and_no_confusion_of_families() {
    let token = sign_hs256(b"s3cret-of-the-app", "JWT", &json!({"sub": "a"})).unwrap();
    assert!(verify_hs256(&token, b"s3cret-of-the-app").is_ok());
    assert_eq!(verify_hs256(&token, b"another").unwrap_err(), JoseError::Signature);
    assert!(sign_hs256(b"", "JWT", &json!({})).is_err());
    // The public key as an HMAC secret, in each form an attacker can hold it.
    let jwk = rsa().public_jwk("k").unwrap();
    let json = serde_json::to_string(&jwk).unwrap();
    for secret in [jwk.n.clone().unwrap(), json] {
        let header = b64(r#"{"alg":"HS256","kid":"k","typ":"JWT"}"#);
        let forged = sign_hs256(secret.as_bytes(), "JWT", &json!({"sub": "admin"})).unwrap();
        let (_, rest) = forged.split_once('.').unwrap();
        for token in [forged.clone(), format!("{header}.{rest}")] {
            assert_eq!(
                verify(&token, &public(rsa(), "k")).unwrap_err(),
                JoseError::AlgorithmMismatch
            );
        }
    }
    let ours = sign(rsa(), "k", "JWT", &json!({})).unwrap();
    assert_eq!(verify_hs256(&ours, b"x").unwrap_err(), JoseError::AlgorithmMismatch);
}

/// Attack row 10: everything in a header that must be refused before the signature counts.
#[test]
fn attack_10_headers() {
    let key = public(rsa(), "k");
    let good = sign(rsa(), "k", "JWT", &json!({"sub": "a"})).unwrap();
    let (_, rest) = good.split_once('.').unwrap();
    let refused = |header: &str| {
        let error = verify(&format!("{}.{rest}", b64(header)), &key).unwrap_err();
        assert_eq!(peek(&format!("{}.{rest}", b64(header))).err().unwrap_or(error), error);
        error
    };
    for alg in ["none", "None", "NONE", "nOnE", "", "rs256", "RS384", "PS256", "HS512", "ES256K"] {
        let error = refused(&format!(r#"{{"alg":"{alg}","kid":"k"}}"#));
        assert_eq!(error, JoseError::AlgorithmUnknown, "{alg}");
    }
    assert_eq!(refused(r#"{"kid":"k"}"#), JoseError::AlgorithmUnknown);
    for alg in ["ES256", "EdDSA", "HS256"] {
        let error = refused(&format!(r#"{{"alg":"{alg}","kid":"k"}}"#));
        assert_eq!(error, JoseError::AlgorithmMismatch, "{alg}");
    }
    for (header, name) in [
        (r#"{"alg":"RS256","kid":"k","b64":false,"crit":["b64"]}"#, "crit"),
        (r#"{"alg":"RS256","kid":"k","crit":[]}"#, "crit"),
        (r#"{"alg":"RS256","kid":"k","b64":false}"#, "b64"),
        (r#"{"alg":"RS256","kid":"k","b64":true}"#, "b64"),
    ] {
        assert_eq!(refused(header), JoseError::HeaderUnsupported(name), "{header}");
    }
    for header in [
        r#"{"alg":"RS256","alg":"none","kid":"k"}"#,
        r#"{"alg":"none","alg":"RS256","kid":"k"}"#,
        r#"{"alg":"RS256","kid":"k","kid":"k"}"#,
        r#"{"alg":"RS256","kid":"k","x":1,"x":1}"#,
        r#"{"alg":"RS256","\u0061lg":"RS256","kid":"k"}"#,
        r#"{"alg":["RS256"],"kid":"k"}"#,
        r#"{"alg":"RS256","kid":7}"#,
        r#"{"alg":"RS256","kid":"k"}x"#,
        r#"["RS256"]"#,
        "",
    ] {
        assert!(matches!(refused(header), JoseError::Malformed(_)), "{header}");
    }
    // A key brought along is not looked at: the signature is checked with ours, and is wrong.
    let jwk = serde_json::to_string(&PAIRS[1].public_jwk("k").unwrap()).unwrap();
    let brought = refused(&format!(r#"{{"alg":"RS256","kid":"k","jwk":{jwk}}}"#));
    assert_eq!(brought, JoseError::Signature);
}

/// Attack row 10: broken forms of a good token.
#[test]
fn attack_10_forms() {
    let key = public(rsa(), "k");
    let good = sign(rsa(), "k", "JWT", &json!({"sub": "a"})).unwrap();
    assert!(verify(&good, &key).is_ok());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let other = b64(r#"{"sub":"b"}"#);
    let long = format!("{header}.{}.{signature}", "A".repeat(MAX_TOKEN_BYTES));
    for (token, want) in [
        (format!("{message}."), JoseError::Signature),
        (format!("{message}.AAAA"), JoseError::Signature),
        (format!("{message}.{signature}="), JoseError::Signature),
        (format!("{message}.{signature} "), JoseError::Signature),
        (format!("{header}.{other}.{signature}"), JoseError::Signature),
        (format!("{header}..{signature}"), JoseError::Signature),
        (long, JoseError::TooLong),
    ] {
        assert_eq!(verify(&token, &key).unwrap_err(), want);
    }
    let wide = b64(&format!(r#"{{"alg":"RS256","kid":"k","x":"{}"}}"#, "a".repeat(1_000)));
    for token in [
        String::new(),
        "..".into(),
        ".a.b".into(),
        "a".into(),
        message.to_owned(),
        format!("{good}.x"),
        format!("{header}.{payload}.{payload}.{signature}"),
        format!(" {good}"),
        format!("{wide}.{payload}.{signature}"),
    ] {
        let error = verify(&token, &key).unwrap_err();
        assert!(
            matches!(error, JoseError::Malformed(_) | JoseError::Signature),
            "{token}: {error:?}"
        );
    }
}

#[test]
fn typed_claims_refuse_a_doubled_name() {
    let payload = URL_SAFE_NO_PAD.encode(r#"{"exp":1,"exp":9}"#);
    let header = b64(r#"{"alg":"HS256"}"#);
    let message = format!("{header}.{payload}");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"s");
    let tag = URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes()));
    let verified = verify_hs256(&format!("{message}.{tag}"), b"s").unwrap();
    assert_eq!(verified.claims::<Times>(), Err(JoseError::Claims));
}

#[test]
fn keys_that_do_not_fit_are_refused() {
    let rsa_key = rsa().public_jwk("k").unwrap();
    let wrong = |change: fn(&mut Jwk)| {
        let mut jwk = rsa_key.clone();
        change(&mut jwk);
        PublicKey::from_jwk(&jwk).map(|_| ())
    };
    assert!(matches!(wrong(|k| k.alg = Algorithm::Es256), Err(JoseError::Key(_))));
    assert!(matches!(wrong(|k| k.alg = Algorithm::Hs256), Err(JoseError::Key(_))));
    assert!(matches!(wrong(|k| k.kty = "oct".into()), Err(JoseError::Key(_))));
    assert!(matches!(wrong(|k| k.n = Some("*".into())), Err(JoseError::Key(_))));
    assert!(KeyPair::generate(Algorithm::Hs256).is_err());
    let der = rsa().to_pkcs8().unwrap();
    assert!(KeyPair::from_pkcs8(Algorithm::Es256, &der).is_err());
    assert!(!format!("{:?}", rsa()).contains("modulus"));
}

#[test]
fn jwks_has_rsa_first_and_only_public_members() {
    let keys: Vec<Jwk> = PAIRS.iter().rev().map(|p| p.public_jwk("k").unwrap()).collect();
    assert_ne!(keys[0].kty, "RSA");
    let jwks = Jwks::new(keys);
    assert_eq!(jwks.keys[0].kty, "RSA");
    let value = serde_json::to_value(&jwks).unwrap();
    let names = |i: usize| {
        value["keys"][i].as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(names(0), ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!(names(1), ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!(names(2), ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!(value["keys"][0]["alg"], "RS256");
    assert_eq!(serde_json::from_value::<Jwks>(value).unwrap(), jwks);
}

proptest::proptest! {
    /// No text makes it panic, and none but ours is accepted.
    #[test]
    fn any_text_is_refused(text in "\\PC{0,60}", parts in "[A-Za-z0-9_.-]{0,60}") {
        for token in [&text, &parts, &format!("{}.{parts}", b64(r#"{"alg":"RS256"}"#))] {
            proptest::prop_assert!(verify(token, &public(rsa(), "k")).is_err());
        }
    }
}

/// OpenID Connect Core 1.0, A.3 gives an access token with its `at_hash`.
#[test]
fn at_hash_vector() {
    let token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    assert_eq!(at_hash(Algorithm::Rs256, token), "77QmUPtjPfzWtF2AnpK9RQ");
    assert_eq!(at_hash(Algorithm::Hs256, token), at_hash(Algorithm::Es256, token));
    assert_eq!(at_hash(Algorithm::EdDsa, token).len(), 43);
}
