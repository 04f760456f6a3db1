//! Messages through gateways that are slow, refuse, or see the server die.

use crate::actors::Keys;
use crate::database::{Database, Engine};
use crate::gateway::{Http, Mail, Mode, Smtp, distrusted};
use crate::on_both;
use crate::process::{Process, keystead};
use crate::raw::Raw;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

on_both!(
    attack_61_a_slow_mail_server_delays_no_answer,
    attack_55_a_kill_sends_the_same_mail_again,
    attack_61_mail_servers_that_fail_get_it_again,
    attack_61_what_is_refused_is_kept,
    attack_61_a_certificate_that_nobody_believes_gets_no_mail,
    a_text_message_is_posted_until_it_is_taken,
    a_text_message_is_posted_until_the_answer_says_so,
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
    start_with(data, database, smtp, ("60", "1, 1, 1"))
}

/// Starts a server that gives a try up after so many seconds, and waits so many between two.
fn start_with(
    data: &Path,
    database: &Database,
    smtp: &Smtp,
    (timeout_s, retry_s): (&str, &str),
) -> Process {
    let url = format!("smtp://127.0.0.1:{}", smtp.port);
    let variables = [
        ("KEYSTEAD_SMTP_URL", url.as_str()),
        ("KEYSTEAD_SMTP_FROM", "no-reply@larkfield.example"),
        ("KEYSTEAD_MESSAGES_TIMEOUT_S", timeout_s),
        ("KEYSTEAD_MESSAGES_RETRY_S", retry_s),
    ];
    Process::start_with(data, database, &variables)
}

