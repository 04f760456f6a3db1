//! A disk that is full: writes are refused, reads go on, and it mends itself.

use crate::database::{Database, Engine};
use crate::process::{self, Process};
use crate::raw::Raw;
use keystead_authing::v3::users::{CreateUser, GetUser};
use serde_json::json;
use std::process::Command;

#[tokio::test]
async fn attack_57_a_full_disk_refuses_writes_keeps_reading_and_recovers() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(Engine::Sqlite));
    let data = folder.path().join("data");
    // The log fills the same disk: it begins with more than the limit allows.
    let log_file = folder.path().join("log");
    std::fs::write(&log_file, "x".repeat(5_000)).unwrap();
    let log = std::fs::File::options().append(true).open(&log_file).unwrap();
    let process = Process::start_logging(&data, &database, log);
    let admin = process.keys().admin();
    let made = admin.create_user(&user("before")).await.unwrap();
    // No file may be written beyond this size: neither the database's nor that of the log.
    limit(&process, "4096");
    let url = format!("{}/api/v3/create-user", process.keys().url);
    for n in 0..5 {
        let body = json!({"username": format!("refused-{n}")}).to_string();
        let answer = Raw::post(&url, body).signed(&process.keys()).send().await;
        let said = answer.json();
        assert_eq!((answer.status, &said["statusCode"]), (200, &json!(503)), "{said}");
        let got = admin.get_user(&GetUser::by_id(made.user_id.as_str())).await;
        assert_eq!(got.unwrap().user_id, made.user_id, "reads go on");
    }
    let jwks = format!("{}/oidc/.well-known/jwks.json", process.keys().url);
    assert_eq!(Raw::get(&jwks).send().await.status, 200);
    limit(&process, "unlimited");
    let mut recovered = None;
    for _ in 0..50 {
        match admin.create_user(&user("after")).await {
            Ok(user) => {
                recovered = Some(user);
                break;
            }
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
        }
    }
    let after = recovered.expect("it writes again once there is room").user_id;
    process.kill();
    let again = Process::start(&data, &database);
    let admin = again.keys().admin();
    for id in [made.user_id, after] {
        assert_eq!(admin.get_user(&GetUser::by_id(id.as_str())).await.unwrap().user_id, id);
    }
    let db = rusqlite::Connection::open(process::file(&data)).unwrap();
    let count = "SELECT COUNT(*) FROM users WHERE username LIKE 'refused-%'";
    let refused: i64 = db.query_row(count, [], |row| row.get(0)).unwrap();
    assert_eq!(refused, 0, "what was refused is not there");
}

fn user(name: &str) -> CreateUser {
    CreateUser { username: Some(name.into()), ..CreateUser::default() }
}

fn limit(process: &Process, bytes: &str) {
    let status = Command::new("prlimit")
        .args(["--pid", &process.id().to_string(), &format!("--fsize={bytes}:unlimited")])
        .status()
        .unwrap();
    assert!(status.success());
}
