//! The writer: logical transactions one after the other, as savepoints inside a physical one.

use super::Lite;
use super::run::run;
use crate::db::{Held, Note, Sink, WAIT, changes};
use crate::tx::Ack;
use crate::value::Params;
use crate::{Error, Result};
use keystead_model::Change;
use rusqlite::{Connection, ErrorCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedMutexGuard, oneshot};
use tokio::time::{sleep, timeout};

/// How long to wait before asking again for a lock that another process holds.
const RETRY: Duration = Duration::from_millis(5);

/// The connection that writes, and the group that its physical transaction holds.
pub(crate) struct Writer {
    conn: Connection,
    open: bool,
    batch: Vec<oneshot::Sender<Result<()>>>,
    notes: Vec<Change>,
}

/// What a commit leaves to be told: to the caches, and to the members of the group.
pub(crate) struct Outcome {
    /// What the COMMIT answered.
    pub result: Result<()>,
    /// Who waits for it.
    pub batch: Vec<oneshot::Sender<Result<()>>>,
    /// What changed.
    pub notes: Vec<Change>,
}

impl Writer {
    /// The writer on this connection.
    pub const fn new(conn: Connection) -> Self {
        Self { conn, open: false, batch: Vec::new(), notes: Vec::new() }
    }

    /// The connection.
    pub const fn conn(&self) -> &Connection {
        &self.conn
    }

    /// The connection, for the hooks of tests.
    #[cfg(test)]
    pub const fn conn_mut(&mut self) -> &mut Connection {
        &mut self.conn
    }

    /// Whether a physical transaction is open.
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Opens the physical transaction. Another process may hold the lock: asking again with
    /// pauses keeps the thread free for others.
    async fn begin(&mut self) -> Result<()> {
        // A shared borrow of a connection across an await would not be `Send`.
        let conn = &mut self.conn;
        let ask = async move {
            loop {
                match conn.execute_batch("BEGIN IMMEDIATE") {
                    Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                        sleep(RETRY).await;
                    }
                    done => return done.map_err(super::fault::plain),
                }
            }
        };
        timeout(WAIT, ask).await.map_err(|_| Error::Busy)??;
        self.open = true;
        Ok(())
    }

    /// Commits the group.
    pub fn commit(&mut self) -> Outcome {
        let done = self.conn.execute_batch("COMMIT");
        let result = done.map_err(|error| {
            tracing::error!(%error, members = self.batch.len(), "a commit failed");
            if !self.conn.is_autocommit() {
                let _ = self.conn.execute_batch("ROLLBACK");
            }
            Error::Batch
        });
        self.open = false;
        let notes = std::mem::take(&mut self.notes);
        Outcome { result, batch: std::mem::take(&mut self.batch), notes }
    }

    /// The answer of the group that is open; nothing to wait for when it is empty.
    pub fn join(&mut self) -> Ack {
        if self.batch.is_empty() {
            return Ack::Done(Ok(()));
        }
        let (answer, wait) = oneshot::channel();
        self.batch.push(answer);
        Ack::Group(wait)
    }

    /// Undoes the open savepoint. With an empty group the physical transaction ends too, so that
    /// none stays open idle. After a full disk and the like SQLite may have rolled back everything
    /// by itself: then the group is lost.
    fn undo(&mut self) {
        let undone = !self.conn.is_autocommit()
            && self.conn.execute_batch("ROLLBACK TO s; RELEASE s").is_ok();
        if undone && !self.batch.is_empty() {
            return;
        }
        if !self.conn.is_autocommit() {
            let _ = self.conn.execute_batch("ROLLBACK");
        }
        self.open = false;
        self.notes.clear();
        for member in self.batch.drain(..) {
            let _ = member.send(Err(Error::Batch));
        }
    }
}

/// One open logical transaction. Dropping it undoes it.
pub(crate) struct Writing {
    lite: Arc<Lite>,
    writer: Option<OwnedMutexGuard<Writer>>,
    // Last: the task may begin again only once the writer is free.
    _held: Held,
}

impl Writing {
    /// Waits for the writer and opens a savepoint.
    pub async fn begin(lite: Arc<Lite>, held: Held) -> Result<Self> {
        let lock = lite.writer.clone().lock_owned();
        let mut writer = timeout(WAIT, lock).await.map_err(|_| Error::Timeout)?;
        if !writer.open {
            writer.begin().await?;
        }
        let savepoint = writer.conn.prepare_cached("SAVEPOINT s").and_then(|mut s| s.execute([]));
        if let Err(error) = savepoint {
            if writer.batch.is_empty() {
                let _ = writer.conn.execute_batch("ROLLBACK");
                writer.open = false;
            }
            return Err(super::fault::plain(error));
        }
        Ok(Self { lite, writer: Some(writer), _held: held })
    }

    /// Runs a statement.
    pub fn run(&mut self, sql: &str, params: Params<'_>, sink: Option<Sink<'_>>) -> Result<u64> {
        let writer = self.writer.as_ref().ok_or(Error::Aborted)?;
        run(&writer.conn, sql, params, sink).map_err(|fault| fault.name(&self.lite.names))
    }

    /// Joins the group: the commit thread answers.
    pub fn release(mut self, notes: Vec<Note>) -> Ack {
        let Some(mut writer) = self.writer.take() else { return Ack::Done(Err(Error::Aborted)) };
        let released = writer.conn.prepare_cached("RELEASE s").and_then(|mut s| s.execute([]));
        if let Err(error) = released {
            writer.undo();
            return Ack::Done(Err(super::fault::plain(error)));
        }
        let first = writer.batch.is_empty();
        if first && let Err(error) = self.lite.wake() {
            let _ = writer.conn.execute_batch("ROLLBACK");
            writer.open = false;
            return Ack::Done(Err(error));
        }
        writer.notes.extend(changes(notes));
        let (answer, wait) = oneshot::channel();
        writer.batch.push(answer);
        Ack::Group(wait)
    }

    /// Undoes it. The answer is that of the group whose rows it may have seen.
    pub fn rollback(mut self) -> Ack {
        let Some(mut writer) = self.writer.take() else { return Ack::Done(Ok(())) };
        writer.undo();
        writer.join()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(mut writer) = self.writer.take() {
            writer.undo();
        }
    }
}
