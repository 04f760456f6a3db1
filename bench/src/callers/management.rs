//! Calls of an administrator, each signed with a nonce of its own.

use super::{Plain, holds, once};
use crate::clock;
use crate::http::Answer;
use crate::load::Caller;
use crate::site::Site;
use anyhow::Result;
use keystead_authing::sign::{self, Authorization};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes every nonce and every name of this process another one.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What is called.
#[derive(Clone, Debug)]
enum Call {
    GetUser,
    ListUsers,
    CreateRole,
    CreateUser { password: Option<String> },
    CreateUsers { count: usize },
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
    Management::new(site, Call::GetUser)
}

/// Reads a page of 50 users.
pub fn list_users(site: &Site) -> Management {
    Management::new(site, Call::ListUsers)
}

/// Creates roles.
pub fn create_role(site: &Site) -> Management {
    Management::new(site, Call::CreateRole)
}

/// Creates users without a password.
pub fn create_user(site: &Site) -> Management {
    Management::new(site, Call::CreateUser { password: None })
}

/// Creates this many users without a password at each call.
pub fn create_users(site: &Site, count: usize) -> Management {
    Management::new(site, Call::CreateUsers { count })
}

/// Creates a user with the password of the seed's user; answers the user name.
///
/// # Errors
/// It was refused.
pub async fn new_user(at: SocketAddr, site: &Site) -> Result<String> {
    let call = Call::CreateUser { password: Some(site.user_password.clone()) };
    let mut management = Management::new(site, call);
    let name = management.name(NEXT.load(Ordering::Relaxed));
    let answer = once(at, &mut management).await?;
    anyhow::ensure!(answer.get("statusCode") == Some(&200.into()), "no user: {answer}");
    Ok(name)
}

impl Caller for Management {
    fn ask(&mut self, request: &mut Vec<u8>) {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let body = match &self.call {
            Call::GetUser => return self.get("/api/v3/get-user", n, request),
            Call::ListUsers => {
                json!({ "options": { "pagination": { "page": 1, "limit": 50 } } })
            }
            Call::CreateRole => json!({ "code": self.name(n) }),
            Call::CreateUser { password: None } => json!({ "username": self.name(n) }),
            Call::CreateUser { password: Some(password) } => {
                json!({ "username": self.name(n), "password": password })
            }
            Call::CreateUsers { count } => {
                let user = |m| json!({ "username": format!("{}-{m}", self.name(n)) });
                json!({ "list": (0..*count).map(user).collect::<Vec<_>>() })
            }
        };
        let path = match &self.call {
            Call::GetUser | Call::ListUsers => "/api/v3/list-users",
            Call::CreateRole => "/api/v3/create-role",
            Call::CreateUser { .. } => "/api/v3/create-user",
            Call::CreateUsers { .. } => "/api/v3/create-users-batch",
        };
        self.post(path, &body, n, request);
    }

    fn hear(&mut self, answer: &Answer<'_>) -> Result<()> {
        holds(answer, "\"statusCode\":200")
    }
}

impl Management {
    fn new(site: &Site, call: Call) -> Self {
        Self { site: site.clone(), run: clock::millis(), call }
    }

    /// Writes a call that reads the user of the seed.
    fn get(&self, path: &str, n: u64, request: &mut Vec<u8>) {
        let id = self.site.user_id.clone();
        let line = format!("GET {path}?userId={id}");
        let resource = sign::resource(path, &BTreeMap::from([("userId".to_owned(), id)]));
        let (host, headers) = (self.site.host(), self.signed("GET", &resource, n));
        Plain { line: &line, host, headers: &headers, media_type: "", body: "" }.write(request);
    }

    /// Writes a call with a body, whose parts are signed as the server finds them.
    fn post(&self, path: &str, body: &Value, n: u64, request: &mut Vec<u8>) {
        let headers = self.signed("POST", &sign::resource(path, &parameters(body)), n);
        let plain = Plain {
            line: &format!("POST {path}"),
            host: self.site.host(),
            headers: &headers,
            media_type: "application/json",
            body: &body.to_string(),
        };
        plain.write(request);
    }

    /// A user name that nobody had before.
    fn name(&self, n: u64) -> String {
        format!("bench-{:x}-{n}", self.run)
    }

    /// The headers that are signed, and the signature.
    fn signed(&self, method: &str, resource: &str, n: u64) -> String {
        let nonce = format!("{:012x}{n:020x}", self.run);
        let date = httpdate::fmt_http_date(clock::date());
        let headers = [
            ("date", date.as_str()),
            ("x-authing-lang", "en-US"),
            ("x-authing-signature-method", sign::METHOD),
            ("x-authing-signature-nonce", nonce.as_str()),
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

/// The parameters of a body: texts as they are, everything else as compact JSON.
pub fn parameters(body: &Value) -> BTreeMap<String, String> {
    let fields = body.as_object().into_iter().flatten();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fields.map(|(name, value)| (name.clone(), text(value))).collect()
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
