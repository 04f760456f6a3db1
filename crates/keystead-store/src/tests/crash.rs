//! `kill -9`: what was acknowledged is there, nothing is half there.
//!
//! The test starts itself a second time; the child knows its part by an argument, which the test
//! runner takes for one more filter.

use super::place::{Place, add};
use crate::{Db, Target};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// The child's argument: `file:` and the database.
const FILE: &str = "file:";

fn file_of_child() -> Option<PathBuf> {
    std::env::args().find_map(|arg| arg.strip_prefix(FILE).map(PathBuf::from))
}

fn start(test: &str, file: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", test, &format!("{FILE}{}", file.display())])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

/// Writes pairs for ever and tells each one that is acknowledged.
async fn write_for_ever(path: PathBuf) {
    let place = Arc::new(Place::open(Target::Lite { path }).await);
    let tasks = (0..8).map(|task| {
        let place = place.clone();
        tokio::spawn(async move {
            for n in 0_u64.. {
                let pair = format!("{}-{task}-{n}", place.pool);
                let mut tx = place.begin();
                add(&mut tx, place.pool, &format!("{pair}-a")).await.unwrap();
                if n % 7 == 3 {
                    continue;
                }
                add(&mut tx, place.pool, &format!("{pair}-b")).await.unwrap();
                tx.commit().await.unwrap();
                // One write, so that lines of two tasks do not mix.
                std::io::stdout().write_all(format!("done {pair}\n").as_bytes()).unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

#[test]
fn attack_55_a_killed_writer_keeps_its_word() {
    if let Some(path) = file_of_child() {
        return block_on(write_for_ever(path));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystead.db");
    let mut acknowledged = Vec::new();
    for round in 0..4 {
        let mut child = start("tests::crash::attack_55_a_killed_writer_keeps_its_word", &path);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let wanted = acknowledged.len() + 60 + round * 37;
        let done = |line: &String| line.strip_prefix("done ").map(str::to_owned);
        while acknowledged.len() < wanted {
            let line = lines.next().expect("the child ended by itself").unwrap();
            acknowledged.extend(done(&line));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said before it died counts; its last line may be cut off.
        let rest: Vec<String> = lines.map_while(|line| line.ok()).collect();
        let whole = rest.split_last().map_or(&[][..], |(_, whole)| whole);
        acknowledged.extend(whole.iter().filter_map(done));
    }
    let db = block_on(Db::open(Target::Lite { path }, Arc::new(|_| {}))).unwrap();
    let text = "SELECT code FROM namespaces";
    let rows = block_on(db.begin().list::<(String,)>(text, &[])).unwrap();
    let stored: std::collections::HashSet<String> = rows.into_iter().map(|(c,)| c).collect();
    for pair in &acknowledged {
        for half in ["a", "b"] {
            assert!(stored.contains(&format!("{pair}-{half}")), "{pair} was acknowledged");
        }
    }
    for code in &stored {
        let (pair, _) = code.rsplit_once('-').unwrap();
        assert!(stored.contains(&format!("{pair}-b")), "{pair} is half written");
    }
}

#[test]
fn attack_56_a_killed_start_leaves_the_old_or_the_new_state() {
    if let Some(path) = file_of_child() {
        block_on(async { drop(Place::open(Target::Lite { path }).await) });
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for round in 0..12 {
        let path = folder.path().join(format!("{round}.db"));
        let mut child =
            start("tests::crash::attack_56_a_killed_start_leaves_the_old_or_the_new_state", &path);
        std::thread::sleep(std::time::Duration::from_millis(4 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let place = block_on(Place::open(Target::Lite { path }));
        assert_eq!(block_on(place.codes()), [""; 0]);
    }
}
