//! Backups under load, and what a restore takes and refuses.

use crate::actors::Keys;
use crate::database::{Database, Engine};
use crate::process::{Process, Said, file, keystead, spawn};
use keystead_authing::ManagementClient;
use keystead_authing::v3::signin::{PasswordPayload, SignInByCredentials};
use keystead_authing::v3::users::{CreateUser, GetUser};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const PASSWORD: &str = "correct horse 61";
const EMAIL: &str = "kept@a.example";
const PHRASE: &str = "open sesame, please";

fn sqlite() -> Database {
    Database::new(Engine::Sqlite)
}

/// Runs a command with the passphrase as its input.
fn run(data: &Path, words: &[&str]) -> Said {
    keystead(words, data, &sqlite(), &format!("{PHRASE}\n"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder with a user and an application of its own; answers the application's keys.
fn filled(data: &Path) -> Keys {
    let server = Process::start(data, &sqlite());
    let user = ["user", "create", "--email", EMAIL];
    keystead(&user, data, &sqlite(), PASSWORD).json();
    let app = run(data, &["app", "create", "Own"]).json();
    Keys {
        app_id: app["id"].as_str().unwrap().into(),
        app_secret: app["secret"].as_str().unwrap().into(),
        ..server.keys()
    }
}

/// Whether the user signs in to a server on this folder.
async fn signs_in(data: &Path, keys: &Keys) -> bool {
    let server = Process::start(data, &sqlite());
    let keys = Keys { url: server.keys().url, ..keys.clone() };
    let payload = PasswordPayload {
        password: PASSWORD.into(),
        email: Some(EMAIL.into()),
        ..PasswordPayload::default()
    };
    keys.anonymous().call(&SignInByCredentials::password(payload)).await.is_ok()
}

/// Creates users until told to stop; the ids of those that were acknowledged.
async fn write(admin: ManagementClient, writer: u32, stop: Arc<AtomicBool>) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let username = Some(format!("w{writer}-{n}"));
        let user = CreateUser { username, ..CreateUser::default() };
        ids.push(admin.create_user(&user).await.unwrap().user_id);
    }
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_62_a_backup_under_load_is_restored_into_an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (data, empty) = (folder.path().join("data"), folder.path().join("empty"));
    let archive = folder.path().join("one.backup");
    let keys = filled(&data);
    let server = Process::start(&data, &sqlite());
    let admin = server.keys().admin();
    let mut before = Vec::new();
    for n in 0..20 {
        let username = Some(format!("before{n}"));
        let user = CreateUser { username, ..CreateUser::default() };
        before.push(admin.create_user(&user).await.unwrap().user_id);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> =
        (0..2).map(|n| tokio::spawn(write(admin.clone(), n, stop.clone()))).collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let made = run(&data, &["backup", text(&archive), "--with-key"]).json();
    stop.store(true, Ordering::Relaxed);
    let mut written = 0;
    for writer in writers {
        written += writer.await.unwrap().len();
    }
    assert!(written > 0, "nothing was written meanwhile");
    assert_eq!(made["master_key"], true);
    let mode = std::fs::metadata(&archive).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(made["bytes"], std::fs::metadata(&archive).unwrap().len());
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    // A running server keeps its folder.
    let said = run(&data, &["restore", text(&archive), "--force"]);
    assert!(said.refusal().contains("Another Keystead server"), "{}", said.err);
    drop(server);

    let wrong = keystead(&["restore", text(&archive)], &empty, &sqlite(), "open barley\n");
    assert!(wrong.refusal().contains("passphrase"), "{}", wrong.err);
    assert!(!file(&empty).exists());
    let done = run(&empty, &["restore", text(&archive)]).json();
    assert_eq!(done["missing_master_keys"], serde_json::json!([]));
    let key = std::fs::metadata(empty.join("master.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert!(signs_in(&empty, &keys).await);
    let restored = Process::start(&empty, &sqlite());
    let admin = restored.keys().admin();
    for id in before {
        admin.get_user(&GetUser::by_id(id.as_str())).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_62_dirty_folders_are_refused_unless_forced() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let archive = folder.path().join("one.backup");
    let keys = filled(&data);
    let words = ["backup", text(&archive)];
    let made = run(&data, &words);
    assert!(made.err.contains("has no master key"), "{}", made.err);
    made.json();
    let again = run(&data, &words);
    assert!(again.refusal().contains("exists already"), "{}", again.err);
    let nowhere = run(&folder.path().join("nowhere"), &["backup", text(&other)]);
    assert!(nowhere.refusal().contains("There is no Keystead database"), "{}", nowhere.err);

    filled(&other);
    let kept = std::fs::read(file(&other)).unwrap();
    let dirty = run(&other, &["restore", text(&archive)]);
    assert!(dirty.refusal().contains("is not empty"), "{}", dirty.err);
    assert!(dirty.err.contains("--force"), "{}", dirty.err);
    assert_eq!(std::fs::read(file(&other)).unwrap(), kept);

    // Its key is not the archive's: said, not guessed.
    let forced = run(&other, &["restore", text(&archive), "--force"]);
    assert!(forced.err.contains("needs master key"), "{}", forced.err);
    let forced = forced.json();
    assert_eq!(forced["missing_master_keys"].as_array().unwrap().len(), 1);
    let aside = Path::new(forced["moved_aside"].as_str().unwrap());
    assert_eq!(std::fs::read(file(aside)).unwrap(), kept);
    std::fs::copy(data.join("master.key"), other.join("master.key")).unwrap();
    assert!(signs_in(&other, &keys).await);
    // The old state, too, is one command away from being the new one.
    run(&other, &["backup", text(&folder.path().join("two.backup"))]);

    let newer = rusqlite::Connection::open(file(&data)).unwrap();
    newer.execute("INSERT INTO schema_migrations VALUES (9999, '9.9.9', 0)", []).unwrap();
    drop(newer);
    let refused = run(&data, &["backup", text(&folder.path().join("three.backup"))]);
    assert!(refused.err.contains("9999"), "{}", refused.err);
    assert!(!folder.path().join("three.backup").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_archives_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, target) = (folder.path().join("data"), folder.path().join("target"));
    let archive = folder.path().join("one.backup");
    filled(&data);
    run(&data, &["backup", text(&archive)]).json();
    let good = std::fs::read(&archive).unwrap();
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    let header = String::from_utf8_lossy(&good[..300]).replacen("\"version\":", "\"version\":9", 1);
    for (bytes, part) in [
        (flipped, "damaged"),
        (good[..good.len() - 100].to_vec(), "cut off"),
        (b"SQLite format 3\0 and more".to_vec(), "no archive"),
        ([header.as_bytes(), &good[300..]].concat(), "knows versions up to"),
    ] {
        std::fs::write(&archive, bytes).unwrap();
        let said = run(&target, &["restore", text(&archive)]);
        assert!(said.refusal().contains(part), "{part}: {}", said.err);
        assert!(!file(&target).exists());
        assert!(!target.join("restore.growing").exists());
    }
    std::fs::write(&archive, good).unwrap();
    run(&target, &["restore", text(&archive)]).json();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_in_the_middle_leaves_no_half_archive_and_no_half_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (data, target) = (folder.path().join("data"), folder.path().join("target"));
    let keys = filled(&data);
    let mut whole = 0;
    for round in 0..12 {
        let archive = folder.path().join(format!("{round}.backup"));
        let mut child = spawn(&["backup", text(&archive)], &data, &sqlite());
        tokio::time::sleep(Duration::from_millis(5 * round)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        if archive.exists() {
            whole += 1;
            let target = folder.path().join(format!("{round}"));
            run(&target, &["restore", text(&archive)]).json();
        } else {
            // What a killed one left is in nobody's way.
            run(&data, &["backup", text(&archive)]).json();
        }
    }
    assert!(whole < 12, "every one was faster than its kill");
    let archive = folder.path().join("0.backup");
    for round in 0..8 {
        let words = ["restore", text(&archive), "--force"];
        let mut child = spawn(&words, &target, &sqlite());
        tokio::time::sleep(Duration::from_millis(4 * round)).await;
        child.kill().unwrap();
        child.wait().unwrap();
    }
    if target.join("restore.unfinished").exists() {
        let said = run(&target, &["pool", "list"]);
        assert!(said.refusal().contains("began and did not end"), "{}", said.err);
    }
    run(&target, &["restore", text(&archive), "--force"]).json();
    std::fs::copy(data.join("master.key"), target.join("master.key")).unwrap();
    assert!(signs_in(&target, &keys).await);
}

#[test]
fn postgres_is_left_to_its_own_tools() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(Engine::Postgres));
    let archive = folder.path().join("one.backup");
    for (verb, tool) in [("backup", "pg_dump"), ("restore", "pg_restore")] {
        let said = keystead(&[verb, text(&archive)], folder.path(), &database, "");
        assert!(said.refusal().contains(tool), "{}", said.err);
    }
    assert!(!archive.exists());
}
