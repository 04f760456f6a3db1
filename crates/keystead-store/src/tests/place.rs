//! A database for one test, on either engine, and what its listener heard.

use crate::pools::NewPool;
use crate::{Db, Engine, OnCommit, Target, Tx, pools, values};
use keystead_model::{Change, Id, Millis, PoolId, Secret};
use std::future::Future;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio_postgres::NoTls;

/// A test that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(60);

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A number that no other test of this process has.
pub fn number() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// An id that no other has.
pub fn id() -> Id {
    Id::from_parts(number(), u64::from(std::process::id()))
}

/// One test's database.
pub struct Place {
    pub db: Db,
    /// A pool that exists.
    pub pool: PoolId,
    /// Where the data lies, to open it again.
    pub target: Target,
    heard: Heard,
}

/// What a listener heard.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<Change>>>);

impl Heard {
    pub fn listener(&self) -> OnCommit {
        let heard = self.clone();
        Arc::new(move |notes| heard.0.lock().unwrap().extend_from_slice(notes))
    }

    pub fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|change| change.key.clone()).collect()
    }
}

impl Place {
    /// Opens the target and makes a pool in it.
    pub async fn open(target: Target) -> Self {
        let heard = Heard::default();
        let db = Db::open(target.clone(), heard.listener()).await.unwrap();
        let pool = PoolId(id());
        let mut tx = db.begin();
        let code = format!("pool-{pool}");
        let new = NewPool { name: "A", code: &code, secret_enc: "", now: Millis(1) };
        pools::insert(&mut tx.scoped(pool), &new).await.unwrap();
        tx.commit().await.unwrap();
        Self { db, pool, target, heard }
    }

    /// The file of a SQLite place.
    pub fn path(&self) -> PathBuf {
        match &self.target {
            Target::Lite { path } => path.clone(),
            Target::Pg { .. } => panic!("a place on PostgreSQL has no file"),
        }
    }

    /// The name of the database of a PostgreSQL place.
    pub fn database(&self) -> String {
        match &self.target {
            Target::Pg { url, .. } => url.expose().rsplit_once('/').unwrap().1.to_owned(),
            Target::Lite { .. } => panic!("a file has no name on a server"),
        }
    }

    pub fn begin(&self) -> Tx {
        self.db.begin()
    }

    pub fn is_sqlite(&self) -> bool {
        self.db.kind() == Engine::Sqlite
    }

    /// The keys of the notes heard so far.
    pub fn heard(&self) -> Vec<String> {
        self.heard.keys()
    }

    /// The codes of the namespaces that everybody can see.
    pub async fn codes(&self) -> Vec<String> {
        codes(&mut self.begin(), self.pool).await
    }

    /// Sets one counter up, for tests that count.
    pub async fn zero(&self, key: &str) {
        let mut tx = self.begin();
        tx.scoped(self.pool)
            .execute(
                "INSERT INTO counters (pool_id, kind, key, n, window_ends) \
                 VALUES ($1, 'test', $2, 0, 0)",
                values![key],
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

/// Adds a namespace: the row most tests write.
pub async fn add(tx: &mut Tx, pool: PoolId, code: &str) -> crate::Result<u64> {
    let serial = i64::try_from(number()).unwrap();
    tx.scoped(pool)
        .execute(
            "INSERT INTO namespaces (pool_id, id, serial, code, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, 0, 0)",
            values![id(), serial, code],
        )
        .await
}

/// The codes of the namespaces that this transaction sees.
pub async fn codes(tx: &mut Tx, pool: PoolId) -> Vec<String> {
    let text = "SELECT code FROM namespaces WHERE pool_id = $1 ORDER BY code";
    let rows = tx.scoped(pool).list::<(String,)>(text, values![]).await.unwrap();
    rows.into_iter().map(|(code,)| code).collect()
}

/// Runs a case as a task, since only tasks are checked for nesting.
fn run<F: Future<Output = ()> + Send + 'static>(mut threads: Builder, case: F) {
    let runtime = threads.enable_all().build().unwrap();
    let done = runtime.block_on(async { tokio::time::timeout(LIMIT, tokio::spawn(case)).await });
    runtime.shutdown_background();
    if let Err(panic) = done.expect("the test hangs") {
        std::panic::resume_unwind(panic.into_panic());
    }
}

/// Several threads, as the server has.
fn many() -> Builder {
    let mut threads = Builder::new_multi_thread();
    threads.worker_threads(4);
    threads
}

/// Runs a case on SQLite.
pub fn on_sqlite<F>(case: impl FnOnce(Place) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    on_file(many(), case);
}

/// Runs a case on SQLite with one thread for all tasks: after `yield_now` every other task stands
/// where it waits.
pub fn on_sqlite_in_order<F>(case: impl FnOnce(Place) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    on_file(Builder::new_current_thread(), case);
}

fn on_file<F>(threads: Builder, case: impl FnOnce(Place) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystead.db");
    run(threads, async move { case(Place::open(Target::Lite { path }).await).await });
}

/// Runs a case on PostgreSQL, in a database of its own.
pub fn on_postgres<F>(case: impl FnOnce(Place) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    on_empty_postgres(|target| async { case(Place::open(target).await).await });
}

/// Runs a case on an empty database of PostgreSQL.
pub fn on_empty_postgres<F>(case: impl FnOnce(Target) -> F + Send + 'static)
where
    F: Future<Output = ()> + Send,
{
    let server = server();
    let name = format!("keystead_{}_{}", std::process::id(), number());
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let made = name.clone();
    run(many(), async move {
        administer(&server, &format!("CREATE DATABASE {made}")).await;
        let target = Target::Pg { url: Secret::new(url), connections: 8 };
        // A case that fails waits with its panic until the database is gone.
        let result = std::panic::AssertUnwindSafe(case(target));
        let result = futures_util::FutureExt::catch_unwind(result).await;
        administer(&server, &format!("DROP DATABASE {made} WITH (FORCE)")).await;
        if let Err(panic) = result {
            std::panic::resume_unwind(panic);
        }
    });
}

/// The address of the server that tests use.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration file")]
fn server() -> String {
    std::env::var("KEYSTEAD_TEST_PG").expect(
        "KEYSTEAD_TEST_PG is not set: run ./test, or scripts/with-postgres cargo test -p \
         keystead-store",
    )
}

/// Runs one statement on a connection of its own.
async fn administer(url: &str, statement: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let driving = tokio::spawn(connection);
    client.batch_execute(statement).await.unwrap();
    drop(client);
    driving.await.unwrap().unwrap();
}

/// Runs one statement on the place's database, beside its pool of connections.
pub async fn beside(target: &Target, statement: &str) {
    let Target::Pg { url, .. } = target else { panic!("only PostgreSQL has a server") };
    administer(url.expose(), statement).await;
}

/// Runs one statement on the server, outside the place's database.
pub async fn beside_server(statement: &str) {
    administer(&server(), statement).await;
}
