//! Replies on their way to HTTP, and decoding errors on theirs to the domain's.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};
use keystead_endpoint::{DecodeError, DecodeKind, Reply};
use keystead_model::{Code, Error};

/// A decoding error as an error of the domain, naming the field.
#[must_use]
pub fn decoding(error: DecodeError) -> Error {
    let made = match error.kind {
        DecodeKind::Missing => Error::new(Code::FieldMissing),
        DecodeKind::Invalid { expected } => {
            Error::new(Code::FieldInvalid).arg("expected", expected)
        }
        DecodeKind::Malformed { detail } => Error::new(Code::BodyMalformed).arg("detail", detail),
    };
    match error.field {
        Some(field) => made.field(field),
        None => made,
    }
}

/// A reply as the framework sends it. A header that HTTP cannot carry is left out.
#[must_use]
pub fn into_response(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
