//! Links of messages: looking uses nothing up, the button does, once.

use super::server::{HOME, TestServer};
use keystead_core::one_time::{Address, TokenPurpose, tokens};
use keystead_store::users;

const MINA: &str = "mina@example.com";

/// The path of a link of this purpose for Mina of the pool `main`.
async fn link(server: &TestServer, purpose: TokenPurpose, path: &str) -> (String, String) {
    let mut cx = server.cx("main").await;
    let mina = users::by_key(&mut cx.store(), users::UserKey::Email, MINA).await.unwrap().unwrap();
    let address = Address::email(MINA).unwrap();
    let secret = tokens::make(&mut cx, purpose, Some(mina.id), &address, 600).await.unwrap();
    cx.settle().await.unwrap();
    cx.settled().await.unwrap();
    let secret = secret.expose().to_owned();
    (format!("{path}?token={secret}"), secret)
}

#[tokio::test]
async fn attack_31_only_the_button_behind_a_link_confirms_an_address() {
    let server = TestServer::start().await;
    let (page, token) = link(&server, TokenPurpose::VerifyLink, "/verify-email").await;
    let verified = async || {
        let mut cx = server.cx("main").await;
        let mina = users::by_key(&mut cx.store(), users::UserKey::Email, MINA).await;
        mina.unwrap().unwrap().email_verified
    };
    for _ in 0..3 {
        let mut scanner = server.browser();
        let shown = scanner.get(&page).await;
        assert_eq!(shown.status, 200);
        assert!(shown.body.contains(MINA) && shown.body.contains("<button"), "{}", shown.body);
        assert_eq!(shown.header("referrer-policy"), "same-origin");
        assert_eq!(shown.header("cache-control"), "no-store");
    }
    assert!(!verified().await, "looking confirms nothing");
    let mut browser = server.browser();
    let form = [("token", token.as_str())];
    for origin in [None, Some("https://evil.example")] {
        browser.origin = origin;
        assert_eq!(browser.post("/verify-email", &form).await.status, 403);
    }
    browser.origin = Some(HOME);
    // A value of another purpose, and another pool's, is no link.
    assert_eq!(browser.get(&format!("/reset-password?token={token}")).await.status, 410);
    assert_eq!(browser.post("/p/second/verify-email", &form).await.status, 410);
    assert!(!verified().await);
    assert_eq!(browser.post("/verify-email", &form).await.status, 200);
    assert!(verified().await);
    assert_eq!(browser.post("/verify-email", &form).await.status, 410);
    assert_eq!(browser.get(&page).await.status, 410);
}

#[tokio::test]
async fn attack_31_a_reset_link_works_once_by_its_form() {
    let server = TestServer::start().await;
    let (page, token) = link(&server, TokenPurpose::ResetLink, "/reset-password").await;
    let mut browser = server.browser();
    let shown = browser.get(&page).await;
    assert!(shown.asks() && shown.body.contains("autocomplete=\"new-password\""));
    assert!(browser.get(&page).await.asks(), "looking uses nothing up");
    let form = |password| [("token", token.as_str()), ("password", password)];
    let empty = browser.post("/reset-password", &form("")).await;
    assert!(empty.status == 400 && empty.body.contains("password-error"));
    assert!(empty.body.contains(&format!("?lang=ja-JP&amp;token={token}")), "languages lead back");
    let long = "x".repeat(600);
    let long = browser.post("/reset-password", &form(&long)).await;
    assert!(long.status == 400 && long.body.contains("too long"), "{}", long.body);
    browser.origin = Some("https://evil.example");
    assert_eq!(browser.post("/reset-password", &form("new one")).await.status, 403);
    browser.origin = Some(HOME);
    let changed = browser.post("/reset-password", &form("new one")).await;
    assert!(changed.status == 200 && !changed.asks(), "{}", changed.body);
    assert!(changed.header("set-cookie").is_empty(), "a link is no sign-in");
    assert_eq!(browser.post("/reset-password", &form("another")).await.status, 410);
    assert_eq!(browser.get(&page).await.status, 410);
    let (mut browser, page) = server.flow("main", "").await;
    assert_eq!(browser.sign_in(&page, MINA, "right").await.status, 403);
    assert_eq!(browser.sign_in(&page, MINA, "new one").await.status, 303);
}

#[tokio::test]
async fn a_link_without_or_with_a_wrong_secret_is_said_to_be_dead() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    for path in ["/reset-password", "/verify-email"] {
        for token in ["", "x", "%00", &"x".repeat(10_000)] {
            let answer = browser.get(&format!("{path}?token={token}")).await;
            assert!(matches!(answer.status, 400 | 410), "{path} {token:.9}: {}", answer.status);
            assert!(answer.body.contains("<h1>"));
        }
    }
}
