//! The envelope around V3 answers: `statusCode`, `message`, `apiCode`, `requestId`, `data`.

use keystead_endpoint::Answer;
use serde::{Deserialize, Serialize};

/// A V3 answer. HTTP always says 200; `status_code` 200 is the only success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    /// 200, or the class of the refusal.
    pub status_code: u16,
    /// Empty on success; else a text in the caller's language.
    #[serde(default)]
    pub message: String,
    /// The refusal's own number.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub api_code: Option<u32>,
    /// The request's id.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What was asked for.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub data: Option<T>,
}

const fn none<T>() -> Option<T> {
    None
}

impl Envelope<()> {
    /// A refusal.
    #[must_use]
    pub fn refusal(status_code: u16, api_code: Option<u32>, message: impl Into<String>) -> Self {
        Self { status_code, message: message.into(), api_code, request_id: None, data: None }
    }

    /// The same with the request's id.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }
}

/// The body of a success, dressed as its row says: `data` is the bare answer in JSON.
///
/// The bytes are set in, not read again. An answer of `null` leaves `data` out. For
/// [`Answer::Both`] the fields of `data` also stand beside `statusCode`.
#[must_use]
pub fn success(answer: Answer, data: Vec<u8>, request_id: &str) -> Vec<u8> {
    if matches!(answer, Answer::Bare | Answer::Page) {
        return data;
    }
    let id = serde_json::Value::from(request_id).to_string();
    let mut body = format!(r#"{{"statusCode":200,"message":"","requestId":{id}"#).into_bytes();
    if data != b"null" {
        body.extend_from_slice(br#","data":"#);
        body.extend_from_slice(&data);
    }
    if answer == Answer::Both
        && let Some(fields) = data.strip_prefix(b"{").and_then(|d| d.strip_suffix(b"}"))
        && !fields.is_empty()
    {
        body.push(b',');
        body.extend_from_slice(fields);
    }
    body.push(b'}');
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dressed(answer: Answer, data: &str) -> String {
        String::from_utf8(success(answer, data.into(), "r\"1")).unwrap()
    }

    #[test]
    fn successes_are_dressed_as_the_row_says() {
        let head = r#"{"statusCode":200,"message":"","requestId":"r\"1""#;
        for (answer, data, expected) in [
            (Answer::Envelope, r#"{"a":1}"#, format!(r#"{head},"data":{{"a":1}}}}"#)),
            (Answer::Envelope, "[1]", format!(r#"{head},"data":[1]}}"#)),
            (Answer::Envelope, "null", format!("{head}}}")),
            (Answer::Both, r#"{"a":1}"#, format!(r#"{head},"data":{{"a":1}},"a":1}}"#)),
            (Answer::Both, "{}", format!(r#"{head},"data":{{}}}}"#)),
            (Answer::Bare, "[1]", "[1]".to_owned()),
            (Answer::Page, "<p>", "<p>".to_owned()),
        ] {
            assert_eq!(dressed(answer, data), expected);
        }
    }

    #[test]
    fn a_refusal_has_no_data_and_is_read_back() {
        let refusal = Envelope::refusal(404, Some(2004), "no").with_request_id("r1");
        let text = serde_json::to_string(&refusal).unwrap();
        let expected = r#"{"statusCode":404,"message":"no","apiCode":2004,"requestId":"r1"}"#;
        assert_eq!(text, expected);
        let read: Envelope<String> = serde_json::from_str(&text).unwrap();
        assert_eq!((read.api_code, read.data), (Some(2004), None));
    }
}
