//! Two rows per request on disk before the answer: one thread commits whatever has come meanwhile.

use anyhow::Result;
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, Sender, channel};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Rows of a group at most.
const GROUP: usize = 256;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL);
    CREATE UNIQUE INDEX users_username ON users (username);
    CREATE TABLE audit (id INTEGER PRIMARY KEY, what TEXT NOT NULL);
";

/// A row to be written.
struct Job {
    name: String,
    answer: oneshot::Sender<bool>,
}

/// The thread's queue.
pub struct Durable {
    queue: Sender<Job>,
    _folder: TempDir,
}

impl Durable {
    /// Opens a database in a folder of its own.
    ///
    /// # Errors
    /// The disk or SQLite refuses.
    pub fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let connection = Connection::open(folder.path().join("floor.db"))?;
        connection.execute_batch(SCHEMA)?;
        let (queue, jobs) = channel();
        std::thread::spawn(move || work(&connection, &jobs));
        Ok(Self { queue, _folder: folder })
    }

    /// Writes a user of this name; true once it is on disk.
    pub async fn commit(&self, name: String) -> bool {
        let (answer, result) = oneshot::channel();
        self.queue.send(Job { name, answer }).is_ok() && result.await.unwrap_or(false)
    }
}

fn work(connection: &Connection, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let more = std::iter::from_fn(|| jobs.try_recv().ok()).take(GROUP);
        let group: Vec<Job> = std::iter::once(first).chain(more).collect();
        let written = write(connection, &group).is_ok();
        for job in group {
            let _ = job.answer.send(written);
        }
    }
}

fn write(connection: &Connection, group: &[Job]) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    for Job { name, .. } in group {
        let mut user = connection.prepare_cached("INSERT INTO users (username) VALUES (?1)")?;
        user.execute([name])?;
        let mut audit = connection.prepare_cached("INSERT INTO audit (what) VALUES (?1)")?;
        audit.execute([name])?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_name_is_refused() {
        let durable = Durable::start().unwrap();
        assert!(durable.commit("a".into()).await);
        assert!(!durable.commit("a".into()).await);
        assert!(durable.commit("b".into()).await);
    }
}
