//! Calls of an administrator, each signed with a nonce of its own.

use super::{Plain, holds, once};
use crate::clock;
use crate::http::Answer;
use crate::load::Caller;
use crate::site::Site;
use anyhow::Result;
use keystead_authing::sign::{self, Authorization};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes every nonce and every name of this process another one.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What is called.
#[derive(Clone, Debug)]
enum Call {
    GetUser,
    CreateUser { password: Option<String> },
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
    let call = Call::CreateUser { password: None };
    Management { site: site.clone(), run: clock::millis(), call }
}

/// Creates a user with the password of the seed's user; answers the user name.
///
/// # Errors
/// It was refused.
pub async fn new_user(at: SocketAddr, site: &Site) -> Result<String> {
    let call = Call::CreateUser { password: Some(site.user_password.clone()) };
    let mut management = Management { site: site.clone(), run: clock::millis(), call };
    let name = management.name(NEXT.load(Ordering::Relaxed));
    let answer = once(at, &mut management).await?;
    anyhow::ensure!(answer.get("statusCode") == Some(&200.into()), "no user: {answer}");
    Ok(name)
}

impl Caller for Management {
    fn ask(&mut self, request: &mut Vec<u8>) {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let nonce = format!("{:012x}{n:020x}", self.run);
        let host = self.site.host();
        match &self.call {
            Call::GetUser => {
                let path = "/api/v3/get-user";
                let id = self.site.user_id.clone();
                let line = format!("GET {path}?userId={id}");
                let resource = sign::resource(path, &BTreeMap::from([("userId".to_owned(), id)]));
                let headers = self.signed("GET", &resource, &nonce);
                let plain =
                    Plain { line: &line, host, headers: &headers, media_type: "", body: "" };
                plain.write(request);
            }
            Call::CreateUser { password } => {
                let path = "/api/v3/create-user";
                let mut user = BTreeMap::from([("username".to_owned(), self.name(n))]);
                user.extend(password.iter().map(|text| ("password".to_owned(), text.clone())));
                let headers = self.signed("POST", &sign::resource(path, &user), &nonce);
                let plain = Plain {
                    line: "POST /api/v3/create-user",
                    host,
                    headers: &headers,
                    media_type: "application/json",
                    body: &json!(user).to_string(),
                };
                plain.write(request);
            }
        }
    }

    fn hear(&mut self, answer: &Answer<'_>) -> Result<()> {
        holds(answer, "\"statusCode\":200")
    }
}

impl Management {
    /// A user name that nobody had before.
    fn name(&self, n: u64) -> String {
        format!("bench-{:x}-{n}", self.run)
    }

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
