//! Takes the envelope off an answer, or finds the refusal in it.

use crate::envelope::Envelope;
use keystead_endpoint::error::Refusal;
use keystead_endpoint::{Answer, EndpointRow, Reply, SdkError};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The body of an OAuth error (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct OAuthError {
    error: String,
    #[serde(default)]
    error_description: Option<String>,
}

/// The bare answer.
pub(super) fn unwrap(row: &EndpointRow, reply: Reply) -> Result<Reply, SdkError> {
    match row.answer {
        Answer::Page => Ok(reply),
        Answer::Bare => bare(reply),
        Answer::Envelope => enveloped(row, reply),
        Answer::Both => match enveloped(row, reply.clone()) {
            // Some servers of this dialect leave the envelope of these endpoints away.
            Err(error) if error.is_decoding() => bare(reply),
            other => other,
        },
    }
}

fn bare(mut reply: Reply) -> Result<Reply, SdkError> {
    if !(200..300).contains(&reply.status) {
        return Err(refusal(&reply));
    }
    if reply.body.is_empty() {
        reply.body = b"null".to_vec();
    }
    Ok(reply)
}

fn enveloped(row: &EndpointRow, mut reply: Reply) -> Result<Reply, SdkError> {
    if reply.status != 200 {
        return Err(refusal(&reply));
    }
    // serde would read a list as well, item by item.
    if reply.body.trim_ascii_start().first() != Some(&b'{') {
        let what = format!("the answer of {} has no envelope", row.name);
        return Err(SdkError::decoding(what).with_status(reply.status));
    }
    let envelope: Envelope<Box<RawValue>> = serde_json::from_slice(&reply.body).map_err(|e| {
        SdkError::decoding(format!("the answer of {} has no envelope: {e}", row.name))
            .with_status(reply.status)
    })?;
    if envelope.status_code != 200 {
        return Err(refused(&reply, envelope));
    }
    reply.body = match envelope.data {
        Some(data) => String::from(Box::<str>::from(data)).into_bytes(),
        None => b"null".to_vec(),
    };
    Ok(reply)
}

fn refused(reply: &Reply, envelope: Envelope<Box<RawValue>>) -> SdkError {
    SdkError::business(Refusal {
        status: reply.status,
        status_code: Some(envelope.status_code),
        code: envelope.api_code,
        name: None,
        request_id: envelope.request_id.or_else(|| request_id(reply)),
        message: envelope.message,
    })
}

/// A refusal by HTTP status: with an envelope, an OAuth error, or neither.
fn refusal(reply: &Reply) -> SdkError {
    if let Ok(envelope) = serde_json::from_slice(&reply.body) {
        return refused(reply, envelope);
    }
    let mut refusal = Refusal {
        status: reply.status,
        request_id: request_id(reply),
        message: format!("HTTP status {}", reply.status),
        ..Refusal::default()
    };
    if let Ok(error) = serde_json::from_slice::<OAuthError>(&reply.body) {
        refusal.message = error.error_description.unwrap_or_else(|| error.error.clone());
        refusal.name = Some(error.error);
    }
    SdkError::business(refusal)
}

fn request_id(reply: &Reply) -> Option<String> {
    reply.header("x-request-id").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v3::oidc::{Revoke, TokenRequest};
    use crate::v3::system::GetSystemInfo;
    use crate::v3::users::GetUser;
    use keystead_endpoint::Endpoint;

    fn seen<E: Endpoint>(status: u16, body: &str) -> Result<String, SdkError> {
        let mut reply = Reply::text(body).with_status(status).with_header("x-request-id", "h1");
        reply.body = body.into();
        unwrap(E::ROW, reply).map(|r| String::from_utf8(r.body).unwrap())
    }

    #[test]
    fn the_bare_answer_comes_out() {
        let enveloped = r#"{"statusCode":200,"message":"","data":{"a": 1}}"#;
        assert_eq!(seen::<GetUser>(200, enveloped).unwrap(), r#"{"a": 1}"#);
        assert_eq!(seen::<GetUser>(200, r#"{"statusCode":200}"#).unwrap(), "null");
        assert_eq!(seen::<GetSystemInfo>(200, enveloped).unwrap(), r#"{"a": 1}"#);
        assert_eq!(seen::<GetSystemInfo>(200, r#"{"rsa":1}"#).unwrap(), r#"{"rsa":1}"#);
        assert_eq!(seen::<TokenRequest>(200, r#"{"a":1}"#).unwrap(), r#"{"a":1}"#);
        assert_eq!(seen::<Revoke>(200, "").unwrap(), "null");
    }

    #[test]
    fn refusals_are_read_from_where_they_stand() {
        let refusal =
            r#"{"statusCode":404,"message":"no such user","apiCode":2004,"requestId":"r"}"#;
        for error in [
            seen::<GetUser>(200, refusal).unwrap_err(),
            seen::<GetUser>(404, refusal).unwrap_err(),
            seen::<TokenRequest>(404, refusal).unwrap_err(),
            seen::<GetSystemInfo>(200, refusal).unwrap_err(),
        ] {
            assert!(error.is_business());
            assert_eq!((error.status_code(), error.code()), (Some(404), Some(2004)));
            assert_eq!((error.message(), error.request_id()), ("no such user", Some("r")));
        }
        let oauth = r#"{"error":"invalid_grant","error_description":"used before"}"#;
        let error = seen::<TokenRequest>(400, oauth).unwrap_err();
        assert_eq!((error.name(), error.message()), (Some("invalid_grant"), "used before"));
        let error = seen::<GetUser>(502, "<html>").unwrap_err();
        assert_eq!((error.status(), error.request_id()), (Some(502), Some("h1")));
        assert!(seen::<GetUser>(200, "<html>").unwrap_err().is_decoding());
        assert!(seen::<GetUser>(200, "{}").unwrap_err().is_decoding());
    }
}
