//! The pages as a browser meets them: sign-in, set-up, refusals, other people's requests.

use super::server::{HOME, REDIRECT, TestServer};
use keystead_core::setup;
use keystead_store::users;
use std::collections::BTreeMap;

const MINA: &str = "mina@example.com";

fn parameters(location: &str) -> BTreeMap<String, String> {
    let (target, query) = location.split_once('?').unwrap();
    assert_eq!(target, REDIRECT);
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The session cookie among a browser's cookies.
fn session(cookies: &BTreeMap<String, String>) -> Option<(String, String)> {
    let found = cookies.iter().find(|(name, _)| name.starts_with("__Host-ks-s-"));
    found.map(|(name, value)| (name.clone(), value.clone()))
}

#[tokio::test]
async fn a_person_signs_in_once() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("main", "&login_hint=mina%40example.com").await;
    let shown = browser.get(&page).await;
    assert_eq!(shown.status, 200);
    assert!(shown.asks() && shown.body.contains(&format!("value=\"{MINA}\"")));
    assert!(shown.body.contains("Tidemark"));
    assert_eq!(shown.header("cache-control"), "no-store");
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.example:9443;"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));

    let before = browser.clone();
    let landed = browser.sign_in(&page, MINA, "right").await;
    assert_eq!(landed.status, 303);
    assert_eq!(landed.header("cache-control"), "no-store");
    let given = parameters(landed.header("location"));
    assert_eq!(
        (given["state"].as_str(), given["iss"].as_str()),
        ("s1", "http://localhost:8080/oidc")
    );
    assert!(!given["code"].is_empty());
    assert!(session(&browser.cookies).is_some());
    assert!(browser.cookies.keys().all(|name| !name.starts_with("__Host-ks-f-")));

    // The flow is done: with its secret, for whoever is signed in, and for nobody.
    let mut late = before.clone();
    assert_eq!(late.sign_in(&page, MINA, "right").await.status, 410);
    let told = browser.get(&page).await;
    assert_eq!(told.status, 200);
    assert!(told.body.contains("You are signed in") && told.body.contains("Mina Okafor"));
    assert!(browser.get("/").await.body.contains("Mina Okafor"));
    assert!(server.browser().get("/").await.body.contains("You are not signed in"));
}

#[tokio::test]
async fn form_post_is_a_page_that_posts_to_the_application_alone() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("main", "&response_mode=form_post").await;
    let landed = browser.sign_in(&page, MINA, "right").await;
    assert_eq!(landed.status, 200);
    assert!(landed.body.contains(&format!("action=\"{REDIRECT}\"")));
    assert!(landed.body.contains("Continue to app.example"));
    assert!(landed.body.contains("name=\"code\"") && landed.body.contains("name=\"iss\""));
    let policy = landed.header("content-security-policy");
    assert!(policy.contains("form-action https://app.example:9443;"), "{policy}");
    assert!(session(&browser.cookies).is_some());
}

#[tokio::test]
async fn unknown_accounts_and_wrong_passwords_look_the_same() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("main", "").await;
    let mut answers = Vec::new();
    for identifier in [MINA, "none@example.com", &"x".repeat(100_000)] {
        let runs = server.core.hashing.runs();
        let answer = browser.sign_in(&page, identifier, "wrong").await;
        assert_eq!(server.core.hashing.runs() - runs, 1, "{identifier:.20}");
        assert!(answer.asks() && answer.body.contains("role=\"alert\""));
        assert!(!answer.body.contains("wrong"), "the password is sent back");
        answers.push((answer.status, answer.body.replace(identifier, "")));
    }
    assert_eq!(answers[0].0, 403);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(browser.sign_in(&page, MINA, &"x".repeat(600)).await.status, 403);
    assert!(session(&browser.cookies).is_none());
    assert_eq!(browser.sign_in(&page, MINA, "right").await.status, 303);
}

#[tokio::test]
async fn empty_fields_are_no_tries_and_a_lock_says_how_long() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("main", "").await;
    for (form, marked) in [
        (&[][..], "identifier-error"),
        (&[("identifier", " "), ("password", "x")], "identifier-error"),
        (&[("identifier", MINA)], "password-error"),
    ] {
        for _ in 0..40 {
            let answer = browser.post(&page, form).await;
            assert_eq!(answer.status, 400);
            assert!(answer.body.contains(marked), "{form:?}");
        }
    }
    let mut last = browser.sign_in(&page, MINA, "wrong").await;
    for _ in 0..40 {
        if last.status != 403 || !last.header("retry-after").is_empty() {
            break;
        }
        last = browser.sign_in(&page, MINA, "wrong").await;
    }
    assert!(matches!(last.status, 403 | 429), "{}", last.status);
    assert!(last.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(last.body.contains("Try again in"));
}

