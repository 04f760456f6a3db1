//! Requests byte by byte, signed where the story wants it.

use crate::actors::Keys;
use keystead_authing::sign::{self, Authorization, Request};
use reqwest::Method;
use serde_json::Value;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

static NONCE: AtomicU64 = AtomicU64::new(1);

/// Connections are not kept: they would belong to the runtime of one test.
static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
    let none = reqwest::redirect::Policy::none();
    reqwest::Client::builder().redirect(none).pool_max_idle_per_host(0).build().unwrap()
});

/// A request before it is sent; sending it twice sends the same bytes twice.
#[derive(Clone, Debug)]
pub struct Raw {
    method: Method,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// Its JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Raw {
    /// A request to this address.
    pub fn new(method: Method, url: &str) -> Self {
        Self { method, url: url.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn get(url: &str) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST of JSON.
    pub fn post(url: &str, body: impl Into<Vec<u8>>) -> Self {
        let json = ("content-type", "application/json".to_owned());
        Self { headers: vec![json], body: body.into(), ..Self::new(Method::POST, url) }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Signed with an access key, now.
    #[expect(clippy::disallowed_methods, reason = "a client of its own has a clock of its own")]
    pub fn signed(self, keys: &Keys) -> Self {
        self.signed_at(keys, SystemTime::now())
    }

    /// Signed with an access key at this time. A body that cannot be read is signed as empty.
    pub fn signed_at(mut self, keys: &Keys, at: SystemTime) -> Self {
        let nonce = NONCE.fetch_add(1, Ordering::Relaxed);
        self.headers.extend([
            ("date", httpdate::fmt_http_date(at)),
            ("x-authing-lang", "en-US".to_owned()),
            ("x-authing-signature-method", sign::METHOD.to_owned()),
            ("x-authing-signature-nonce", format!("{}-{nonce}", std::process::id())),
            ("x-authing-signature-version", sign::VERSION.to_owned()),
        ]);
        let url = reqwest::Url::parse(&self.url).unwrap();
        let path = format!("/{}", url.path().trim_start_matches('/'));
        let query = url.query().unwrap_or_default();
        let request = |body| Request { method: self.method.as_str(), path: &path, query, body };
        let headers: Vec<_> = self.headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let texts = sign::candidates(&request(&self.body), headers.clone())
            .or_else(|_| sign::candidates(&request(b"{}"), headers))
            .unwrap();
        let signature = sign::signature(&keys.access_key_secret, &texts[0]);
        let authorization =
            Authorization { access_key_id: &keys.access_key_id, signature: &signature };
        self.headers.push(("authorization", authorization.header()));
        self
    }

    /// Sends it; redirects are answers.
    pub async fn send(&self) -> Answer {
        self.try_send().await.expect("the server answers")
    }

    /// The same; none when the server went away before its answer was whole.
    pub async fn try_send(&self) -> Option<Answer> {
        let mut request = CLIENT.request(self.method.clone(), &self.url).body(self.body.clone());
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.ok()?;
        Some(Answer {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body: answer.bytes().await.ok()?.to_vec(),
        })
    }
}