/// Moves the clock.
async fn move_to(server: &Process, offset_s: i64) {
    let clock = format!("{}/dev/clock", server.keys().url);
    let moved = Raw::post(&clock, json!({ "offset_s": offset_s }).to_string()).send().await;
    assert_eq!(moved.status, 200);
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

async fn attack_61_mail_servers_that_fail_get_it_again(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let smtp = Smtp::start(Mode::Take);
    let server = start_with(&data, &database, &smtp, ("3", "60, 60, 60, 60"));
    let keys = server.keys();
    let failing = [
        ("mute@a.example", Mode::Mute),
        ("drip@a.example", Mode::Drip),
        ("hung-up@a.example", Mode::HangUp),
        ("later@a.example", Mode::Recipient("451 4.7.1 greylisted\r\n")),
        ("closed@a.example", Mode::TakeAndClose),
    ];
    let mut mails: Vec<Mail> = Vec::new();
    for (n, (to, mode)) in failing.into_iter().enumerate() {
        smtp.turn(mode);
        assert_eq!(send_email(&keys, to).await, 200);
        // It may be that the first ones came once more by now.
        until(async || (smtp.met() > n).then_some(())).await;
    }
    smtp.turn(Mode::Take);
    assert_eq!(send_email(&keys, "beside@a.example").await, 200);
    let mut tries = 0;
    let all = failing.len() + 1;
    while mails.iter().filter(|mail| mail.whole).count() < all {
        if let Some(mail) = smtp.try_next(Duration::from_secs(5)) {
            mails.push(mail);
            continue;
        }
        let beside = mails.iter().any(|mail| mail.to.contains("beside"));
        assert!(beside, "it is not held up by the others: {mails:?}");
        tries += 1;
        assert!(tries < 9, "{mails:?}");
        move_to(&server, tries * 60).await;
    }
    // Once more after everything: what was taken is not sent again.
    move_to(&server, (tries + 2) * 60).await;
    mails.extend(smtp.try_next(Duration::from_secs(3)));
    for (to, mode) in failing {
        let own: Vec<_> = mails.iter().filter(|mail| mail.to.contains(to)).collect();
        assert_eq!(own.iter().filter(|mail| mail.whole).count(), 1, "{to}: {own:?}");
        let ids = own.iter().map(|mail| &mail.id).filter(|id| !id.is_empty());
        let ids: std::collections::BTreeSet<_> = ids.collect();
        assert_eq!(ids.len(), 1, "{to}: one Message-ID at every try");
        if matches!(mode, Mode::HangUp | Mode::Recipient(_)) {
            assert!(own.len() > 1, "{to} failed first");
        }
    }
    let dead = keystead(&["messages", "dead"], &data, &database, "").json();
    assert_eq!(dead, json!({"list": []}));
}

async fn attack_61_what_is_refused_is_kept(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let smtp = Smtp::start(Mode::Recipient("550 5.1.1 <none@a.example> is nobody\r\n"));
    let server = start_with(&data, &database, &smtp, ("60", "60, 60"));
    let dead = || keystead(&["messages", "dead"], &data, &database, "").json();
    assert_eq!(send_email(&server.keys(), "none@a.example").await, 200);
    let first = until(async || dead()["list"].get(0).cloned()).await;
    assert_eq!(first["attempts"], 1, "no other try ends otherwise");
    assert!(smtp.next().to.contains("none@a.example"));

    smtp.turn(Mode::Recipient("450 4.2.2 <full@a.example> is full\r\n"));
    assert_eq!(send_email(&server.keys(), "full@a.example").await, 200);
    let (mut moved, mut tries) = (0, 0);
    let second = until(async || {
        if smtp.try_next(Duration::from_secs(1)).is_some() {
            tries += 1;
        } else {
            moved += 60;
            move_to(&server, moved).await;
        }
        dead()["list"].get(1).cloned()
    })
    .await;
    assert_eq!(second["attempts"], 3);
    while smtp.try_next(Duration::from_secs(1)).is_some() {
        tries += 1;
    }
    assert_eq!(tries, 3, "what is dead is tried no more");
    for (dead, why) in [(first, "5.1.1"), (second, "4.2.2")] {
        let said = dead["last_error"].as_str().unwrap();
        assert!(said.contains(why) && !said.contains("@a.example"), "{said}");
    }
}

async fn attack_61_a_certificate_that_nobody_believes_gets_no_mail(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let (port, lines) = distrusted();
    let url = format!("smtps://user:hunter2@localhost:{port}");
    let variables = [
        ("KEYSTEAD_SMTP_URL", url.as_str()),
        ("KEYSTEAD_SMTP_FROM", "no-reply@larkfield.example"),
        ("KEYSTEAD_MESSAGES_RETRY_S", "1"),
    ];
    let server = Process::start_with(&data, &database, &variables);
    assert_eq!(send_email(&server.keys(), "one@a.example").await, 200);
    let dead = || keystead(&["messages", "dead"], &data, &database, "").json();
    let dead = until(async || dead()["list"].get(0).cloned()).await;
    assert_eq!(dead["attempts"], 2, "it might have been repaired");
    let why = dead["last_error"].as_str().unwrap().to_lowercase();
    assert!(why.contains("certificate") && !why.contains("hunter2"), "{why}");
    let said: Vec<_> = lines.try_iter().collect();
    assert!(said.iter().all(String::is_empty) && said.len() >= 2, "{said:?}");
}

async fn a_text_message_is_posted_until_the_answer_says_so(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let gateway = Http::start(&[
        (200, r#"{"code":"15","message":"+8613812345678 has no credit"}"#),
        (200, "<html>"),
        (503, r#"{"code":0}"#),
        (200, r#"{"code":0}"#),
    ]);
    let url = format!("http://127.0.0.1:{}/send", gateway.port);
    let variables = [
        ("KEYSTEAD_SMS_URL", url.as_str()),
        ("KEYSTEAD_SMS_SUCCESS", "/code=0"),
        ("KEYSTEAD_OUTBOUND_ALLOW", "127.0.0.1"),
        ("KEYSTEAD_MESSAGES_RETRY_S", "1"),
    ];
    let server = Process::start_with(&data, &database, &variables);
    let body = json!({"channel": "CHANNEL_LOGIN", "phoneNumber": "13812345678",
        "phoneCountryCode": "+86"});
    assert_eq!(send(&server.keys(), "send-sms", body).await, 200);
    let calls = [gateway.next(), gateway.next()];
    let run = |words: &[&str]| keystead(words, &data, &database, "");
    let dead = until(async || run(&["messages", "dead"]).json()["list"].get(0).cloned()).await;
    assert_eq!((&dead["attempts"], calls[0].json()), (&json!(2), calls[1].json()));
    assert!(dead["last_error"].as_str().unwrap().contains("no JSON"), "{dead}");
    assert_eq!(run(&["messages", "replay", "--all"]).json(), json!({"replayed": 1}));
    let calls = [gateway.next(), gateway.next()];
    assert_eq!(calls[0].json(), calls[1].json());
    let outbox = server.dev["outbox_url"].as_str().unwrap();
    until(async || Raw::get(outbox).send().await.json().get(0).cloned()).await;
    assert_eq!(run(&["messages", "dead"]).json(), json!({"list": []}));
}

async fn a_text_message_is_posted_until_it_is_taken(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let gateway = Http::start(&[(500, ""), (302, ""), (200, "")]);
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
