//! How often the server is asked for its keys, by a clock that only the tests move.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::time::UNIX_EPOCH;

/// A token as far as its header goes.
fn token(header: &Value) -> String {
    format!("{}.e30.YQ", URL_SAFE_NO_PAD.encode(header.to_string()))
}

fn named(kid: &str) -> String {
    token(&json!({ "alg": "RS256", "kid": kid }))
}

fn set(kids: &[&str]) -> Result<Jwks, SdkError> {
    let key = |kid| json!({ "kty": "RSA", "kid": kid, "n": "AQAB", "e": "AQAB" });
    Ok(Jwks { keys: kids.iter().map(key).collect() })
}

fn silent() -> Result<Jwks, SdkError> {
    Err(SdkError::transport("no answer"))
}

/// Asks at this second with a server that answers so; says whether the token's key is there, and
/// whether the server was asked.
async fn ask(
    cache: &CachedKeys,
    token: &str,
    second: u64,
    answer: Result<Jwks, SdkError>,
) -> (Option<bool>, bool) {
    let mut asked = false;
    let fetch = async {
        asked = true;
        answer
    };
    let now = UNIX_EPOCH + Duration::from_secs(1_000_000 + second);
    let keys = cache.of(token, now, None, fetch).await.ok();
    (keys.map(|keys| !keys.lack_key_of(token)), asked)
}

#[tokio::test]
async fn known_keys_are_used_for_an_hour() {
    let cache = CachedKeys::default();
    assert_eq!(ask(&cache, &named("a"), 0, set(&["a"])).await, (Some(true), true));
    assert_eq!(ask(&cache, &named("a"), 3_599, set(&[])).await, (Some(true), false));
    assert_eq!(ask(&cache, &named("a"), 3_600, set(&["b"])).await, (Some(false), true));
}

#[tokio::test]
async fn an_unknown_key_makes_it_ask_once_in_thirty_seconds() {
    let cache = CachedKeys::default();
    assert_eq!(ask(&cache, &named("b"), 0, set(&["a"])).await, (Some(false), true));
    for (kid, second) in [("b", 0), ("c", 1), ("d", 29)] {
        assert_eq!(ask(&cache, &named(kid), second, set(&["d"])).await, (Some(false), false));
    }
    assert_eq!(ask(&cache, &named("d"), 30, set(&["d"])).await, (Some(true), true));
    assert_eq!(ask(&cache, &named("e"), 59, set(&["e"])).await, (Some(false), false));
}

#[tokio::test]
async fn what_no_key_can_help_never_makes_it_ask_again() {
    let cache = CachedKeys::default();
    ask(&cache, &named("a"), 0, set(&["a"])).await;
    let none = token(&json!({ "alg": "none", "kid": "x" }));
    let shared = token(&json!({ "alg": "HS256", "kid": "x" }));
    for token in [none.as_str(), shared.as_str(), "", "a.b.c"] {
        assert!(!ask(&cache, token, 3_000, silent()).await.1, "{token}");
    }
}

#[tokio::test]
async fn a_silent_server_is_bridged_for_a_day_and_asked_now_and_then() {
    let cache = CachedKeys::default();
    let known = named("a");
    assert_eq!(ask(&cache, &known, 0, silent()).await, (None, true));
    assert_eq!(ask(&cache, &known, 1, set(&["a"])).await, (Some(true), true));
    assert_eq!(ask(&cache, &known, 4_000, silent()).await, (Some(true), true));
    assert_eq!(ask(&cache, &known, 4_029, silent()).await, (Some(true), false));
    assert_eq!(ask(&cache, &named("b"), 4_029, silent()).await, (Some(false), false));
    assert_eq!(ask(&cache, &known, 4_030, silent()).await, (Some(true), true));
    let day = 24 * 3_600;
    assert_eq!(ask(&cache, &known, day, silent()).await, (Some(true), true));
    assert_eq!(ask(&cache, &known, day + 1, silent()).await, (None, true));
}

#[tokio::test]
async fn nobody_waits_for_an_unknown_key_of_somebody_else() {
    let cache = CachedKeys::default();
    ask(&cache, &named("a"), 0, set(&["a"])).await;
    let (known, unknown) = (named("a"), named("b"));
    let later = UNIX_EPOCH + Duration::from_secs(1_000_100);
    let hanging = cache.of(&unknown, later, None, std::future::pending());
    let others = async {
        assert_eq!(ask(&cache, &known, 100, silent()).await, (Some(true), false));
        // Also when the keys are so old that it would ask itself.
        assert_eq!(ask(&cache, &known, 4_000, silent()).await, (Some(true), false));
    };
    tokio::select! {
        biased;
        _ = hanging => panic!("nobody answered"),
        () = others => {}
    }
}
