//! Checkpoints: the bulk off the writer's lock, the rest right after a commit, so that the log
//! restarts and COMMIT never pays for it.

use crate::{Error, Result};
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::{Builder, JoinHandle};

/// Pages in the log (4 KiB each) from which a checkpoint is made.
const PAGES: i32 = 2_000;

/// What is known about the write-ahead log.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pages: AtomicI32,
    asked: AtomicBool,
    copied: AtomicBool,
}

impl Log {
    /// Counts pages from now on. It must come after `wal_autocheckpoint`, which replaces the hook.
    pub fn watch(self: &Arc<Self>, conn: &mut Connection) -> rusqlite::Result<()> {
        let log = self.clone();
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            log.pages.store(pages, Ordering::Relaxed);
            Ok(())
        }))
    }

    /// Asks for a checkpoint when the log is long; once its bulk is copied, restarts the log. The
    /// writer is locked and no transaction is open.
    pub fn after_commit(&self, conn: &Connection, checkpoints: &Sender<()>) {
        if self.pages.load(Ordering::Relaxed) < PAGES {
            // The log has restarted by itself once all of it was copied.
            if self.copied.swap(false, Ordering::Acquire) {
                self.asked.store(false, Ordering::Release);
            }
            return;
        }
        if self.copied.swap(false, Ordering::Acquire) {
            checkpoint(conn, "PRAGMA wal_checkpoint(RESTART)");
            self.asked.store(false, Ordering::Release);
        } else if !self.asked.swap(true, Ordering::AcqRel) {
            let _ = checkpoints.send(());
        }
    }
}

/// Starts the thread that copies the bulk. It ends when the sender is gone.
pub(crate) fn start(conn: Connection, log: Arc<Log>) -> Result<(Sender<()>, JoinHandle<()>)> {
    let (ask, asked) = channel();
    let work = move || {
        while asked.recv().is_ok() {
            checkpoint(&conn, "PRAGMA wal_checkpoint(PASSIVE)");
            log.copied.store(true, Ordering::Release);
        }
    };
    let thread = Builder::new().name("checkpoint".into()).spawn(work).map_err(Error::other)?;
    Ok((ask, thread))
}

/// A checkpoint that cannot finish now is made later.
fn checkpoint(conn: &Connection, pragma: &str) {
    if let Err(error) = conn.query_row(pragma, [], |_| Ok(())) {
        tracing::warn!(%error, "a checkpoint failed");
    }
}
