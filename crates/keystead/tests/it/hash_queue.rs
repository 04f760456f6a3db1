//! More sign-ins than there are threads to hash: the rest is told to come back, nothing else waits.

use crate::database::{Database, Engine};
use crate::on_both;
use crate::process::{Process, keystead};
use crate::raw::Raw;
use futures_util::future::join_all;
use serde_json::{Value, json};

on_both!(attack_54_more_sign_ins_than_hashing_threads);

const SIGN_INS: usize = 200;

async fn attack_54_more_sign_ins_than_hashing_threads(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let variables = [("KEYSTEAD_HASH_THREADS", "1"), ("KEYSTEAD_HASH_QUEUE_S", "1")];
    let server = Process::start_with(&data, &database, &variables);
    let set = ["pool", "set", "main", "ip_tries=1000000", "account_tries=100000"];
    assert_eq!(keystead(&set, &data, &database, "").code, 0);
    let keys = server.keys();
    let dev = |key: &str| server.dev[key].as_str().unwrap();
    let body = json!({"client_id": keys.app_id, "client_secret": keys.app_secret,
        "connection": "PASSWORD", "passwordPayload": {
            "email": dev("user_email"), "password": dev("user_password")}});
    let url = format!("{}/api/v3/signin", keys.url);
    let sign_in = Raw::post(&url, body.to_string());
    let first = sign_in.send().await.json();
    let bearer = format!("Bearer {}", first["data"]["access_token"].as_str().unwrap());

    let burst = join_all((0..SIGN_INS).map(|_| sign_in.send()));
    let beside = async {
        for path in ["/oidc/.well-known/jwks.json", "/health/live", "/health/ready", "/oidc/me"] {
            let request = Raw::get(&format!("{}{path}", keys.url));
            let answer = request.header("authorization", &bearer).send().await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        }
    };
    let (burst, ()) = tokio::join!(burst, beside);
    let status = |said: &Value| said["statusCode"].as_u64().unwrap();
    for answer in &burst {
        let said = answer.json();
        assert!(matches!(status(&said), 200 | 503), "{said}");
        assert!(status(&said) == 200 || !answer.header("retry-after").is_empty(), "{said}");
    }
    let done = burst.iter().filter(|answer| status(&answer.json()) == 200).count();
    assert!((1..SIGN_INS).contains(&done), "{done} of {SIGN_INS} had a turn");
    assert_eq!(status(&sign_in.send().await.json()), 200, "afterwards there is room again");
}
