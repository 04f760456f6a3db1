//! What connections ask for: requests as clients of the server write them.

pub mod codes;
pub mod fixed;
pub mod management;
pub mod refresh;
pub mod signin;

use crate::http::{Answer, Connection};
use crate::load::Caller;
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::net::SocketAddr;

/// A request without a signature.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a> {
    /// Method and path.
    pub line: &'a str,
    /// Host and port.
    pub host: &'a str,
    /// Further headers, each with its line's end.
    pub headers: &'a str,
    /// Media type of the body; none for a request without one.
    pub media_type: &'a str,
    /// The body.
    pub body: &'a str,
}

impl Plain<'_> {
    /// Writes the request.
    pub fn write(&self, to: &mut Vec<u8>) {
        let Self { line, host, headers, media_type, body } = self;
        for part in [line, " HTTP/1.1\r\nhost: ", host, "\r\n", headers] {
            to.extend_from_slice(part.as_bytes());
        }
        if !media_type.is_empty() {
            let len = body.len().to_string();
            for part in ["content-type: ", media_type, "\r\ncontent-length: ", &len, "\r\n"] {
                to.extend_from_slice(part.as_bytes());
            }
        }
        to.extend_from_slice(b"\r\n");
        to.extend_from_slice(body.as_bytes());
    }
}

/// A form's body.
pub fn form(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Fails unless the answer is 200 and its body holds this text.
///
/// # Errors
/// It is another answer; the text shows its beginning.
pub fn holds(answer: &Answer<'_>, text: &str) -> Result<()> {
    let found = answer.body.windows(text.len()).any(|part| part == text.as_bytes());
    anyhow::ensure!(answer.status == 200 && found, "{}", shown(answer));
    Ok(())
}

/// The beginning of an answer, for errors.
fn shown(answer: &Answer<'_>) -> String {
    let text = String::from_utf8_lossy(answer.body);
    format!("{} {}", answer.status, text.chars().take(200).collect::<String>())
}

/// Asks once, outside a load, and reads the JSON.
///
/// # Errors
/// No answer, or one that is no JSON.
pub async fn once(at: SocketAddr, caller: &mut dyn Caller) -> Result<Value> {
    let mut request = Vec::new();
    caller.ask(&mut request);
    let mut connection = Connection::open(at).await?;
    let answer = connection.ask(&request).await?;
    serde_json::from_slice(answer.body).with_context(|| shown(&answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_written_with_their_length() {
        let mut to = Vec::new();
        let plain = Plain {
            line: "POST /a",
            host: "h:1",
            headers: "a: b\r\n",
            media_type: "t",
            body: "xy",
        };
        plain.write(&mut to);
        let want = "POST /a HTTP/1.1\r\nhost: h:1\r\na: b\r\ncontent-type: t\r\n\
                    content-length: 2\r\n\r\nxy";
        assert_eq!(String::from_utf8(to).unwrap(), want);
    }

    #[test]
    fn wrong_answers_are_errors() {
        assert!(holds(&Answer { status: 200, body: b"{\"a\":1}" }, "\"a\"").is_ok());
        assert!(holds(&Answer { status: 200, body: b"{}" }, "\"a\"").is_err());
        assert!(holds(&Answer { status: 400, body: b"{\"a\":1}" }, "\"a\"").is_err());
    }
}
