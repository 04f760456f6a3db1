//! Readers: one read-only connection for each thread that asks, closed with the database.

use super::STATEMENTS;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;
use thread_local::ThreadLocal;

/// KiB of pages a reader keeps.
const CACHE_KIB: i64 = 2_000;

/// The connections of the threads. Never ask from `spawn_blocking`: its many threads would each
/// open one.
pub(crate) struct Readers {
    path: PathBuf,
    open: ThreadLocal<Connection>,
}

impl Readers {
    /// Readers of this file; none is open yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), open: ThreadLocal::new() }
    }

    /// This thread's connection.
    pub fn get(&self) -> rusqlite::Result<&Connection> {
        self.open.get_or_try(|| {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let conn = Connection::open_with_flags(&self.path, flags)?;
            // Readers wait for nobody in WAL mode, but for another process that just opens or
            // closes the file.
            conn.busy_timeout(Duration::from_millis(100))?;
            conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
            conn.pragma_update(None, "trusted_schema", false)?;
            super::keep_plans(&conn)?;
            conn.set_prepared_statement_cache_capacity(STATEMENTS);
            Ok(conn)
        })
    }
}
