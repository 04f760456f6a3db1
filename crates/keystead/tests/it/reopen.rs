//! Data folders of earlier and later days.

use crate::actors::Keys;
use crate::database::{Database, Engine};
use crate::on_both;
use crate::process::{file, refusal};
use crate::server::{Options, Running};
use keystead_authing::v3::users::{CreateUser, GetUser};
use std::path::Path;

on_both!(an_old_folder_opens_again, a_new_folder_on_an_old_database_gets_new_passwords);

fn start(data: &Path, database: &Database) -> Running {
    let variables = database.variables();
    Running::start(Options { dev: true, seed: None, data: data.to_owned(), variables }).unwrap()
}

async fn an_old_folder_opens_again(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let first = start(folder.path(), &database);
    let new = CreateUser { username: Some("kept".into()), ..CreateUser::default() };
    let made = Keys::of_dev(&first.dev).admin().create_user(&new).await.unwrap();
    let before = first.dev.clone();
    drop(first);
    let second = start(folder.path(), &database);
    let addresses = ["http_url", "https_url", "app_host", "redirect_uri", "outbox_url"];
    for (key, value) in before.as_object().unwrap() {
        assert!(addresses.contains(&key.as_str()) || second.dev[key] == *value, "{key}");
    }
    let admin = Keys::of_dev(&second.dev).admin();
    let got = admin.get_user(&GetUser::by_id(made.user_id.as_str())).await;
    assert_eq!(got.unwrap().user_id, made.user_id);
}

async fn a_new_folder_on_an_old_database_gets_new_passwords(engine: Engine) {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let database = Database::new(engine);
    let first = start(old.path(), &database);
    let before = first.dev.clone();
    drop(first);
    if engine == Engine::Sqlite {
        for name in ["keystead.db", "master.key"] {
            std::fs::copy(old.path().join(name), new.path().join(name)).unwrap();
        }
    }
    let second = start(new.path(), &database);
    for (key, same) in [
        ("user_pool_id", true),
        ("user_pool_secret", true),
        ("user_id", true),
        ("user_password", false),
        ("app_secret", false),
    ] {
        assert_eq!(second.dev[key] == before[key], same, "{key}");
    }
    let body = |password: &str| {
        serde_json::json!({
            "client_id": second.dev["app_id"], "client_secret": second.dev["app_secret"],
            "connection": "PASSWORD",
            "passwordPayload": {"email": second.dev["user_email"], "password": password}})
    };
    let url = format!("{}/api/v3/signin", second.dev["http_url"].as_str().unwrap());
    for (dev, status) in [(&before, 403), (&second.dev, 200)] {
        let body = body(dev["user_password"].as_str().unwrap()).to_string();
        let said = crate::raw::Raw::post(&url, body).send().await.json();
        assert_eq!(said["statusCode"], status, "{said}");
    }
}

#[test]
fn attack_56_a_newer_database_is_refused_in_one_sentence() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(Engine::Sqlite));
    drop(start(folder.path(), &database));
    let db = rusqlite::Connection::open(file(folder.path())).unwrap();
    let newer = "INSERT INTO schema_migrations VALUES (9999, '9.9.9', 0)";
    db.execute(newer, []).unwrap();
    drop(db);
    let (status, said) = refusal(folder.path(), &database);
    assert_eq!(status.code(), Some(1));
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    for part in ["9999", "9.9.9", env!("CARGO_PKG_VERSION"), "newer"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_folder_in_use_is_refused_in_one_sentence() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(Engine::Sqlite));
    let _running = start(folder.path(), &database);
    let (status, said) = refusal(folder.path(), &database);
    assert_eq!(status.code(), Some(1));
    assert!(said.contains("Another Keystead server"), "{said}");
}
