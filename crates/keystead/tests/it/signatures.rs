//! Signed management requests: replayed, late, forged.

use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::TestServer;
use serde_json::json;
use std::time::{Duration, SystemTime};

on_both!(
    attack_40_a_request_counts_once,
    attack_40_a_forged_or_late_signature_counts_for_nothing,
    a_double_slash_is_one
);

async fn attack_40_a_request_counts_once(engine: Engine) {
    let server = TestServer::shared(engine);
    let url = format!("{}/api/v3/create-user", server.url());
    let write = Raw::post(&url, json!({"username": "replayed"}).to_string()).signed(&server.keys());
    let url = format!("{}/api/v3/get-user?userId={}", server.url(), server.dev("user_id"));
    let read = Raw::get(&url).signed(&server.keys());
    for request in [write, read] {
        let first = request.send().await.json();
        assert_eq!(first["statusCode"], 200, "{first}");
        for _ in 0..2 {
            let again = request.send().await;
            assert_eq!((again.status, &again.json()["apiCode"]), (200, &json!(1306)));
        }
    }
}

async fn attack_40_a_forged_or_late_signature_counts_for_nothing(engine: Engine) {
    let server = TestServer::shared(engine);
    let (keys, now) = (server.keys(), now());
    let url = format!("{}/api/v3/create-user", server.url());
    let body = || json!({"username": "forged"}).to_string();
    let post = || Raw::post(&url, body());
    let mut wrong = keys.clone();
    wrong.access_key_secret.push('x');
    let mut unknown = keys.clone();
    unknown.access_key_id = "000000000000000000000000".into();
    let mut crossed = keys.clone();
    crossed.access_key_id = server.other().access_key_id;
    let hour = Duration::from_secs(3_600);
    for (what, request, code) in [
        ("no signature", post(), 1300),
        ("wrong secret", post().signed(&wrong), 1300),
        ("unknown key", post().signed(&unknown), 1300),
        ("key of the other pool, secret of this", post().signed(&crossed), 1300),
        ("an hour late", post().signed_at(&keys, now - hour), 1305),
        ("an hour early", post().signed_at(&keys, now + hour), 1305),
        ("other date", post().signed(&keys).header("date", "yesterday"), 1303),
        ("other method", post().signed(&keys).header("x-authing-signature-method", "X"), 1301),
        ("other version", post().signed(&keys).header("x-authing-signature-version", "9"), 1302),
        ("other nonce", post().signed(&keys).header("x-authing-signature-nonce", "n"), 1300),
    ] {
        let answer = request.send().await;
        let said = answer.json();
        assert_eq!((answer.status, &said["statusCode"]), (200, &json!(401)), "{what}: {said}");
        if what != "no signature" {
            assert_eq!(said["apiCode"], code, "{what}: {said}");
        }
    }
    // The name is still free.
    let said = post().signed(&keys).send().await.json();
    assert_eq!(said["statusCode"], 200, "{said}");
}

async fn a_double_slash_is_one(engine: Engine) {
    let server = TestServer::shared(engine);
    let url = format!("{}//api/v3/get-user?userId={}", server.url(), server.dev("user_id"));
    let said = Raw::get(&url).signed(&server.keys()).send().await.json();
    assert_eq!(said["data"]["userId"], server.dev("user_id"), "{said}");
    let said = Raw::get(&format!("{}//api/v3/system", server.url())).send().await.json();
    assert!(said["rsa"]["publicKey"].is_string(), "{said}");
}

#[expect(clippy::disallowed_methods, reason = "a client of its own has a clock of its own")]
fn now() -> SystemTime {
    SystemTime::now()
}
