//! Proof Key for Code Exchange (RFC 7636).

use super::errors::{OAuthError, Refusal};
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// What an application must and may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PkceRules {
    /// A challenge has to be there.
    pub required: bool,
    /// The method `plain` may be used; it protects from little (RFC 9700, 2.1.1).
    pub plain_allowed: bool,
}

/// How a verifier becomes a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Method {
    #[serde(rename = "S256")]
    S256,
    #[serde(rename = "plain")]
    Plain,
}

/// The checked challenge of an authorization request. `Deserialize` is for what our own store
/// held, and trusts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    method: Method,
    value: String,
}

impl Challenge {
    /// Checks `code_challenge_method` and `code_challenge` of an authorization request.
    ///
    /// Without a method the challenge is `plain` (RFC 7636, 4.3). A challenge of S256 is the
    /// base64url of 32 bytes, so 43 characters; of `plain` 43 to 128 as the verifier itself.
    ///
    /// # Errors
    /// `invalid_request` names what is missing, not allowed or malformed.
    pub fn check(
        method: Option<&str>,
        challenge: Option<&str>,
        rules: PkceRules,
    ) -> Result<Option<Self>, Refusal> {
        let Some(value) = challenge else {
            return match (method, rules.required) {
                (Some(_), _) => {
                    Err(Refusal::request("code_challenge_method came without code_challenge"))
                }
                (None, true) => Err(Refusal::request("code_challenge is missing")),
                (None, false) => Ok(None),
            };
        };
        let method = match method {
            Some("S256") => Method::S256,
            None | Some("plain") if rules.plain_allowed => Method::Plain,
            _ => return Err(Refusal::request("code_challenge_method must be S256")),
        };
        let fits = match method {
            Method::S256 => URL_SAFE_NO_PAD.decode(value).is_ok_and(|hash| hash.len() == 32),
            Method::Plain => well_formed(value),
        };
        if fits {
            Ok(Some(Self { method, value: value.to_owned() }))
        } else {
            Err(Refusal::request("code_challenge is malformed"))
        }
    }

    /// Whether a verifier fits; a malformed one never does.
    #[must_use]
    pub fn verify(&self, verifier: &str) -> bool {
        let expected = match self.method {
            Method::S256 => {
                let hash = digest::digest(&digest::SHA256, verifier.as_bytes());
                URL_SAFE_NO_PAD.encode(hash)
            }
            Method::Plain => verifier.to_owned(),
        };
        well_formed(verifier) && bool::from(expected.as_bytes().ct_eq(self.value.as_bytes()))
    }
}

/// The rule of the pair at the token endpoint: both, or neither (RFC 9700, 4.8.2).
///
/// # Errors
/// `invalid_request` for a malformed verifier; `invalid_grant` when it is wrong, when it is
/// missing, and when it comes for a code that was asked for without a challenge.
pub fn redeem(challenge: Option<&Challenge>, verifier: Option<&str>) -> Result<(), Refusal> {
    let refused = |text: &str| Err(Refusal::new(OAuthError::InvalidGrant, text));
    match (challenge, verifier) {
        (_, Some(verifier)) if !well_formed(verifier) => {
            Err(Refusal::request("code_verifier is malformed"))
        }
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.verify(verifier) => Ok(()),
        (Some(_), Some(_)) => refused("code_verifier does not fit the challenge"),
        (Some(_), None) => refused("code_verifier is missing"),
        (None, Some(_)) => refused("code_verifier came without a challenge"),
    }
}

