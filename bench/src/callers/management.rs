//! Calls of an administrator, each signed with a nonce of its own.

use super::{Plain, holds};
use crate::clock;
use crate::http::Answer;
use crate::load::Caller;
use crate::site::Site;
use anyhow::Result;
use keystead_authing::sign::{self, Authorization};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes every nonce and every name of this process another one.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What is called.
#[derive(Clone, Copy, Debug)]
enum Call {
    GetUser,
    CreateUser,
}

/// Signs and sends.
#[derive(Clone)]
pub struct Management {
    site: Site,
    /// Tells this run from others on the same data.
    run: u128,
    call: Call,
}

/// Reads the user of the seed.
pub fn get_user(site: &Site) -> Management {
    Management { site: site.clone(), run: clock::millis(), call: Call::GetUser }
}

/// Creates users without a password.
pub fn create_user(site: &Site) -> Management {
    Management { site: site.clone(), run: clock::millis(), call: Call::CreateUser }
}

impl Caller for Management {
    fn ask(&mut self, request: &mut Vec<u8>) {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let nonce = format!("{:012x}{n:020x}", self.run);
        let (name, value, path, method) = match self.call {
            Call::GetUser => ("userId", self.site.user_id.clone(), "/api/v3/get-user", "GET"),
            Call::CreateUser => {
                ("username", format!("bench-{:x}-{n}", self.run), "/api/v3/create-user", "POST")
            }
        };
        let (line, body) = match self.call {
            Call::GetUser => (format!("{method} {path}?{name}={value}"), String::new()),
            // The value is of letters, digits and dashes.
            Call::CreateUser => (format!("{method} {path}"), format!(r#"{{"{name}":"{value}"}}"#)),
        };
        let parameters = BTreeMap::from([(name.to_owned(), value)]);
        let headers = self.signed(method, &sign::resource(path, &parameters), &nonce);
        let media_type = if body.is_empty() { "" } else { "application/json" };
        let host = self.site.host();
        Plain { line: &line, host, headers: &headers, media_type, body: &body }.write(request);
    }

    fn hear(&mut self, answer: &Answer<'_>) -> Result<()> {
        holds(answer, "\"statusCode\":200")
    }
}

impl Management {
    /// The headers that are signed, and the signature.
    fn signed(&self, method: &str, resource: &str, nonce: &str) -> String {
        let date = httpdate::fmt_http_date(clock::date());
        let headers = [
            ("date", date.as_str()),
            ("x-authing-lang", "en-US"),
            ("x-authing-signature-method", sign::METHOD),
            ("x-authing-signature-nonce", nonce),
            ("x-authing-signature-version", sign::VERSION),
        ];
        let text = sign::string_to_sign(method, headers, resource);
        let signature = sign::signature(&self.site.access_key_secret, &text);
        let access_key_id = self.site.access_key_id.as_str();
        let authorization = Authorization { access_key_id, signature: &signature }.header();
        let mut lines = format!("authorization: {authorization}\r\n");
        for (name, value) in headers {
            for part in [name, ": ", value, "\r\n"] {
                lines.push_str(part);
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_requests_share_a_nonce() {
        let text = |text: &str| text.to_owned();
        let site = Site { access_key_id: text("k"), user_id: text("u1"), ..Site::default() };
        let (mut a, mut b) = (get_user(&site), get_user(&site));
        let (mut first, mut second) = (Vec::new(), Vec::new());
        a.ask(&mut first);
        b.ask(&mut second);
        assert_ne!(first, second);
        let text = String::from_utf8(first).unwrap();
        assert!(text.starts_with("GET /api/v3/get-user?userId=u1 HTTP/1.1\r\n"), "{text}");
        assert!(text.contains("authorization: authing k:"), "{text}");
    }
}
