//! Messages through gateways that are slow, refuse, or see the server die.

use crate::actors::Keys;
use crate::database::{Database, Engine};
use crate::gateway::{Http, Mode, Smtp};
use crate::on_both;
use crate::process::{Process, keystead};
use crate::raw::Raw;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

on_both!(
    attack_61_a_slow_mail_server_delays_no_answer,
    attack_55_a_kill_sends_the_same_mail_again,
    a_text_message_is_posted_until_it_is_taken,
    a_dead_letter_is_listed_and_replayed_by_command,
);

/// Asks for a code; answers the envelope's status.
async fn send(keys: &Keys, way: &str, body: Value) -> Value {
    let url = format!("{}/api/v3/{way}", keys.url);
    let call = Raw::post(&url, body.to_string()).header("x-authing-app-id", &keys.app_id);
    call.send().await.json()["statusCode"].clone()
}

async fn send_email(keys: &Keys, to: &str) -> Value {
    send(keys, "send-email", json!({"channel": "CHANNEL_LOGIN", "email": to})).await
}

fn start(data: &Path, database: &Database, smtp: &Smtp) -> Process {
    let url = format!("smtp://127.0.0.1:{}", smtp.port);
    let variables = [
        ("KEYSTEAD_SMTP_URL", url.as_str()),
        ("KEYSTEAD_SMTP_FROM", "no-reply@larkfield.example"),
        ("KEYSTEAD_MESSAGES_RETRY_S", "1, 1, 1"),
    ];
    Process::start_with(data, database, &variables)
}

async fn attack_61_a_slow_mail_server_delays_no_answer(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let smtp = Smtp::start(Mode::Hold);
    let server = start(&folder.path().join("data"), &database, &smtp);
    let keys = server.keys();
    assert_eq!(send_email(&keys, "one@a.example").await, 200);
    let held = smtp.next();
    // The gateway still holds the first one's connection when the second has its answer.
    assert_eq!(send_email(&keys, "two@a.example").await, 200);
    assert_eq!(smtp.ended(), 0);
    let outbox = server.dev["outbox_url"].as_str().unwrap();
    assert_eq!(Raw::get(outbox).send().await.json(), json!([]), "nothing was taken yet");
    smtp.turn(Mode::Take);
    let code = held.subject.split(' ').next().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()), "{}", held.subject);
    let text = until(async || {
        let list = Raw::get(outbox).send().await.json();
        (list.as_array().map(Vec::len) == Some(2)).then_some(list)
    })
    .await;
    let first = text.as_array().unwrap().iter().find(|m| m["to"] == "one@a.example").unwrap();
    assert!(held.id.contains(first["id"].as_str().unwrap()), "{} {first}", held.id);
}

async fn attack_55_a_kill_sends_the_same_mail_again(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let smtp = Smtp::start(Mode::Hold);
    let server = start(&data, &database, &smtp);
    assert_eq!(send_email(&server.keys(), "one@a.example").await, 200);
    let first = smtp.next();
    server.kill();
    smtp.turn(Mode::Take);
    let server = start(&data, &database, &smtp);
    let second = smtp.next();
    assert_eq!((&first.id, &first.to), (&second.id, &second.to));
    assert_eq!(first.data, second.data, "the same bytes");
    // What was taken is not sent a third time, by another start neither.
    let outbox = server.dev["outbox_url"].as_str().unwrap().to_owned();
    until(async || {
        let list = Raw::get(&outbox).send().await.json();
        (list.as_array().map(Vec::len) == Some(1)).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    server.kill();
    let _server = start(&data, &database, &smtp);
    assert!(smtp.try_next(Duration::from_secs(3)).is_none());
}

async fn a_text_message_is_posted_until_it_is_taken(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let gateway = Http::start(&[500, 302, 200]);
    let url = format!("http://127.0.0.1:{}/send?key=hunter2", gateway.port);
    let variables = [
        ("KEYSTEAD_SMS_URL", url.as_str()),
        ("KEYSTEAD_SMS_HEADERS", "Authorization: Bearer s3cret\nX-Account: 7"),
        ("KEYSTEAD_SMS_BODY", r#"{"numbers":["{to}"],"message":{"text":"{text}","id":"{id}"}}"#),
        ("KEYSTEAD_OUTBOUND_ALLOW", "127.0.0.1"),
        ("KEYSTEAD_MESSAGES_RETRY_S", "1, 1, 1"),
    ];
    let server = Process::start_with(&folder.path().join("data"), &database, &variables);
    let body = json!({"channel": "CHANNEL_LOGIN", "phoneNumber": "13812345678",
        "phoneCountryCode": "+86"});
    assert_eq!(send(&server.keys(), "send-sms", body).await, 200);
    let calls = [gateway.next(), gateway.next(), gateway.next()];
    for call in &calls {
        assert!(call.head.starts_with("POST /send?key=hunter2 "), "{}", call.head);
        assert!(call.head.to_lowercase().contains("authorization: bearer s3cret"));
        assert_eq!(call.json(), calls[0].json(), "the same at every try");
    }
    let sent = calls[0].json();
    assert_eq!(sent["numbers"], json!(["+8613812345678"]));
    let outbox = server.dev["outbox_url"].as_str().unwrap();
    let taken = until(async || Raw::get(outbox).send().await.json().get(0).cloned()).await;
    assert_eq!((&taken["text"], &taken["id"]), (&sent["message"]["text"], &sent["message"]["id"]));
    assert!(sent["message"]["text"].as_str().unwrap().starts_with(taken["code"].as_str().unwrap()));
}

async fn a_dead_letter_is_listed_and_replayed_by_command(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let smtp = Smtp::start(Mode::Refuse);
    let server = start(&data, &database, &smtp);
    let run = |words: &[&str]| keystead(words, &data, &database, "");
    assert_eq!(send_email(&server.keys(), "one@a.example").await, 200);
    let refused = smtp.next();
    let dead = until(async || run(&["messages", "dead"]).json()["list"].get(0).cloned()).await;
    assert_eq!((&dead["event"], &dead["attempts"]), (&json!("message.signin_code"), &json!(1)));
    let why = dead["last_error"].as_str().unwrap();
    assert!(why.contains("no such mailbox") && !why.contains("one@a.example"), "{why}");
    let id = dead["id"].as_str().unwrap();
    assert!(run(&["messages", "replay", "0192aabbccdd112233445566"]).refusal().contains("id"));
    assert!(run(&["messages", "dead", "--limit", "51"]).refusal().contains("limit"));
    smtp.turn(Mode::Take);
    assert_eq!(run(&["messages", "replay", id]).json(), json!({"replayed": 1}));
    assert_eq!(smtp.next().id, refused.id);
    assert_eq!(run(&["messages", "dead"]).json(), json!({"list": []}));
    assert_eq!(run(&["messages", "replay", "--all"]).json(), json!({"replayed": 0}));
}

/// Waits for something that must come.
async fn until<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..300 {
        if let Some(found) = ask().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it did not come within 30 seconds");
}
