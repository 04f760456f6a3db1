//! Scopes: an ordered set of tokens (RFC 6749, 3.3).

use super::errors::{OAuthError, Refusal};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest scope parameter, in bytes.
const MAX_BYTES: usize = 4_096;
/// The most tokens in one.
const MAX_TOKENS: usize = 100;

/// Scopes that every application may ask for: those of OpenID Connect Core, 5.4 and 11, and
/// those of the Authing dialects.
pub const KNOWN: [&str; 11] = [
    "openid",
    "profile",
    "email",
    "phone",
    "address",
    "offline_access",
    "username",
    "roles",
    "external_id",
    "extended_fields",
    "tenant_id",
];

/// The scope of plain OAuth 2 that stands for what is known about the person.
pub const USER: &str = "user";

/// What [`USER`] stands for.
const USER_MEANS: [&str; 5] = ["profile", "email", "phone", "address", "username"];

/// What happens to a scope that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is left out: the authorization endpoint, as OpenID Connect Core, 3.1.2.1 wants it. The
    /// answer of the token endpoint names the scopes that were granted.
    Ignore,
    /// `invalid_scope`: direct grants, where no person sees what is missing (attack row 9).
    Refuse,
}

/// A set of scopes in the order of the request. Made by its checks alone; `Deserialize` is for
/// what our own store held, and trusts it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(Vec<String>);

impl Scope {
    /// Reads tokens parted by spaces; a repeated one counts once.
    ///
    /// # Errors
    /// `invalid_scope` for a character that RFC 6749, 3.3 does not allow, or too many tokens.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_BYTES {
            return Err(refused("scope is too long"));
        }
        let mut tokens: Vec<String> = Vec::new();
        for token in text.split(' ').filter(|token| !token.is_empty()) {
            if !is_token(token) {
                return Err(refused("scope holds a character that is not allowed"));
            }
            if !tokens.iter().any(|own| own == token) {
                tokens.push(token.to_owned());
            }
        }
        if tokens.len() > MAX_TOKENS {
            return Err(refused("scope has too many values"));
        }
        Ok(Self(tokens))
    }

    /// Reads the scope of a request in which a person takes part. `allowed_extra` are the
    /// application's own scopes beside [`KNOWN`].
    ///
    /// # Errors
    /// `invalid_scope`: malformed, or with [`Unknown::Refuse`] unknown.
    pub fn check(
        requested: Option<&str>,
        allowed_extra: &[String],
        unknown: Unknown,
    ) -> Result<Self, Refusal> {
        let mut scope = Self::parse(requested.unwrap_or_default())?;
        let known =
            |token: &String| KNOWN.contains(&token.as_str()) || allowed_extra.contains(token);
        match unknown {
            Unknown::Ignore => scope.0.retain(known),
            Unknown::Refuse if scope.0.iter().all(known) => {}
            Unknown::Refuse => return Err(refused("a scope is unknown or not allowed")),
        }
        Ok(scope)
    }

    /// As [`Scope::check`], at a door of plain OAuth 2: [`USER`] is known there and is what a
    /// request without a scope asks for (RFC 6749, 3.3); `openid` means nothing and is left out.
    ///
    /// # Errors
    /// As [`Scope::check`].
    pub fn check_plain(
        requested: Option<&str>,
        allowed_extra: &[String],
        unknown: Unknown,
    ) -> Result<Self, Refusal> {
        let extra = [allowed_extra, &[USER.to_owned()]].concat();
        let scope = Self::check(requested, &extra, unknown)?.without("openid");
        Ok(if scope.is_empty() { Self(vec![USER.to_owned()]) } else { scope })
    }

    /// The scope whose claims this one releases at plain OAuth 2: [`USER`] spelled out.
    #[must_use]
    pub fn spelled_out(mut self) -> Self {
        if self.contains(USER) {
            let more = USER_MEANS.into_iter().filter(|name| !self.contains(name));
            let more: Vec<String> = more.map(str::to_owned).collect();
            self.0.extend(more);
        }
        self
    }

    /// Reads the scope of an application's own token (RFC 6749, 4.4): any of the `allowed` ones;
    /// all of them when it asks for none. Scopes about a person mean nothing here.
    ///
    /// # Errors
    /// `invalid_scope`: malformed, or not among the allowed.
    pub fn for_client(requested: Option<&str>, allowed: &[String]) -> Result<Self, Refusal> {
        let ceiling = Self::parse(&allowed.join(" "))?;
        ceiling.narrowed(requested)
    }

    /// Reads the scope of a refresh or of anything else that may not grow beyond `self`; without
    /// one it stays the same (RFC 6749, 6).
    ///
    /// # Errors
    /// `invalid_scope`: malformed, or wider.
    pub fn narrowed(&self, requested: Option<&str>) -> Result<Self, Refusal> {
        let Some(requested) = requested else { return Ok(self.clone()) };
        let scope = Self::parse(requested)?;
        if scope.is_empty() {
            return Ok(self.clone());
        }
        if scope.subset_of(self) {
            Ok(scope)
        } else {
            Err(refused("the scope is wider than what was granted"))
        }
    }

    /// Whether every token of this set is in the other one.
    #[must_use]
    pub fn subset_of(&self, other: &Self) -> bool {
        self.0.iter().all(|token| other.contains(token))
    }

    /// The tokens of this set, and those of the other one that it lacks.
    #[must_use]
    pub fn joined(mut self, other: &Self) -> Self {
        let more: Vec<String> =
            other.0.iter().filter(|token| !self.contains(token)).cloned().collect();
        self.0.extend(more);
        self
    }

    /// Whether the token is in the set; case counts.
    #[must_use]
    pub fn contains(&self, token: &str) -> bool {
        self.0.iter().any(|own| own == token)
    }

    /// The set without one token: `offline_access`, where no refresh token may be given.
    #[must_use]
    pub fn without(mut self, token: &str) -> Self {
        self.0.retain(|own| own != token);
        self
    }

    /// Whether it has no token.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// Whether a text is one scope token, as an application's own scopes must be.
