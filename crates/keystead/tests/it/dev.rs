//! `--dev`: the clock, the outbox, the callback page, and who may see them.

use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::TestServer;
use reqwest::Method;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;

on_both!(the_clock_moves_for_everybody);

async fn the_clock_moves_for_everybody(engine: Engine) {
    // One of its own: a moved clock is nothing to share.
    let server = TestServer::start(engine);
    let clock = format!("{}/dev/clock", server.url());
    let offset = async || Raw::get(&clock).send().await.json()["offset_s"].clone();
    let body = json!({"client_id": server.dev("app_id"), "client_secret": server.dev("app_secret"),
        "connection": "PASSWORD",
        "passwordPayload": {
            "email": server.dev("user_email"), "password": server.dev("user_password")}});
    let signin = format!("{}/api/v3/signin", server.url());
    let tokens = Raw::post(&signin, body.to_string()).send().await.json();
    let bearer = format!("Bearer {}", tokens["data"]["access_token"].as_str().unwrap());
    let me = format!("{}/oidc/me", server.url());
    let me = || Raw::get(&me).header("authorization", &bearer);
    assert_eq!(me().send().await.status, 200);
    assert_eq!(offset().await, 0);
    let moved = Raw::post(&clock, json!({"offset_s": 3_700}).to_string()).send().await;
    assert_eq!((moved.status, moved.json()), (200, json!({"offset_s": 3_700})));
    assert_eq!(me().send().await.status, 401, "an hour later the token has expired");
    for wrong in
        ["", "{}", "{\"offset_s\": \"1\"}", "{\"offset_s\": 1e30}", "{\"offset\": 1}", "[]"]
    {
        let answer = Raw::post(&clock, wrong).send().await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.json()["error"].as_str().unwrap().contains("offset_s"), "{wrong}");
    }
    assert_eq!(offset().await, 3_700);
    Raw::post(&clock, json!({"offset_s": 0}).to_string()).send().await;
    assert_eq!(me().send().await.status, 200);
}

#[tokio::test]
async fn the_outbox_is_json_for_programs_and_a_page_for_people() {
    let server = TestServer::shared(Engine::Sqlite);
    let url = server.dev("outbox_url");
    let answer = Raw::get(url).send().await;
    assert_eq!((answer.status, answer.json()), (200, Value::Array(Vec::new())));
    let page = Raw::get(url).header("accept", "text/html,*/*").send().await;
    assert!(page.text().starts_with("<!doctype html>"), "{}", page.text());
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let json = Raw::get(&format!("{url}?format=json")).header("accept", "text/html").send().await;
    assert!(json.json().is_array());
    assert_eq!(Raw::new(Method::DELETE, url).send().await.status, 204);
    let cleared = Raw::post(url, "").send().await;
    assert_eq!((cleared.status, cleared.header("location")), (303, "/dev/outbox"));
    assert_eq!(Raw::get(&format!("{url}/1/html")).send().await.status, 404);
}

#[tokio::test]
async fn the_callback_page_shows_what_came_back() {
    let server = TestServer::shared(Engine::Sqlite);
    let url = server.dev("redirect_uri");
    let english = |request: Raw| request.header("accept-language", "en");
    let by_query = english(Raw::get(&format!("{url}?code=c0de&state=<b>"))).send().await.text();
    let form = Raw::post(url, "code=c0de&state=%3Cb%3E")
        .header("content-type", "application/x-www-form-urlencoded");
    let by_form = english(form).send().await.text();
    for page in [by_query, by_form] {
        assert!(page.contains("c0de") && page.contains("curl "), "{page}");
        assert!(page.contains("&lt;b&gt;") && !page.contains("<b>"), "{page}");
    }
    let refused = english(Raw::get(&format!("{url}?error=access_denied"))).send().await.text();
    assert!(refused.contains("access_denied") && !refused.contains("curl "), "{refused}");
}

#[tokio::test]
async fn attack_65_only_this_machine_sees_the_development_pages() {
    let server = TestServer::shared(Engine::Sqlite);
    let port = server.url().rsplit_once(':').unwrap().1;
    for path in ["/dev/clock", "/dev/outbox", "/dev/callback", "/metrics"] {
        let url = format!("{}{path}", server.url());
        for (name, value) in [
            ("host", format!("evil.example:{port}")),
            ("host", "localhost:1".to_owned()),
            ("sec-fetch-site", "cross-site".to_owned()),
            ("sec-fetch-site", "same-site".to_owned()),
            ("x-forwarded-for", "127.0.0.1".to_owned()),
        ] {
            let answer = Raw::get(&url).header(name, &value).send().await;
            assert_eq!(answer.status, 403, "{path} {name}: {value}");
            assert!(!answer.header("x-request-id").is_empty());
        }
        let own = Raw::get(&url).header("sec-fetch-site", "same-origin").send().await;
        assert_eq!(own.status, 200, "{path}");
    }
}

#[test]
fn dev_json_is_private_and_whole() {
    let server = TestServer::shared(Engine::Sqlite);
    let file = server.data().join("dev.json");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    for key in [
        "http_url",
        "https_url",
        "ca_file",
        "user_pool_id",
        "user_pool_secret",
        "access_key_id",
        "access_key_secret",
        "app_id",
        "app_secret",
        "app_host",
        "redirect_uri",
        "user_id",
        "user_email",
        "user_password",
        "admin_email",
        "admin_password",
        "outbox_url",
    ] {
        assert!(!server.dev(key).is_empty(), "{key}");
    }
    assert_eq!(server.dev("app_host"), server.dev("http_url"));
    assert!(std::path::Path::new(server.dev("ca_file")).exists());
}
