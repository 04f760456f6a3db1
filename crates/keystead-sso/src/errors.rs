//! The one table of OAuth's error codes: by code, else by kind; bodies in RFC shapes.

use keystead_endpoint::{EndpointRow, Reply};
use keystead_model::{Code, Error, Kind};
use keystead_protocol::oauth::errors::{OAuthError, Refusal};
use keystead_web::Dialect;
use keystead_web::dialect::Dressing;
use serde_json::json;

/// The dialect of the token endpoint and its kin.
pub struct OAuth;

/// HTTP status and error of a code (RFC 6749, 5.2; RFC 6750, 3.1; `signin.md` 4.6).
#[must_use]
pub fn of(code: Code) -> (u16, OAuthError) {
    match code {
        Code::ClientInvalid | Code::ApplicationUnknown => (401, OAuthError::InvalidClient),
        Code::ApplicationDisabled | Code::GrantTypeDenied => (400, OAuthError::UnauthorizedClient),
        Code::GrantTypeUnknown => (400, OAuthError::UnsupportedGrantType),
        Code::TargetInvalid => (400, OAuthError::InvalidTarget),
        Code::ScopeInvalid => (400, OAuthError::InvalidScope),
        Code::ScopeInsufficient => (403, OAuthError::InsufficientScope),
        Code::GrantInvalid
        | Code::SigninCredentials
        | Code::UserUnknown
        | Code::PasswordWrong
        | Code::Locked
        | Code::CaptchaRequired
        | Code::UserBlocked => (400, OAuthError::InvalidGrant),
        Code::PasswordChangeRequired | Code::SigninStepRequired => {
            (400, OAuthError::InteractionRequired)
        }
        Code::LoginRequired => (400, OAuthError::LoginRequired),
        Code::ConsentRequired => (400, OAuthError::ConsentRequired),
        Code::TokenMissing | Code::TokenExpired | Code::TokenInvalid => {
            (401, OAuthError::InvalidToken)
        }
        Code::MethodNotAllowed => (405, OAuthError::InvalidRequest),
        Code::BodyTooLarge => (413, OAuthError::InvalidRequest),
        other => by_kind(other.kind()),
    }
}

const fn by_kind(kind: Kind) -> (u16, OAuthError) {
    match kind {
        Kind::Invalid | Kind::Conflict | Kind::Gone | Kind::Unsupported => {
            (400, OAuthError::InvalidRequest)
        }
        Kind::Unauthenticated => (401, OAuthError::InvalidClient),
        Kind::Denied => (400, OAuthError::AccessDenied),
        Kind::NotFound => (404, OAuthError::InvalidRequest),
        Kind::TooMany => (429, OAuthError::TemporarilyUnavailable),
        Kind::Unavailable => (503, OAuthError::TemporarilyUnavailable),
        Kind::Internal => (500, OAuthError::ServerError),
    }
}

impl Dialect for OAuth {
    fn success(&self, reply: Reply, _dressing: &Dressing<'_>) -> Reply {
        reply
    }

    fn failure(&self, error: &Error, dressing: &Dressing<'_>) -> Reply {
        let (status, name) = of(error.code());
        let refusal = Refusal::new(name, detail(error, name));
        let body = json!({ "error": refusal.code(), "error_description": refusal.description });
        let mut reply =
            Reply::json(&body).with_status(status).with_header("cache-control", "no-store");
        if let Some(seconds) = error.retry_after_s() {
            reply = reply.with_header("retry-after", seconds.to_string());
        }
        match (status, is_resource(dressing.row)) {
            // RFC 6750, 3: no error code when no token was sent at all.
            (401, true) if error.code() == Code::TokenMissing => {
                reply.with_header("www-authenticate", "Bearer")
            }
            (401, true) => {
                let value = format!(
                    "Bearer error=\"{}\", error_description=\"{}\"",
                    refusal.code(),
                    refusal.description
                );
                reply.with_header("www-authenticate", value)
            }
            (403, true) if error.code() == Code::ScopeInsufficient => {
                let value = format!("Bearer error=\"{}\", scope=\"openid\"", refusal.code());
                reply.with_header("www-authenticate", value)
            }
            (401, false) => reply.with_header("www-authenticate", "Basic realm=\"keystead\""),
            _ => reply,
        }
    }

    fn is_readable_everywhere(&self, _row: &EndpointRow) -> bool {
        // No cookie counts at these endpoints: a page learns nothing it did not bring along.
        true
    }
}

fn is_resource(row: Option<&EndpointRow>) -> bool {
    row.is_some_and(|row| row.path().ends_with("/me"))
}

/// The protocol's sentence about an error: its own detail, the field, else what the name means.
fn detail(error: &Error, name: OAuthError) -> String {
    let detail = error.args().into_iter().find(|(name, _)| *name == "detail");
    match (detail, error.field_name(), error.code()) {
        (Some((_, detail)), _, _) => detail,
        (None, Some(field), Code::FieldMissing) => format!("{field} is missing"),
        (None, Some(field), _) => format!("{field}: {}", name.text()),
        (None, None, _) => name.text().to_owned(),
    }
}
