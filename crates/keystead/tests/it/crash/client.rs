//! A client that remembers what it was told, and holds the next server to it.

use super::flows::FLOWS;
use crate::actors::Keys;
use crate::process::Process;
use crate::raw::Raw;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// Everybody calls from one address, and all at once.
pub const LIMITS: &[&str] = &[
    "send_per_minute=1000",
    "send_per_hour=10000",
    "send_per_day=100000",
    "send_ip_per_hour=1000000",
    "send_pool_per_day=100000000",
    "signup_per_hour=1000000",
    "ip_tries=1000000",
    "refresh_grace_s=60",
    "sms_code_life_s=1800",
];
pub const PASSWORD: &str = "a password of four words";

/// Counts answers, and says when enough have come.
#[derive(Debug)]
pub struct Pulse {
    left: AtomicI64,
    over: Notify,
}

impl Pulse {
    pub fn after(answers: u64) -> Self {
        Self { left: AtomicI64::new(answers.cast_signed()), over: Notify::new() }
    }

    fn beat(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.over.notify_one();
        }
    }

    pub async fn is_over(&self) {
        self.over.notified().await;
    }
}

/// The server is gone.
#[derive(Debug)]
pub struct Gone;

pub type Step<T> = Result<T, Gone>;

/// Who calls.
#[derive(Clone, Debug)]
pub enum By {
    Administrator,
    Application,
    /// With this access token.
    User(String),
}

/// A call of V3.
#[derive(Clone, Debug)]
pub struct Call {
    path: &'static str,
    body: Value,
    by: By,
}

impl Call {
    pub fn new(path: &'static str, by: By, body: Value) -> Self {
        Self { path, body, by }
    }
}

