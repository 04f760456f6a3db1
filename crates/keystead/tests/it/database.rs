//! A database for one server: a file in its data folder, or one of its own on PostgreSQL.

use keystead::config::Vars;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio_postgres::NoTls;

/// Which engine a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The variable with the address of a PostgreSQL server whose user may create databases.
const VARIABLE: &str = "KEYSTEAD_TEST_PG";
/// PostgreSQL keeps no master key for us.
const MASTER_KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A database; one on PostgreSQL is dropped with it.
#[derive(Debug)]
pub struct Database {
    name: Option<String>,
}

impl Database {
    /// A new, empty one.
    pub fn new(engine: Engine) -> Self {
        if engine == Engine::Sqlite {
            return Self { name: None };
        }
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("keystead_it_{}_{n}", std::process::id());
        run(format!("CREATE DATABASE {name}"));
        Self { name: Some(name) }
    }

    /// The settings that name it, as environment variables.
    pub fn variables(&self) -> Vec<(String, String)> {
        let Some(name) = &self.name else { return Vec::new() };
        vec![
            ("KEYSTEAD_DATABASE_URL".into(), url(name)),
            ("KEYSTEAD_MASTER_KEY".into(), MASTER_KEY.into()),
        ]
    }
}

impl Database {
    /// Whether it is SQLite's.
    pub const fn is_file(&self) -> bool {
        self.name.is_none()
    }

    /// What this text counts, asked beside the server; `file` is that of SQLite.
    pub async fn count(&self, file: &Path, text: &str) -> i64 {
        let Some(name) = &self.name else {
            let db = rusqlite::Connection::open(file).unwrap();
            return db.query_row(text, [], |row| row.get(0)).unwrap();
        };
        let (client, connection) = tokio_postgres::connect(&url(name), NoTls).await.unwrap();
        tokio::spawn(connection);
        // A sum is NUMERIC there.
        let text = format!("SELECT CAST(({text}) AS BIGINT)");
        client.query_one(&text, &[]).await.unwrap().get(0)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            run(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The address of this database on the server.
fn url(name: &str) -> String {
    let address = address();
    let (server, _) = address.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

fn address() -> String {
    let vars = Vars::of_process();
    let address = vars.get(VARIABLE).unwrap_or_else(|| {
        panic!("{VARIABLE} is not set: run through scripts/with-postgres, or name a server")
    });
    address.to_owned()
}

/// Runs a statement on the server, outside any runtime of a test.
fn run(sql: String) {
    let address = address();
    let work = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&address, NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&sql).await.unwrap();
        });
    });
    work.join().unwrap();
}
