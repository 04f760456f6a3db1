//! What goes back: a reply of status, headers and body, and the values that become one.

use crate::error::SdkError;
use crate::row::EndpointRow;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An answer before it meets the HTTP framework, or after it left the HTTP client.
///
/// It is not `Serialize` on purpose: a reply is sent as it is, every other value as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer of this status without a body.
    #[must_use]
    pub const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// Status 200 with a value as JSON; status 500 without a body if JSON cannot express it, which
    /// only happens to maps whose keys are not text.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self::json_text(body),
            Err(_) => Self::empty(500),
        }
    }

    /// Status 200 with a text that is JSON already.
    #[must_use]
    pub fn json_text(body: Vec<u8>) -> Self {
        Self::empty(200).with_type("application/json; charset=utf-8", body)
    }

    /// Status 200 with a page.
    #[must_use]
    pub fn html(page: impl Into<String>) -> Self {
        Self::empty(200).with_type("text/html; charset=utf-8", page.into().into_bytes())
    }

    /// Status 200 with plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::empty(200).with_type("text/plain; charset=utf-8", text.into().into_bytes())
    }

    /// Status 303: the browser goes on with GET, whatever the method was.
    #[must_use]
    pub fn see_other(location: impl Into<String>) -> Self {
        Self::empty(303).with_header("location", location)
    }

    /// Status 302, for clients of protocols that name it.
    #[must_use]
    pub fn found(location: impl Into<String>) -> Self {
        Self::empty(302).with_header("location", location)
    }

    /// The same with another status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same with one more header; `name` in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn with_type(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.with_header("content-type", content_type)
    }

    /// The first header of this name, which is in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str())
    }
}

/// What an endpoint may answer with: every value that JSON can express in both directions, and a
/// [`Reply`] as it stands.
///
/// Neither direction knows envelopes. The server's adapter puts one around the bytes of
/// `respond`, the client's dialect takes it off before `receive`.
pub trait Respond: Sized {
    /// The bare answer.
    fn respond(self, row: &EndpointRow) -> Reply;

    /// Reads the bare answer.
    ///
    /// # Errors
    /// One of kind "decoding", naming the endpoint, if the body does not have this shape.
    fn receive(row: &EndpointRow, reply: Reply) -> Result<Self, SdkError>;
}

impl<T: Serialize + DeserializeOwned> Respond for T {
    fn respond(self, _row: &EndpointRow) -> Reply {
        Reply::json(&self)
    }

    fn receive(row: &EndpointRow, reply: Reply) -> Result<Self, SdkError> {
        serde_json::from_slice(&reply.body).map_err(|e| {
            SdkError::decoding(format!("the answer of {} has another shape: {e}", row.name))
                .with_status(reply.status)
        })
    }
}

impl Respond for Reply {
    fn respond(self, _row: &EndpointRow) -> Reply {
        self
    }

    fn receive(_row: &EndpointRow, reply: Reply) -> Result<Self, SdkError> {
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Answer, Body, Caller, Repeat};
    use std::collections::HashMap;

    const ROW: EndpointRow = EndpointRow {
        name: "count",
        method: "GET",
        paths: &["/count"],
        caller: Caller::Open,
        permission: "",
        body: Body::Query,
        answer: Answer::Bare,
        repeat: Repeat::Safe,
        area: "test",
        doc: "Counts.",
    };

    #[test]
    fn values_go_both_ways_and_replies_stay_as_they_are() {
        let reply = vec![1, 2].respond(&ROW);
        assert_eq!(reply.body, b"[1,2]");
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(Vec::<i32>::receive(&ROW, reply).unwrap(), [1, 2]);

        let page = Reply::see_other("/next").with_header("set-cookie", "a=b");
        assert_eq!(page.clone().respond(&ROW), page);
        assert_eq!(Reply::receive(&ROW, page.clone()).unwrap(), page);
        assert_eq!((page.status, page.header("location")), (303, Some("/next")));
    }

    #[test]
    fn another_shape_is_a_decoding_error_with_the_endpoint_in_it() {
        let error = u8::receive(&ROW, Reply::text("no")).unwrap_err();
        assert!(error.is_decoding());
        assert_eq!(error.status(), Some(200));
        assert!(error.message().contains("count"));
    }

    #[test]
    fn what_json_cannot_express_is_status_500() {
        assert_eq!(Reply::json(&HashMap::from([(vec![1], 1)])).status, 500);
    }
}
