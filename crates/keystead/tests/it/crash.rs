//! `kill -9` in the middle of writes: every acknowledged user is there after the next start.

use crate::database::{Database, Engine};
use crate::on_both;
use crate::process::{self, Process};
use keystead_authing::ManagementClient;
use keystead_authing::v3::users::{CreateUser, GetUser, ListUsers};
use std::path::Path;
use std::time::Duration;

on_both!(an_acknowledged_user_survives_a_kill);

const ROUNDS: u64 = 25;
const WRITERS: u64 = 4;

async fn an_acknowledged_user_survives_a_kill(engine: Engine) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Database::new(engine));
    let data = folder.path().join("data");
    let mut process = Process::start(&data, &database);
    let mut acknowledged: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let admin = process.keys().admin();
        let writers: Vec<_> =
            (0..WRITERS).map(|n| tokio::spawn(write(admin.clone(), round, n))).collect();
        // From the first writes of a start into the middle of many.
        tokio::time::sleep(Duration::from_millis(20 + 23 * (round % 9))).await;
        process.kill();
        let mut fresh = Vec::new();
        for writer in writers {
            fresh.extend(writer.await.unwrap());
        }
        process = Process::start(&data, &database);
        if engine == Engine::Sqlite {
            check_integrity(&data);
        }
        let admin = process.keys().admin();
        for id in &fresh {
            let got = admin.get_user(&GetUser::by_id(id.as_str())).await;
            assert_eq!(&got.unwrap_or_else(|e| panic!("round {round}: {e}")).user_id, id);
        }
        acknowledged.append(&mut fresh);
    }
    assert!(acknowledged.len() as u64 > ROUNDS, "only {} were written", acknowledged.len());
    let all = process.keys().admin().list_users(&ListUsers::default()).await.unwrap();
    // What was written without an answer may be there as well; the two of the seed are.
    assert!(all.total_count >= acknowledged.len() as u64 + 2, "{}", all.total_count);
}

/// Creates users until the server is gone; the ids of those it acknowledged.
async fn write(admin: ManagementClient, round: u64, writer: u64) -> Vec<String> {
    let mut ids = Vec::new();
    for n in 0_u64.. {
        let user = CreateUser {
            username: Some(format!("r{round}-{writer}-{n}")),
            email: Some(format!("r{round}-{writer}-{n}@crash.example")),
            ..CreateUser::default()
        };
        match admin.create_user(&user).await {
            Ok(user) => ids.push(user.user_id),
            Err(error) if error.is_business() => panic!("{error}"),
            Err(_) => break,
        }
    }
    ids
}

fn check_integrity(data: &Path) {
    let db = rusqlite::Connection::open(process::file(data)).unwrap();
    let said: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok");
    let broken = db.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap();
    assert!(!broken, "a row points at nothing");
}