/// What a client knows, since it was told.
#[derive(Debug)]
enum Fact {
    /// A user of this address, name or number: there or not.
    User { kind: &'static str, key: String, is_there: bool },
    /// This many of these users are there.
    Users { usernames: Vec<String>, counts: Vec<usize> },
    /// So many of the list have the role.
    Role { code: String, users: Vec<String>, counts: Vec<usize> },
    /// Exactly one of these is the password.
    Password { email: String, either: Vec<&'static str> },
    /// The token opens the profile.
    Access(String),
    /// The token gives new ones.
    Refresh(String),
    /// A call with a value that works once: it was answered, or not.
    Once { call: Call, was_answered: bool },
}

/// A client of one life of the server.
#[derive(Debug)]
pub struct Client {
    keys: Keys,
    outbox: String,
    pulse: Arc<Pulse>,
    name: String,
    users: usize,
    facts: BTreeMap<String, Fact>,
    done: Vec<&'static str>,
    cut: &'static str,
    sent: Vec<String>,
}

impl Client {
    pub fn new(process: &Process, pulse: &Arc<Pulse>, name: String) -> Self {
        Self {
            keys: process.keys(),
            outbox: process.dev["outbox_url"].as_str().unwrap().to_owned(),
            pulse: pulse.clone(),
            name,
            users: 0,
            facts: BTreeMap::new(),
            done: Vec::new(),
            cut: "",
            sent: Vec::new(),
        }
    }

    /// The same, asking the next life.
    pub fn at(self, process: &Process) -> Self {
        let fresh = Self::new(process, &self.pulse, String::new());
        Self { keys: fresh.keys, outbox: fresh.outbox, ..self }
    }

    /// One flow after the other, until the server is gone.
    pub async fn go_on(mut self, first: usize) -> Self {
        for (name, flow) in FLOWS.iter().cycle().skip(first) {
            if flow(&mut self).await.is_err() {
                self.cut = name;
                break;
            }
            self.done.push(name);
        }
        self
    }

    pub fn count(
        self,
        done: &mut BTreeMap<&'static str, usize>,
        cut: &mut BTreeMap<&'static str, usize>,
        sent: &mut BTreeMap<String, usize>,
    ) {
        for name in self.done {
            *done.entry(name).or_default() += 1;
        }
        *cut.entry(self.cut).or_default() += 1;
        for to in self.sent.into_iter().filter(|to| to.contains('@')) {
            *sent.entry(to).or_default() += 1;
        }
    }

    /// A name that nobody else has.
    pub fn fresh(&mut self) -> String {
        self.users += 1;
        format!("{}-{}", self.name, self.users)
    }

    /// An address that nobody else has.
    pub fn email(&mut self) -> String {
        format!("{}@kill.example", self.fresh())
    }

    /// Sends a call; its answer's envelope.
    async fn said(&self, call: &Call) -> Step<Value> {
        let url = format!("{}/api/v3/{}", self.keys.url, call.path);
        let mut body = call.body.clone();
        if call.path == "signin" {
            body["client_id"] = json!(self.keys.app_id);
            body["client_secret"] = json!(self.keys.app_secret);
        }
        let request = Raw::post(&url, body.to_string());
        let request = match &call.by {
            By::Administrator => request.signed(&self.keys),
            By::Application => request.header("x-authing-app-id", &self.keys.app_id),
            By::User(token) => request.header("authorization", &format!("Bearer {token}")),
        };
        let answer = request.try_send().await.ok_or(Gone)?;
        self.pulse.beat();
        Ok(answer.json())
    }

    /// Sends a call that must succeed; its data.
    pub async fn call(&self, path: &'static str, by: By, body: Value) -> Step<Value> {
        let call = Call::new(path, by, body);
        let said = self.said(&call).await?;
        assert_eq!(said["statusCode"], 200, "{call:?}: {said}");
        Ok(said["data"].clone())
    }

    /// Sends a call that must succeed, with a value that works once.
    pub async fn once(&mut self, path: &'static str, by: By, body: Value) -> Step<Value> {
        let call = Call::new(path, by, body);
        let key = format!("once {path} {}", self.fresh());
        let open = Fact::Once { call: call.clone(), was_answered: false };
        self.facts.insert(key.clone(), open);
        let said = self.said(&call).await?;
        assert_eq!(said["statusCode"], 200, "{call:?}: {said}");
        self.facts.insert(key, Fact::Once { call, was_answered: true });
        Ok(said["data"].clone())
    }

    /// A code sent to this address or number.
    pub async fn code(&mut self, to: &str, channel: &str) -> Step<String> {
        let before = self.messages(to).await?.len();
        let (path, body) = if to.contains('@') {
            ("send-email", json!({"channel": channel, "email": to}))
        } else {
            ("send-sms", json!({"channel": channel, "phoneNumber": to}))
        };
        self.call(path, By::Application, body).await?;
        self.sent.push(to.to_owned());
        loop {
            let messages = self.messages(to).await?;
            if messages.len() > before {
                return Ok(messages[0]["code"].as_str().unwrap().to_owned());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn messages(&self, to: &str) -> Step<Vec<Value>> {
        let all = Raw::get(&self.outbox).try_send().await.ok_or(Gone)?.json();
        let all = all.as_array().unwrap().iter();
        Ok(all.filter(|m| m["to"].as_str().unwrap().ends_with(to)).cloned().collect())
    }

    /// Signs in with a password; the access token.
    pub async fn sign_in(&mut self, email: &str) -> Step<String> {
        let body = json!({"connection": "PASSWORD",
            "passwordPayload": {"email": email, "password": PASSWORD},
            "options": {"scope": "openid profile offline_access"}});
        let tokens = self.call("signin", By::Application, body).await?;
        let access = tokens["access_token"].as_str().unwrap().to_owned();
        self.facts.insert(format!("access {email}"), Fact::Access(access.clone()));
        let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
        self.facts.insert(format!("refresh {email}"), Fact::Refresh(refresh));
        Ok(access)
    }

    /// Changes the refresh token of somebody who signed in: until the answer the old one is good.
    pub async fn refresh(&mut self, email: &str) -> Step<()> {
        let key = format!("refresh {email}");
        let Some(Fact::Refresh(token)) = self.facts.get(&key) else { panic!("{email}: no token") };
        let next = self.refreshed(token).await?;
        self.facts.insert(key, Fact::Refresh(next));
        Ok(())
    }

    async fn refreshed(&self, token: &str) -> Step<String> {
        let Keys { app_id, app_secret, url, .. } = &self.keys;
        let secret: String = app_secret.bytes().map(|b| format!("%{b:02X}")).collect();
        let form = format!(
            "grant_type=refresh_token&refresh_token={token}&client_id={app_id}\
             &client_secret={secret}"
        );
        let request = Raw::post(&format!("{url}/oidc/token"), form)
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = request.try_send().await.ok_or(Gone)?;
        self.pulse.beat();
        assert_eq!(answer.status, 200, "{}", answer.text());
        Ok(answer.json()["refresh_token"].as_str().unwrap().to_owned())
    }

    /// Makes a user with a password.
    pub async fn newcomer(&mut self) -> Step<(String, String)> {
        let email = self.email();
        let body = json!({"email": email, "password": PASSWORD});
        let user = self.call("create-user", By::Administrator, body).await?;
        self.know_user("email", &email, true);
        Ok((email, user["userId"].as_str().unwrap().to_owned()))
    }

    pub fn know_user(&mut self, kind: &'static str, key: &str, is_there: bool) {
        let fact = Fact::User { kind, key: key.to_owned(), is_there };
        self.facts.insert(format!("user {key}"), fact);
    }

    /// Whatever was known of this name and its tokens may be so or not.
    pub fn unsure(&mut self, name: &str) {
        for kind in ["user", "access", "refresh", "password"] {
            self.facts.remove(&format!("{kind} {name}"));
        }
    }

    pub fn know_users(&mut self, usernames: &[String], counts: &[usize]) {
        let fact = Fact::Users { usernames: usernames.to_vec(), counts: counts.to_vec() };
        self.facts.insert(format!("users {}", usernames[0]), fact);
    }

    pub fn know_role(&mut self, code: &str, users: &[String], counts: &[usize]) {
        let (users, counts) = (users.to_vec(), counts.to_vec());
        let fact = Fact::Role { code: code.to_owned(), users, counts };
        self.facts.insert(format!("role {code}"), fact);
    }

    pub fn know_password(&mut self, email: &str, either: &[&'static str]) {
        let fact = Fact::Password { email: email.to_owned(), either: either.to_vec() };
        self.facts.insert(format!("password {email}"), fact);
    }

    /// Asks this server for all that is known. What works once is tried last, since it may
    /// change the rest.
    pub async fn verify(&self, when: &str) {
        let (once, lasting): (Vec<_>, Vec<_>) =
            self.facts.values().partition(|fact| matches!(fact, Fact::Once { .. }));
        for fact in lasting.into_iter().chain(once) {
            let what = format!("{when}, cut in {}: {fact:?}", self.cut);
            self.check(fact, &what).await.unwrap_or_else(|Gone| panic!("{what}: gone"));
        }
    }

    async fn check(&self, fact: &Fact, what: &str) -> Step<()> {
        match fact {
            Fact::User { kind, key, is_there } => {
                let there = self.is_there(kind, key).await?;
                assert_eq!(there, *is_there, "{what}");
            }
            Fact::Users { usernames, counts } => {
                let mut there = 0;
                for name in usernames {
                    there += usize::from(self.is_there("username", name).await?);
                }
                assert!(counts.contains(&there), "{what}: {there}");
            }
            Fact::Role { code, users, counts } => {
                let url = format!("{}/api/v3/list-role-members?code={code}", self.keys.url);
                let said = Raw::get(&url).signed(&self.keys).try_send().await.ok_or(Gone)?.json();
                let list = said["data"]["list"].as_array().unwrap();
                let held = list
                    .iter()
                    .filter(|user| users.iter().any(|id| user["userId"].as_str() == Some(id)));
                let held = held.count();
                assert!(counts.contains(&held), "{what}: {held}");
            }
            Fact::Password { email, either } => {
                let mut right = 0;
                for password in either {
                    let body = json!({"email": email, "password": password});
                    let said = self.call("validate-password", By::Application, body).await?;
                    right += usize::from(said["valid"] == true);
                }
                assert_eq!(right, 1, "{what}");
            }
            Fact::Access(token) => {
                let url = format!("{}/api/v3/get-profile", self.keys.url);
                let request = Raw::get(&url).header("authorization", &format!("Bearer {token}"));
                let said = request.try_send().await.ok_or(Gone)?.json();
                assert_eq!(said["statusCode"], 200, "{what}: {said}");
            }
            Fact::Refresh(token) => {
                self.refreshed(token).await?;
            }
            Fact::Once { call, was_answered } => {
                let (first, second) = (self.said(call).await?, self.said(call).await?);
                let refused = |said: &Value| {
                    said["statusCode"].as_u64().is_some_and(|status| (400..500).contains(&status))
                };
                let is_right = first["statusCode"] == 200 && !was_answered;
                assert!(is_right || refused(&first), "{what}: {first}");
                assert!(refused(&second), "{what}: {second}");
            }
        }
        Ok(())
    }

    async fn is_there(&self, kind: &str, key: &str) -> Step<bool> {
        let key = key.replace('@', "%40");
        let query = format!("userId={key}&userIdType={kind}");
        let url = format!("{}/api/v3/get-user?{query}", self.keys.url);
        let said = Raw::get(&url).signed(&self.keys).try_send().await.ok_or(Gone)?.json();
        assert!(said["statusCode"] == 200 || said["statusCode"] == 404, "{said}");
        Ok(said["statusCode"] == 200)
    }
}

/// A phone number that nobody else has.
pub fn phone() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("139{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Sets the server's clock ahead.
pub async fn move_clock(process: &Process, seconds: u64) {
    let url = format!("{}/dev/clock", process.keys().url);
    let moved = Raw::post(&url, json!({"offset_s": seconds}).to_string()).send().await;
    assert_eq!(moved.status, 200);
}