#[tokio::test]
async fn only_our_own_form_of_the_same_browser_counts() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("main", "").await;
    for origin in [None, Some("https://evil.example"), Some("null"), Some("http://localhost")] {
        browser.origin = origin;
        let answer = browser.sign_in(&page, MINA, "right").await;
        assert_eq!(answer.status, 403, "{origin:?}");
        assert!(!answer.asks() && session(&browser.cookies).is_none());
    }
    let mut stranger = server.browser();
    assert_eq!(stranger.get(&page).await.status, 410);
    assert_eq!(stranger.sign_in(&page, MINA, "right").await.status, 410);
    // Another flow's secret under this flow's cookie name opens nothing.
    let (other, _) = server.flow("main", "").await;
    let secret = other.cookies.values().next().unwrap().clone();
    let name = browser.cookies.keys().next().unwrap().clone();
    stranger.cookies.insert(name, secret);
    assert_eq!(stranger.sign_in(&page, MINA, "right").await.status, 410);
    browser.origin = Some(HOME);
    assert_eq!(browser.sign_in(&page, MINA, "right").await.status, 303);
}

#[tokio::test]
async fn a_planted_session_is_never_taken_over() {
    let server = TestServer::start().await;
    let (mut ines, page) = server.flow("main", "").await;
    ines.sign_in(&page, "ines@example.com", "right").await;
    let (name, planted) = session(&ines.cookies).unwrap();

    let (mut mina, page) = server.flow("main", "&prompt=login").await;
    mina.cookies.insert(name.clone(), planted.clone());
    assert!(mina.get(&page).await.asks(), "looking signs nobody in");
    mina.sign_in(&page, MINA, "right").await;
    assert_ne!(session(&mina.cookies).unwrap().1, planted);
    assert!(mina.get("/").await.body.contains("Mina Okafor"));
    assert!(ines.get("/").await.body.contains("You are not signed in"));

    // The same person again: a new value, and the old one is dead.
    let old = mina.clone();
    let (fresh, page) = server.flow("main", "&prompt=login").await;
    mina.cookies.extend(fresh.cookies);
    mina.sign_in(&page, MINA, "right").await;
    assert_ne!(session(&mina.cookies), session(&old.cookies));
    assert!(old.clone().get("/").await.body.contains("You are not signed in"));
    assert!(mina.get("/").await.body.contains("Mina Okafor"));
}

#[tokio::test]
async fn a_password_due_for_change_is_changed_in_the_flow() {
    let server = TestServer::start().await;
    let mut cx = server.cx("main").await;
    let mina = users::by_key(&mut cx.store(), users::UserKey::Email, MINA).await.unwrap().unwrap();
    let now = cx.now;
    users::password_set(&mut cx.store(), mina.id, None, Some("forced"), now).await.unwrap();
    cx.settle().await.unwrap();
    cx.settled().await.unwrap();
    let (mut browser, page) = server.flow("main", "").await;
    let form = format!("{page}/new-password");
    assert_eq!(browser.get(&form).await.header("location"), page, "nothing is proved yet");
    let early = browser.post(&form, &[("password", "mine now")]).await;
    assert_ne!(early.status, 200);
    let (mut browser, page) = server.flow("main", "").await;
    let form = format!("{page}/new-password");
    assert!(browser.sign_in(&page, MINA, "wrong").await.asks());
    assert_eq!(browser.sign_in(&page, MINA, "right").await.header("location"), form);
    assert!(session(&browser.cookies).is_none(), "the old password alone signs nobody in");
    assert_eq!(browser.get(&page).await.header("location"), form);
    assert!(browser.get(&form).await.body.contains("autocomplete=\"new-password\""));
    let mut stranger = server.browser();
    assert_eq!(stranger.get(&form).await.status, 410);
    assert_eq!(stranger.post(&form, &[("password", "theirs")]).await.status, 410);
    for (password, error) in [("", "Enter your password again"), ("right", "you have now")] {
        let again = browser.post(&form, &[("password", password)]).await;
        assert_eq!(again.status, 400, "{password}");
        assert!(again.body.contains(error), "{}", again.body);
    }
    assert_eq!(browser.post(&form, &[("password", "mine now")]).await.status, 303);
    assert!(session(&browser.cookies).is_some());
    let (mut browser, page) = server.flow("main", "&prompt=login").await;
    assert_eq!(browser.sign_in(&page, MINA, "right").await.status, 403);
    assert_eq!(browser.sign_in(&page, MINA, "mine now").await.status, 303);
}

