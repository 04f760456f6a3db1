//! Both clients against a server that shows what arrived and answers from a list.

use super::*;
use crate::sign::{self, Authorization, Request};
use crate::v3::signin::{PasswordPayload, SignInByCredentials};
use crate::v3::system::GetSystemInfo;
use crate::v3::users::{GetUser, ListUsers};
use crate::v3::words::UserIdType;
use keystead_endpoint::SdkError;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A request as it arrived: first line, headers, body.
#[derive(Clone, Debug)]
struct Seen {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Seen {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.split("\r\n");
        let line = lines.next().unwrap().trim_end_matches(" HTTP/1.1").to_owned();
        let pair = |l: &str| l.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned()));
        Self { line, headers: lines.filter_map(pair).collect(), body: body.to_owned() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether the signature is good, as a server behind the base path `/p/main` checks it.
    fn is_signed_by(&self, secret: &str) -> bool {
        let (method, url) = self.line.split_once(' ').unwrap();
        let url = url.strip_prefix("/p/main").unwrap();
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let request = Request { method, path, query, body: self.body.as_bytes() };
        let headers = self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let texts = sign::candidates(&request, headers).unwrap();
        let header = self.header("authorization").unwrap();
        sign::verify(secret, &texts, Authorization::parse(header).unwrap().signature)
    }
}

