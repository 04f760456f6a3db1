//! A browser without script: keeps cookies, says where its forms come from; and its mailbox.

use crate::raw::{Answer, Raw};
use crate::server::TestServer;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How often the outbox is looked into before a message counts as not sent.
const LOOKS: usize = 500;

/// A browser.
#[derive(Clone)]
pub struct Browser<'s> {
    server: &'s TestServer,
    cookies: BTreeMap<String, String>,
    /// What it says in `Origin` with its forms.
    pub origin: String,
    /// Headers that somebody adds to its requests.
    pub extra: Vec<(&'static str, String)>,
}

impl<'s> Browser<'s> {
    /// One that holds nothing.
    pub fn new(server: &'s TestServer) -> Self {
        Self {
            server,
            cookies: BTreeMap::new(),
            origin: server.url().to_owned(),
            extra: Vec::new(),
        }
    }

    /// One that the development application sent to sign in, and the address of the page.
    pub async fn at_sign_in(server: &'s TestServer, extra: &str) -> (Self, String) {
        let mut browser = Self::new(server);
        let (app, redirect) = (server.dev("app_id"), server.dev("redirect_uri"));
        let path = format!(
            "/oidc/auth?client_id={app}&redirect_uri={redirect}&response_type=code&scope=openid\
             &state=s1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
             &code_challenge_method=S256{extra}"
        );
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let page = answer.header("location").to_owned();
        let page = page.strip_prefix(server.url()).unwrap_or(&page).to_owned();
        (browser, page)
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let request = Raw::get(&self.url(path)).header("accept-language", "en");
        self.send(request).await
    }

    /// Follows a link of the page at this address.
    pub async fn get_from(&mut self, path: &str, referer: &str) -> Answer {
        let request = Raw::get(&self.url(path)).header("referer", referer);
        self.send(request.header("accept-language", "en")).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> =
            form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Raw::post(&self.url(path), pairs.join("&"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept-language", "en")
            .header("origin", &self.origin);
        self.send(request).await
    }

    /// Whether somebody is signed in here.
    pub fn is_signed_in(&self) -> bool {
        self.cookies.keys().any(|name| name.starts_with("__Host-ks-s-"))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url())
    }

    async fn send(&mut self, mut request: Raw) -> Answer {
        for (name, value) in &self.extra {
            request = request.header(name, value);
        }
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", &cookies.join("; ")).send().await;
        for set in answer.headers.get_all("set-cookie") {
            let (pair, attributes) = set.to_str().unwrap().split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

/// The text as a value of a form.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).into() } else { format!("%{b:02X}") })
        .collect()
}

/// The captured messages to this address, newest first.
pub async fn messages(server: &TestServer, to: &str) -> Vec<Value> {
    let all = Raw::get(server.dev("outbox_url")).send().await.json();
    let all = all.as_array().unwrap().iter();
    all.filter(|message| message["to"].as_str().unwrap().ends_with(to)).cloned().collect()
}

/// The message to this address that comes after the first `known` ones.
pub async fn message(server: &TestServer, to: &str, known: usize) -> Value {
    for _ in 0..LOOKS {
        let messages = messages(server, to).await;
        if messages.len() > known {
            return messages[0].clone();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no message {known} to {to}");
}

/// The code in the message to this address that comes after the first `known` ones.
pub async fn code(server: &TestServer, to: &str, known: usize) -> String {
    message(server, to, known).await["code"].as_str().unwrap().to_owned()
}

/// The path of the link in that message.
pub async fn link(server: &TestServer, to: &str, known: usize) -> String {
    let message = message(server, to, known).await;
    let text = message["text"].as_str().unwrap();
    let link = text.split_whitespace().find(|word| word.starts_with(server.url()));
    link.unwrap_or_else(|| panic!("{text}")).strip_prefix(server.url()).unwrap().to_owned()
}
