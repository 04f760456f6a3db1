//! The error codes of OAuth 2, OpenID Connect and their extensions.

use std::fmt;

/// Makes [`OAuthError`] from rows `Name "code" "sentence";`.
macro_rules! oauth_errors {
    ($($(#[$doc:meta])* $name:ident $code:literal $text:literal;)*) => {
        /// An error code of the standards, with its sentence for `error_description`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum OAuthError { $($(#[$doc])* $name),* }

        impl OAuthError {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The value of `error`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// What it means, in one sentence.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

oauth_errors! {
    /// RFC 6749, 4.1.2.1 and 5.2.
    InvalidRequest "invalid_request" "a parameter is missing, repeated or malformed";
    /// RFC 6749, 5.2.
    InvalidClient "invalid_client" "the client did not authenticate";
    /// RFC 6749, 5.2.
    InvalidGrant "invalid_grant" "the grant is unknown, used, expired or of another client";
    /// RFC 6749, 4.1.2.1 and 5.2.
    UnauthorizedClient "unauthorized_client" "the client may not use this grant type";
    /// RFC 6749, 5.2.
    UnsupportedGrantType "unsupported_grant_type" "no grant type has this name";
    /// RFC 6749, 4.1.2.1.
    UnsupportedResponseType "unsupported_response_type" "the response type is not supported";
    /// RFC 6749, 4.1.2.1 and 5.2.
    InvalidScope "invalid_scope" "the scope is unknown, malformed or wider than allowed";
    /// RFC 8707, 2.
    InvalidTarget "invalid_target" "the resource is unknown or not allowed";
    /// RFC 6749, 4.1.2.1.
    AccessDenied "access_denied" "the request was denied";
    /// RFC 6749, 4.1.2.1.
    ServerError "server_error" "the server failed";
    /// RFC 6749, 4.1.2.1.
    TemporarilyUnavailable "temporarily_unavailable" "the server is busy";
    /// RFC 7009, 2.2.1.
    UnsupportedTokenType "unsupported_token_type" "tokens of this type cannot be revoked";
    /// RFC 6750, 3.1.
    InvalidToken "invalid_token" "the token is malformed, expired or revoked";
    /// RFC 6750, 3.1.
    InsufficientScope "insufficient_scope" "the token lacks a scope";
    /// OpenID Connect Core, 3.1.2.6.
    LoginRequired "login_required" "nobody is signed in";
    /// OpenID Connect Core, 3.1.2.6.
    InteractionRequired "interaction_required" "the person has to do something first";
    /// OpenID Connect Core, 3.1.2.6.
    ConsentRequired "consent_required" "the person has to consent first";
    /// OpenID Connect Core, 3.1.2.6.
    AccountSelectionRequired "account_selection_required" "the person has to choose an account";
    /// OpenID Connect Core, 3.1.2.6.
    RequestNotSupported "request_not_supported" "request objects are not supported";
    /// OpenID Connect Core, 3.1.2.6.
    RequestUriNotSupported "request_uri_not_supported" "request_uri is not supported";
    /// OpenID Connect Core, 3.1.2.6.
    RegistrationNotSupported "registration_not_supported" "registration is not supported";
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Why a request was refused, in the terms of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", error.code())]
pub struct Refusal {
    /// The value of `error`.
    pub error: OAuthError,
    /// The value of `error_description`: only characters that RFC 6749, 5.2 allows there.
    pub description: String,
}

impl Refusal {
    /// A refusal with a sentence of its own. Values of the request do not belong into it; what
    /// RFC 6749 does not allow is replaced.
    #[must_use]
    pub fn new(error: OAuthError, description: impl AsRef<str>) -> Self {
        let allowed = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
        let clean = description.as_ref().chars().take(300);
        Self { error, description: clean.map(|c| if allowed(c) { c } else { '?' }).collect() }
    }

    /// The value of `error`, as text.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.error.code()
    }

    /// Short for [`OAuthError::InvalidRequest`].
    pub(crate) fn request(description: impl AsRef<str>) -> Self {
        Self::new(OAuthError::InvalidRequest, description)
    }
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self::new(error, error.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_distinct_and_texts_are_clean() {
        let codes: HashSet<_> = OAuthError::ALL.iter().map(|e| e.code()).collect();
        assert_eq!(codes.len(), OAuthError::ALL.len());
        for error in OAuthError::ALL {
            assert!(error.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{error}");
            assert_eq!(Refusal::from(*error).description, error.text(), "nothing was replaced");
        }
    }

    #[test]
    fn descriptions_carry_no_forbidden_character() {
        let refusal = Refusal::request("a \"b\" \\ \r\nSet-Cookie: é");
        assert_eq!(refusal.description, "a ?b? ? ??Set-Cookie: ?");
        assert_eq!(refusal.to_string(), "invalid_request: a ?b? ? ??Set-Cookie: ?");
        assert_eq!(Refusal::request("x".repeat(1_000)).description.len(), 300);
    }
}