/// A server of these answers, each a status and a body.
struct Server {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    async fn new(answers: Vec<(u16, String)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            for (status, body) in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = vec![0; 8192];
                let read = stream.read(&mut bytes).await.unwrap();
                log.lock().unwrap().push(Seen::read(&String::from_utf8_lossy(&bytes[..read])));
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
                let answer = format!("{head}connection: close\r\n\r\n{body}");
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        Self { url, seen }
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn management(&self) -> ManagementClient {
        let host = format!("{}/p/main/", self.url);
        let builder = ManagementClient::builder().access_key_id("AK").access_key_secret("SK");
        builder.host(host).lang("ja-JP").build().unwrap()
    }

    fn application(&self, authentication: ClientAuthentication) -> AuthenticationClient {
        AuthenticationClient::builder()
            .app_id("app")
            .app_secret("s+1")
            .app_host(&self.url)
            .redirect_uri("https://rp/cb")
            .authentication(authentication)
            .build()
            .unwrap()
    }
}

fn enveloped(data: serde_json::Value) -> (u16, String) {
    (200, json!({ "statusCode": 200, "message": "", "data": data }).to_string())
}

fn user(id: &str) -> serde_json::Value {
    json!({ "userId": id, "createdAt": "", "updatedAt": "", "status": "Activated",
        "workStatus": "Active", "gender": "U", "emailVerified": false, "phoneVerified": false,
        "userSourceType": "register", "fromTheFuture": 1 })
}

#[tokio::test]
async fn management_calls_are_signed_anew_each_time_and_without_the_base_path() {
    let busy = (200, json!({ "statusCode": 503, "message": "later" }).to_string());
    let server = Server::new(vec![busy, enveloped(user("u1"))]).await;
    let client = server.management();
    let got = client.get_user(&GetUser::by(UserIdType::Username, "中 文&a")).await.unwrap();
    assert_eq!(got.user_id, "u1");
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    for request in &seen {
        assert!(request.line.starts_with("GET /p/main/api/v3/get-user?"), "{}", request.line);
        assert!(request.is_signed_by("SK") && !request.is_signed_by("KS"));
        assert_eq!(request.header("x-authing-lang"), Some("ja-JP"));
    }
    let nonce = |n: usize| seen[n].header("x-authing-signature-nonce").map(str::to_owned);
    assert_ne!(nonce(0), nonce(1));
}

#[tokio::test]
async fn lists_are_walked_page_by_page() {
    let page = |ids: &[&str]| {
        let list: Vec<_> = ids.iter().map(|id| user(id)).collect();
        enveloped(json!({ "totalCount": 3, "list": list }))
    };
    let server = Server::new(vec![page(&["a", "b"]), page(&["c"])]).await;
    let users = server.management().pages(ListUsers::default()).all().await.unwrap();
    assert_eq!(users.iter().map(|u| u.user_id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let seen = server.seen();
    assert!(seen.iter().all(|s| s.is_signed_by("SK")));
    assert_eq!(seen[1].body, r#"{"options":{"pagination":{"limit":50,"page":2}}}"#);
}

#[tokio::test]
async fn an_application_proves_itself_as_it_was_set_up() {
    let token = || enveloped(json!({ "token_type": "Bearer", "expire_in": 60 }));
    for (authentication, body, basic) in [
        (ClientAuthentication::Post, json!({ "client_id": "app", "client_secret": "s+1" }), false),
        (ClientAuthentication::Basic, json!({}), true),
        (ClientAuthentication::None, json!({ "client_id": "app" }), false),
    ] {
        let server = Server::new(vec![token()]).await;
        let client = server.application(authentication);
        let payload = PasswordPayload { password: "pw".into(), ..Default::default() };
        let signin = SignInByCredentials::password(payload);
        assert_eq!(client.sign_in_by_credentials(&signin).await.unwrap().expire_in, 60);
        let seen = server.seen().remove(0);
        assert_eq!(
            (seen.line.as_str(), seen.header("x-authing-app-id")),
            ("POST /api/v3/signin", Some("app"))
        );
        let mut expected =
            json!({ "connection": "PASSWORD", "passwordPayload": { "password": "pw" } });
        for (name, value) in body.as_object().unwrap() {
            expected[name] = value.clone();
        }
        assert_eq!(serde_json::from_str::<serde_json::Value>(&seen.body).unwrap(), expected);
        // The parts are form-encoded before base64 (RFC 6749, section 2.3.1): app:s%2B1
        let header = basic.then_some("Basic YXBwOnMlMkIx");
        assert_eq!(seen.header("authorization"), header);
    }
}

#[tokio::test]
async fn token_calls_are_forms_and_refusals_have_names() {
    let tokens =
        json!({ "access_token": "a", "token_type": "Bearer", "expires_in": 9 }).to_string();
    let refused = json!({ "error": "invalid_grant", "error_description": "used" }).to_string();
    let active = json!({ "active": true, "sub": "u", "exp": 7, "iss": "i" }).to_string();
    let server = Server::new(vec![
        (200, tokens.clone()),
        (400, refused),
        (200, tokens),
        (200, active),
        (200, String::new()),
        (200, json!({ "sub": "u", "name": "N" }).to_string()),
    ])
    .await;
    let client = server.application(ClientAuthentication::Basic);
    let set = client.get_access_token_by_code("c 1", Some("v".into())).await.unwrap();
    assert_eq!((set.access_token.expose(), set.expires_in), ("a", 9));
    let error = client.get_new_access_token_by_refresh_token("r").await.unwrap_err();
    assert_eq!((error.name(), error.status()), (Some("invalid_grant"), Some(400)));
    let other = Some(("AK".to_owned(), "SK".into()));
    client.get_access_token_by_client_credentials("s1 s2", other).await.unwrap();
    assert_eq!(client.introspect_token("t").await.unwrap().other["iss"], "i");
    client.revoke_token("t").await.unwrap();
    assert_eq!(client.get_user_info_by_access_token("at").await.unwrap().claims["name"], "N");

    let seen = server.seen();
    let code =
        "code=c+1&code_verifier=v&grant_type=authorization_code&redirect_uri=https%3A%2F%2Frp%2Fcb";
    assert_eq!(seen[0].body, code);
    assert_eq!(seen[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert!(seen[0].header("authorization").unwrap().starts_with("Basic "));
    // Another client's pair goes in the body, and then nothing in the header.
    assert!(seen[2].body.contains("client_id=AK&client_secret=SK"), "{}", seen[2].body);
    assert_eq!(seen[2].header("authorization"), None);
    assert_eq!(seen[5].line, "GET /oidc/me");
    assert_eq!(seen[5].header("authorization"), Some("Bearer at"));
}

#[tokio::test]
async fn system_info_is_read_with_and_without_envelope() {
    let info = json!({ "rsa": { "publicKey": "r" }, "sm2": { "publicKey": "s" },
        "version": { "server": "1", "console": "2", "login": "3" }, "publicIps": ["1.2.3.4"] });
    let server = Server::new(vec![enveloped(info.clone()), (200, info.to_string())]).await;
    let client = server.application(ClientAuthentication::Post);
    for _ in 0..2 {
        let info = client.get_system_info(&GetSystemInfo {}).await.unwrap();
        assert_eq!((info.rsa.public_key.as_str(), info.public_ips.len()), ("r", 1));
    }
}

#[tokio::test]
async fn keys_are_fetched_once_for_tokens_that_nobody_signed() {
    let server = Server::new(vec![(200, json!({ "keys": [] }).to_string())]).await;
    let client = server.application(ClientAuthentication::Post);
    // {"alg":"RS256","kid":"x","typ":"at+jwt"} . {} . a
    let forged = "eyJhbGciOiJSUzI1NiIsImtpZCI6IngiLCJ0eXAiOiJhdCtqd3QifQ.e30.YQ";
    for _ in 0..3 {
        let error = client.verify_access_token(forged).await.unwrap_err();
        assert_eq!(error.message(), "the token is not good: its key is not known");
    }
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn addresses_for_the_browser() {
    let client = AuthenticationClient::builder()
        .app_id("app")
        .authentication(ClientAuthentication::None)
        .app_host("https://h/p/main")
        .scope("openid offline_access")
        .redirect_uri("https://rp/cb?x=1")
        .build()
        .unwrap();
    let request = AuthorizeRequest { state: Some("s&t".into()), ..Default::default() };
    let made = client.build_authorize_url(request).unwrap();
    let url = url::Url::parse(&made.url).unwrap();
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(url.path(), "/p/main/oidc/auth");
    for (name, value) in [
        ("client_id", "app"),
        ("redirect_uri", "https://rp/cb?x=1"),
        ("response_type", "code"),
        ("scope", "openid offline_access"),
        ("prompt", "consent"),
        ("state", "s&t"),
        ("nonce", made.nonce.as_str()),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(query.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!((made.state.as_str(), made.code_verifier.expose().len()), ("s&t", 43));
    assert!(!query.contains_key("login_hint") && !made.url.contains(made.code_verifier.expose()));

    let logout = LogoutRequest { redirect_uri: Some("https://rp/".into()), ..Default::default() };
    let expected = "https://h/p/main/oidc/session/end\
        ?post_logout_redirect_uri=https%3A%2F%2Frp%2F&client_id=app";
    assert_eq!(client.build_logout_url(&logout).unwrap(), expected);
}

#[test]
fn settings_that_cannot_work_are_named() {
    let told = |r: Result<AuthenticationClient, SdkError>| r.err().unwrap().to_string();
    let builder = || AuthenticationClient::builder().app_host("http://h");
    assert!(told(builder().build()).contains("app_id"));
    assert!(told(builder().app_id("a").build()).contains("app_secret"));
    let scoped = builder().app_id("a").app_secret("s").scope("profile");
    assert!(told(scoped.build()).contains("openid"));
    let hostless = AuthenticationClient::builder().app_id("a").app_secret("s");
    assert!(told(hostless.build()).contains("address"));
    let keyless = ManagementClient::builder().host("http://h").access_key_id("AK").build();
    assert!(keyless.err().unwrap().to_string().contains("access_key_secret"));
}

#[tokio::test]
async fn what_has_no_method_can_be_called() {
    let server = Server::new(vec![enveloped(json!({ "made": 1 })), (200, "[7]".into())]).await;
    let client = server.management();
    let made = client.request("POST", "/api/v3/new?a=b", &json!({ "code": "x" })).await.unwrap();
    assert_eq!(made, json!({ "made": 1 }));
    let got = client.request("GET", "/api/v3/old?a=b", &json!({ "c": "d e" })).await.unwrap();
    assert_eq!(got, json!([7]));
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /p/main/api/v3/new?a=b");
    assert_eq!(seen[0].body, r#"{"code":"x"}"#);
    assert_eq!(seen[1].line, "GET /p/main/api/v3/old?a=b&c=d+e");
    assert!(seen.iter().all(|request| request.is_signed_by("SK")));
    for (method, path) in
        [("TRACE", "/a"), ("GET", "a"), ("GET", "//evil.example/a"), ("GET", "/a b"), ("GET", "")]
    {
        assert!(client.request(method, path, &json!({})).await.is_err(), "{method} {path}");
    }
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_raw_call_of_an_application_proves_who_calls_in_the_language_asked_for() {
    let server = Server::new((1..4).map(|n| enveloped(json!(n))).collect()).await;
    let client = AuthenticationClient::builder()
        .app_id("app")
        .app_secret("s+1")
        .app_host(&server.url)
        .lang("zh-TW")
        .build()
        .unwrap();
    client.request("POST", "/api/v3/x", &json!({})).await.unwrap();
    client.with_access_token("at").request("GET", "/api/v3/y", &json!({})).await.unwrap();
    client.request("GET", "/api/v3/z", &json!({})).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].body, r#"{"client_id":"app","client_secret":"s+1"}"#);
    assert_eq!(seen[1].header("authorization"), Some("Bearer at"));
    // No secret in an address, which logs keep.
    assert_eq!(seen[2].line, "GET /api/v3/z");
    assert!(seen.iter().all(|request| request.header("x-authing-lang") == Some("zh-TW")));
}