#[tokio::test]
async fn pools_are_apart_and_keep_their_base_path() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("second", "").await;
    assert!(page.starts_with("/p/second/signin/"), "{page}");
    let shown = browser.get(&page).await;
    assert!(shown.body.contains(&format!("action=\"{page}\"")), "{}", shown.body);
    assert!(shown.body.contains("Sign in to Second"));
    assert_eq!(browser.sign_in(&page, MINA, "right").await.status, 403);
    let bare = page.strip_prefix("/p/second").unwrap();
    assert_eq!(browser.get(bare).await.status, 410, "a flow of another pool");
    assert_eq!(browser.sign_in(&page, MINA, "other").await.status, 303);
    assert!(browser.get("/").await.body.contains("You are not signed in"));
    assert!(browser.get("/p/second").await.body.contains("You are signed in"));
}

#[tokio::test]
async fn a_chosen_language_stays() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("main", "").await;
    let declared = |body: &str| body.contains("<html lang=\"ja-JP\">");
    assert!(!declared(&browser.get(&page).await.body));
    assert!(declared(&browser.get(&format!("{page}?lang=ja-JP")).await.body));
    assert!(declared(&browser.get(&page).await.body));
    assert!(declared(&browser.sign_in(&page, MINA, "wrong").await.body));
    let missing = browser.get("/nowhere").await;
    assert_eq!(missing.status, 404);
    assert!(declared(&missing.body));
}

#[tokio::test]
async fn a_pool_has_its_own_languages_in_its_own_order() {
    let server = TestServer::start().await;
    let (mut browser, page) = server.flow("second", "").await;
    for (languages, tag) in [("en", "en-US"), ("fr", "ja-JP"), ("zh-CN", "ja-JP")] {
        browser.languages = languages;
        let shown = browser.get(&page).await.body;
        assert!(shown.contains(&format!("<html lang=\"{tag}\">")), "{languages}");
        let links: Vec<_> = shown.split("hreflang=\"").skip(1).map(|rest| &rest[..5]).collect();
        assert_eq!(links, ["ja-JP", "en-US"]);
    }
    assert!(browser.get(&format!("{page}?lang=zh-TW")).await.body.contains("lang=\"ja-JP\">"));
}

#[tokio::test]
async fn the_set_up_link_makes_one_administrator() {
    let server = TestServer::start().await;
    let mut cx = server.cx("main").await;
    let link = setup::link(&mut cx).await.unwrap().unwrap();
    let path = format!("/setup/{}", link.expose());
    let mut browser = server.browser();
    assert!(browser.get(&path).await.asks());
    assert_eq!(browser.get("/setup/wrong").await.status, 410);
    let good = [("email", "admin@example.com"), ("password", "four words in a row")];
    browser.origin = Some("https://evil.example");
    assert_eq!(browser.post(&path, &good).await.status, 403);
    browser.origin = Some(HOME);
    for (form, status, marked) in [
        ([("email", "admin"), good[1]], 400, "email-error"),
        ([("email", ""), good[1]], 400, "email-error"),
        ([("email", MINA), good[1]], 409, "email-error"),
        ([good[0], ("password", "")], 400, "password-error"),
        ([good[0], ("password", &"x".repeat(600))], 400, "password-error"),
    ] {
        let answer = browser.post(&path, &form).await;
        assert_eq!(answer.status, status, "{:?}", form[0]);
        assert!(answer.asks() && answer.body.contains(marked), "{:?}", form[0]);
    }
    let done = browser.post(&path, &good).await;
    assert_eq!(done.status, 200);
    assert!(!done.asks() && done.body.contains("admin@example.com"));
    assert_eq!(browser.get(&path).await.status, 410);
    assert_eq!(browser.post(&path, &good).await.status, 410);
}

#[tokio::test]
async fn assets_answer_by_hash_and_the_avatar_by_name() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let page = browser.get("/").await.body;
    let (_, rest) = page.split_once("rel=\"stylesheet\" href=\"").unwrap();
    let css = browser.get(rest.split_once('"').unwrap().0).await;
    assert_eq!((css.status, css.header("content-type")), (200, "text/css; charset=utf-8"));
    assert!(css.header("cache-control").contains("immutable"));
    let avatar = browser.get("/assets/avatar.svg").await;
    assert_eq!(avatar.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(browser.get("/favicon.ico").await.header("content-type"), "image/svg+xml");
    assert_eq!(browser.get("/assets/keystead.css").await.status, 404);
}
