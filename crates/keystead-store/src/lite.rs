//! SQLite: a reader per thread, one writer, a commit thread and a checkpoint thread.

mod checkpoint;
mod commit;
pub(crate) mod fault;
mod readers;
pub(crate) mod run;
pub mod snapshot;
pub(crate) mod statistics;
mod writer;

use crate::db::{Note, OnCommit, Sink, changes, tell};
use crate::tx::Ack;
use crate::value::Params;
use crate::{Error, Result, migrate};
use fault::IndexNames;
use readers::Readers;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use tokio::sync::Mutex;
use writer::Writer;
pub(crate) use writer::Writing;

/// Prepared statements kept per connection; the default of 16 would throw away and prepare again.
const STATEMENTS: usize = 256;

/// An open SQLite database.
pub(crate) struct Lite {
    readers: Readers,
    writer: Arc<Mutex<Writer>>,
    names: Arc<IndexNames>,
    on_commit: OnCommit,
    wake: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Lite {
    /// Opens the file, brings it to the newest version and starts the threads. It blocks.
    pub fn open(path: &Path, on_commit: OnCommit) -> Result<Self> {
        let mut conn = connect(path)?;
        migrate::lite(&mut conn, path, migrate::ALL)?;
        let names = Arc::new(IndexNames::load(&conn).map_err(fault::plain)?);
        let log = Arc::new(checkpoint::Log::default());
        log.watch(&mut conn).map_err(fault::plain)?;
        // From now on a lock is waited for without blocking the thread.
        conn.busy_timeout(std::time::Duration::ZERO).map_err(fault::plain)?;
        let writer = Arc::new(Mutex::new(Writer::new(conn)));
        let (checkpoints, checkpointing) = checkpoint::start(connect(path)?, log.clone())?;
        let (wake, committing) =
            commit::start(writer.clone(), log, checkpoints, on_commit.clone())?;
        Ok(Self {
            readers: Readers::new(path),
            writer,
            names,
            on_commit,
            wake: Some(wake),
            threads: vec![committing, checkpointing],
        })
    }

    /// Runs a text that only reads, on this thread's connection.
    pub fn read(&self, sql: &str, params: Params<'_>, sink: Option<Sink<'_>>) -> Result<u64> {
        let conn = self.readers.get().map_err(fault::plain)?;
        run::run(conn, sql, params, sink).map_err(|fault| fault.name(&self.names))
    }

    /// Notes of a transaction that wrote nothing: there is nothing to wait for.
    pub fn announce(&self, notes: Vec<Note>) -> Ack {
        tell(&self.on_commit, &changes(notes));
        Ack::Done(Ok(()))
    }

    /// Waits until everything released is on disk.
    pub async fn drain(&self) -> Result<()> {
        let mut writer = self.writer.lock().await;
        let ack = writer.join();
        drop(writer);
        ack.wait().await
    }

    /// Lets SQLite renew the statistics of tables that have grown.
    pub async fn optimize(&self) -> Result<()> {
        let mut writer = self.writer.lock().await;
        let ack = writer.join();
        drop(writer);
        ack.wait().await?;
        let writer = self.writer.lock().await;
        if writer.is_open() {
            return Err(Error::Busy);
        }
        writer.conn().execute_batch("PRAGMA optimize").map_err(fault::plain)
    }

    /// The writer, for the faults of tests.
    #[cfg(test)]
    pub const fn writer(&self) -> &Arc<Mutex<Writer>> {
        &self.writer
    }

    /// Tells the commit thread that a group begins.
    fn wake(&self) -> Result<()> {
        let wake = self.wake.as_ref().ok_or(Error::Unknown)?;
        wake.send(()).map_err(|_| Error::Unknown)
    }
}

/// The threads end when nobody can wake them any more; their groups are committed before.
impl Drop for Lite {
    fn drop(&mut self) {
        self.wake = None;
        for thread in self.threads.drain(..) {
            // The last reference may be given up by a note, which runs on the commit thread.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

/// Plans do not depend on bound values. Otherwise a cached statement whose plan might is prepared
/// anew at each use, since its bindings were cleared meanwhile.
fn keep_plans(conn: &Connection) -> rusqlite::Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(|_| ())
}

/// A connection that may write: for the writer, the checkpoints and migrations.
fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(crate::db::WAIT)?;
        conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
        conn.pragma_update_and_check(None, "journal_size_limit", 16 << 20, |_| Ok(()))?;
        conn.pragma_update(None, "trusted_schema", false)?;
        // A long savepoint's journal stays in memory instead of becoming a file's writes.
        conn.pragma_update(None, "temp_store", "MEMORY")?;
        keep_plans(&conn)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(conn)
    };
    open().map_err(|error| match fault::plain(error) {
        Error::Other(text) => Error::Unreachable(format!("{}: {text}", path.display()).into()),
        other => other,
    })
}
