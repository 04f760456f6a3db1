//! Requests that no sound client sends: a clear refusal in the dialect's shape, nothing written.

use crate::database::Engine;
use crate::on_both;
use crate::raw::{Answer, Raw};
use crate::server::TestServer;
use keystead_authing::v3::users::ListUsers;
use serde_json::json;

on_both!(
    what_cannot_be_read_is_refused_and_writes_nothing,
    attack_52_page_numbers_have_bounds,
    an_unknown_operation_is_named_in_the_envelope,
    standard_endpoints_answer_in_their_own_shape,
);

/// Bodies for `create-user`: what they are, the status, and a word of the message.
fn bodies() -> Vec<(&'static str, Vec<u8>, u16, &'static str)> {
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(100_000), close.repeat(100_000));
        format!("{{\"username\":\"bad\",\"customData\":{open}{close}}}").into_bytes()
    };
    vec![
        ("cut off", b"{\"username\":\"bad\"".to_vec(), 400, ""),
        ("no JSON", b"username=bad".to_vec(), 400, ""),
        ("a list", b"[{\"username\":\"bad\"}]".to_vec(), 400, ""),
        ("two values", b"{\"username\":\"bad\"} {}".to_vec(), 400, ""),
        ("number for text", b"{\"username\":1}".to_vec(), 400, "username"),
        (
            "text for flag",
            b"{\"username\":\"bad\",\"emailVerified\":\"x\"}".to_vec(),
            400,
            "emailVerified",
        ),
        ("unknown word", b"{\"username\":\"bad\",\"gender\":\"Q\"}".to_vec(), 400, "gender"),
        ("list for object", b"{\"username\":\"bad\",\"options\":[]}".to_vec(), 400, "options"),
        ("no name at all", b"{\"name\":\"bad\"}".to_vec(), 400, ""),
        ("no email", b"{\"email\":\"bad\"}".to_vec(), 400, ""),
        ("invalid UTF-8", b"{\"username\":\"bad\xff\xfe\"}".to_vec(), 400, ""),
        ("lone surrogate", b"{\"username\":\"bad\\ud800\"}".to_vec(), 400, ""),
        ("NUL in a name", b"{\"username\":\"bad\\u0000\"}".to_vec(), 400, "username"),
        ("deep lists", deep("[", "]"), 400, ""),
        ("deep objects", deep("{\"a\":", "1}"), 400, ""),
        (
            "too large",
            format!("{{\"username\":\"{}\"}}", "x".repeat(1 << 20)).into_bytes(),
            413,
            "1048576",
        ),
    ]
}

fn check_refusal(what: &str, answer: &Answer, status: u16, word: &str) {
    let said = answer.json();
    assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    assert_eq!(said["statusCode"], status, "{what}: {said}");
    let message = said["message"].as_str().unwrap_or_else(|| panic!("{what}: {said}"));
    assert!(!message.is_empty() && message.contains(word), "{what}: {message}");
    assert_eq!(said["requestId"], answer.header("x-request-id"), "{what}");
    assert!(said.get("data").is_none(), "{what}: {said}");
}

async fn what_cannot_be_read_is_refused_and_writes_nothing(engine: Engine) {
    let server = TestServer::shared(engine);
    let url = format!("{}/api/v3/create-user", server.url());
    for (what, body, status, word) in bodies() {
        let answer = Raw::post(&url, body).signed(&server.keys()).send().await;
        check_refusal(what, &answer, status, word);
    }
    let bad = ListUsers { keywords: Some("bad".into()), ..ListUsers::default() };
    assert_eq!(server.admin().list_users(&bad).await.unwrap().total_count, 0);
    let url = format!("{}/api/v3/signin", server.url());
    let credentials = |rest: serde_json::Value| {
        let mut body =
            json!({"client_id": server.dev("app_id"), "client_secret": server.dev("app_secret")});
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        body.to_string()
    };
    for (what, body, word) in [
        ("no connection", json!({}), "connection"),
        ("unknown connection", json!({"connection": "TELEPATHY"}), "connection"),
        ("no payload", json!({"connection": "PASSWORD"}), "passwordPayload"),
        ("no password", json!({"connection": "PASSWORD", "passwordPayload": {}}), "password"),
        (
            "payload is a text",
            json!({"connection": "PASSWORD", "passwordPayload": "x"}),
            "passwordPayload",
        ),
        (
            "no account",
            json!({"connection": "PASSWORD", "passwordPayload": {"password": "x"}}),
            "account",
        ),
    ] {
        let answer = Raw::post(&url, credentials(body)).send().await;
        check_refusal(what, &answer, 400, word);
    }
}

async fn attack_52_page_numbers_have_bounds(engine: Engine) {
    let server = TestServer::shared(engine);
    let url = format!("{}/api/v3/list-users", server.url());
    for (pagination, word) in [
        (json!({"page": 0}), "page"),
        (json!({"page": -1}), "page"),
        (json!({"page": 1_000_000_000}), "page"),
        (json!({"limit": 0}), "limit"),
        (json!({"limit": 51}), "limit"),
        (json!({"page": 1.5}), "page"),
        (json!({"page": "1e9999"}), "page"),
    ] {
        let body = json!({"options": {"pagination": pagination}}).to_string();
        let answer = Raw::post(&url, body).signed(&server.keys()).send().await;
        check_refusal(&pagination.to_string(), &answer, 400, word);
    }
}

async fn an_unknown_operation_is_named_in_the_envelope(engine: Engine) {
    let server = TestServer::shared(engine);
    for path in
        ["/api/v3/fly-to-the-moon", "//api/v3/fly-to-the-moon", "/p/other/api/v3/fly-to-the-moon"]
    {
        let url = format!("{}{path}", server.url());
        for request in [Raw::get(&url), Raw::post(&url, "{}").signed(&server.keys())] {
            let answer = request.header("x-authing-lang", "en-US").send().await;
            check_refusal(path, &answer, 404, "fly-to-the-moon");
        }
    }
    let get = Raw::get(&format!("{}/api/v3/create-user", server.url()));
    check_refusal("wrong method", &get.header("x-authing-lang", "en-US").send().await, 400, "GET");
}

async fn standard_endpoints_answer_in_their_own_shape(engine: Engine) {
    let server = TestServer::shared(engine);
    let form = |path: &str, body: &str| {
        Raw::post(&format!("{}{path}", server.url()), body)
            .header("content-type", "application/x-www-form-urlencoded")
    };
    let (id, secret) = (server.dev("app_id"), server.dev("app_secret"));
    let client = format!("client_id={id}&client_secret={secret}");
    for (body, status, error) in [
        ("", 400, "invalid_request"),
        ("grant_type=authorization_code&code=x", 401, "invalid_client"),
        (&client, 400, "invalid_request"),
        (&format!("{client}&grant_type=x"), 400, "unsupported_grant_type"),
        (&format!("{client}&grant_type=authorization_code&code=x"), 400, ""),
        (
            &format!("{client}&grant_type=refresh_token&refresh_token=%ff%00"),
            400,
            "invalid_request",
        ),
        (&format!("{client}&grant_type=refresh_token&refresh_token=x"), 400, "invalid_grant"),
    ] {
        let answer = form("/oidc/token", body).send().await;
        let said = answer.json();
        let shown = body.replace(secret, "…");
        assert_eq!(answer.status, status, "{shown}: {said}");
        let code = said["error"].as_str().unwrap_or_else(|| panic!("{shown}: {said}"));
        assert!(code.contains(error), "{shown}: {said}");
    }
    let page = Raw::get(&format!("{}/nothing-here", server.url())).send().await;
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"), "{}", page.text());
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
}