/// 43 to 128 unreserved characters (RFC 7636, 4.1).
fn well_formed(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    const LAX: PkceRules = PkceRules { required: false, plain_allowed: true };
    const STRICT: PkceRules = PkceRules { required: true, plain_allowed: false };

    fn s256() -> Challenge {
        Challenge::check(Some("S256"), Some(CHALLENGE), STRICT).unwrap().unwrap()
    }

    #[test]
    fn vector_of_the_rfc() {
        assert!(s256().verify(VERIFIER));
        assert!(!s256().verify(CHALLENGE));
        let stored = serde_json::to_string(&s256()).unwrap();
        assert_eq!(stored, format!(r#"{{"method":"S256","value":"{CHALLENGE}"}}"#));
        assert_eq!(serde_json::from_str::<Challenge>(&stored).unwrap(), s256());
    }

    /// Attack row 7 at the authorization endpoint.
    #[test]
    fn attack_07_challenges() {
        let long = |n| "a".repeat(n);
        let (a42, a43, a128, a129) = (long(42), long(43), long(128), long(129));
        let none = PkceRules::default();
        for (method, challenge, rules, want) in [
            (None, None, none, Ok(false)),
            (None, None, STRICT, Err(())),
            (Some("S256"), None, none, Err(())),
            (Some("plain"), None, LAX, Err(())),
            (Some("S256"), Some(CHALLENGE), none, Ok(true)),
            (Some("S256"), Some(CHALLENGE), STRICT, Ok(true)),
            (Some("plain"), Some(CHALLENGE), STRICT, Err(())),
            (None, Some(CHALLENGE), STRICT, Err(())),
            (None, Some(CHALLENGE), LAX, Ok(true)),
            (Some("plain"), Some(&a43), LAX, Ok(true)),
            (Some("plain"), Some(&a128), LAX, Ok(true)),
            (Some("plain"), Some(&a42), LAX, Err(())),
            (Some("plain"), Some(&a129), LAX, Err(())),
            (Some("s256"), Some(CHALLENGE), LAX, Err(())),
            (Some("PLAIN"), Some(CHALLENGE), LAX, Err(())),
            (Some("S512"), Some(CHALLENGE), LAX, Err(())),
            (Some("S256"), Some(&CHALLENGE[..42]), LAX, Err(())),
            (Some("S256"), Some(&a128), LAX, Err(())),
            (Some("S256"), Some(&format!("{CHALLENGE}=")), LAX, Err(())),
            (Some("S256"), Some(&CHALLENGE.replace('-', "+")), LAX, Err(())),
            (Some("plain"), Some(&format!("{a43} ")), LAX, Err(())),
            (Some("plain"), Some(&format!("{a43}é")), LAX, Err(())),
        ] {
            let got = Challenge::check(method, challenge, rules);
            match want {
                Ok(some) => assert_eq!(got.unwrap().is_some(), some, "{method:?} {challenge:?}"),
                Err(()) => {
                    assert_eq!(got.unwrap_err().code(), "invalid_request", "{challenge:?}");
                }
            }
        }
    }

    /// Attack row 7 at the token endpoint.
    #[test]
    fn attack_07_verifiers() {
        let plain = Challenge::check(None, Some(VERIFIER), LAX).unwrap().unwrap();
        let s256 = s256();
        let (a42, a43, a129) = ("a".repeat(42), "a".repeat(43), "a".repeat(129));
        for (challenge, verifier, want) in [
            (None, None, None),
            (Some(&s256), Some(VERIFIER), None),
            (Some(&plain), Some(VERIFIER), None),
            (None, Some(VERIFIER), Some("invalid_grant")),
            (Some(&s256), None, Some("invalid_grant")),
            (Some(&s256), Some(CHALLENGE), Some("invalid_grant")),
            (Some(&plain), Some(&*a43), Some("invalid_grant")),
            (Some(&s256), Some(&*a42), Some("invalid_request")),
            (Some(&s256), Some(&*a129), Some("invalid_request")),
            (None, Some(&*a42), Some("invalid_request")),
            (
                Some(&s256),
                Some("dBjftJeZ4CVP mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                Some("invalid_request"),
            ),
            (
                Some(&s256),
                Some("dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk"),
                Some("invalid_request"),
            ),
            (Some(&s256), Some(""), Some("invalid_request")),
        ] {
            let got = redeem(challenge, verifier).err().map(|r| r.code());
            assert_eq!(got, want, "{challenge:?} {verifier:?}");
        }
    }
}