#[must_use]
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

fn refused(description: &str) -> Refusal {
    Refusal::new(OAuthError::InvalidScope, description)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn extra() -> Vec<String> {
        vec!["read:all".to_owned(), "write".to_owned()]
    }

    #[test]
    fn parsing() {
        for (text, want) in [
            ("openid  profile openid ", Some("openid profile")),
            ("", Some("")),
            ("a!#[]~", Some("a!#[]~")),
            ("OpenID", Some("OpenID")),
            ("a\tb", None),
            ("a\"b", None),
            ("a\\b", None),
            ("a\r\nb", None),
            ("é", None),
        ] {
            let got = Scope::parse(text).ok().map(|s| s.to_string());
            assert_eq!(got.as_deref(), want, "{text:?}");
        }
        assert!(Scope::parse(&"a".repeat(5_000)).is_err());
        let many: Vec<String> = (0..101).map(|i| i.to_string()).collect();
        assert_eq!(Scope::parse(&many.join(" ")).unwrap_err().code(), "invalid_scope");
    }

    #[test]
    fn joining() {
        let scope = |text| Scope::parse(text).unwrap();
        assert_eq!(scope("openid a").joined(&scope("b a c")).to_string(), "openid a b c");
        assert_eq!(Scope::default().joined(&scope("a")), scope("a"));
    }

    #[test]
    fn at_plain_oauth() {
        for (text, want) in [
            (None, "user"),
            (Some(""), "user"),
            (Some("user"), "user"),
            (Some("openid user email"), "user email"),
            (Some("openid"), "user"),
            (Some("write nonsense"), "write"),
        ] {
            let scope = Scope::check_plain(text, &extra(), Unknown::Ignore).unwrap();
            assert_eq!(scope.to_string(), want, "{text:?}");
        }
        assert!(Scope::check_plain(Some("nonsense"), &[], Unknown::Refuse).is_err());
        let all = Scope::parse("email user").unwrap().spelled_out().to_string();
        assert_eq!(all, "email user profile phone address username");
        assert_eq!(Scope::parse("email").unwrap().spelled_out().to_string(), "email");
        let oidc = Scope::check(Some("openid user"), &[], Unknown::Ignore).unwrap();
        assert_eq!(oidc.to_string(), "openid");
    }

    #[test]
    fn unknown_ones() {
        let check = |text, unknown| {
            Scope::check(Some(text), &extra(), unknown).map(|s| s.to_string()).map_err(|e| e.code())
        };
        for (text, ignored, refused) in [
            ("openid email", Ok("openid email"), Ok("openid email")),
            ("openid read:all", Ok("openid read:all"), Ok("openid read:all")),
            ("openid admin", Ok("openid"), Err("invalid_scope")),
            ("OPENID", Ok(""), Err("invalid_scope")),
            ("a\"", Err("invalid_scope"), Err("invalid_scope")),
        ] {
            assert_eq!(check(text, Unknown::Ignore), ignored.map(str::to_owned), "{text}");
            assert_eq!(check(text, Unknown::Refuse), refused.map(str::to_owned), "{text}");
        }
        assert!(Scope::check(None, &[], Unknown::Refuse).unwrap().is_empty());
    }

    /// Attack row 9: nothing grows on refresh or for a client's own token.
    #[test]
    fn attack_09_wider_scope() {
        let granted = Scope::parse("openid profile offline_access").unwrap();
        for (asked, want) in [
            (None, Ok("openid profile offline_access")),
            (Some(""), Ok("openid profile offline_access")),
            (Some("openid"), Ok("openid")),
            (Some("profile openid"), Ok("profile openid")),
            (Some("openid email"), Err("invalid_scope")),
            (Some("openid admin"), Err("invalid_scope")),
            (Some("Openid"), Err("invalid_scope")),
        ] {
            let got = granted.narrowed(asked).map(|s| s.to_string()).map_err(|e| e.code());
            assert_eq!(got, want.map(str::to_owned), "{asked:?}");
        }
        for (asked, want) in [
            (None, Ok("read:all write")),
            (Some("write"), Ok("write")),
            (Some("write admin"), Err("invalid_scope")),
            (Some("openid"), Err("invalid_scope")),
        ] {
            let got =
                Scope::for_client(asked, &extra()).map(|s| s.to_string()).map_err(|e| e.code());
            assert_eq!(got, want.map(str::to_owned), "{asked:?}");
        }
        assert!(Scope::for_client(None, &[]).unwrap().is_empty());
        assert!(Scope::for_client(Some("x"), &[]).is_err());
    }

    #[test]
    fn stored_form() {
        let scope = Scope::parse("openid write").unwrap();
        let json = serde_json::to_string(&scope).unwrap();
        assert_eq!(json, r#"["openid","write"]"#);
        assert_eq!(serde_json::from_str::<Scope>(&json).unwrap(), scope);
        assert_eq!(scope.clone().without("openid").to_string(), "write");
        assert_eq!(scope.iter().collect::<Vec<_>>(), ["openid", "write"]);
    }

    proptest! {
        #[test]
        fn narrowing_never_widens(granted in "[a-e ]{0,12}", asked in "[a-f ]{0,12}") {
            let granted = Scope::parse(&granted).unwrap();
            match granted.narrowed(Some(&asked)) {
                Ok(scope) => prop_assert!(scope.subset_of(&granted)),
                Err(_) => prop_assert!(!Scope::parse(&asked).unwrap().subset_of(&granted)),
            }
        }

        #[test]
        fn a_scope_survives_being_written(text in "[!-~ ]{0,60}") {
            if let Ok(scope) = Scope::parse(&text) {
                prop_assert_eq!(Scope::parse(&scope.to_string()).unwrap(), scope);
            }
        }
    }
}
