//! The database: the one place that knows both drivers.

mod feed;
mod holders;

use crate::lite::Lite;
use crate::pg::Pg;
use crate::row::Cells;
use crate::tx::Tx;
use crate::value::Params;
use crate::{Error, Result};
pub use feed::Feed;
pub(crate) use feed::Heard;
pub(crate) use holders::{Held, Holders};
use keystead_model::{Change, PoolId, Secret};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long anybody waits for the writer or a connection.
pub(crate) const WAIT: Duration = Duration::from_secs(5);

/// Hears what changed once it is committed. Short work in memory: it runs on the commit thread.
pub type OnCommit = Arc<dyn Fn(&[Change]) + Send + Sync>;

/// Takes each row of a statement.
pub(crate) type Sink<'s> = &'s mut (dyn FnMut(&dyn Cells) -> Result<()> + Send);

/// Where the data lies.
#[derive(Clone, Debug)]
pub enum Target {
    /// A SQLite file; it is made when it does not exist.
    Lite {
        /// The file.
        path: PathBuf,
    },
    /// A PostgreSQL database.
    Pg {
        /// `postgres://user:password@host/database`.
        url: Secret,
        /// Connections at most.
        connections: usize,
    },
}

/// Which engine answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, in this process.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A note with the pool it belongs to: the feed of other nodes stores it under the pool.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    /// The pool; a bare transaction has none.
    pub pool: Option<PoolId>,
    /// What changed.
    pub change: Change,
}

/// The notes as [`OnCommit`] takes them.
pub(crate) fn changes(notes: Vec<Note>) -> Vec<Change> {
    notes.into_iter().map(|note| note.change).collect()
}

/// Tells a listener. One that panics must not take the commit along, which has happened.
pub(crate) fn tell(listener: &OnCommit, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    if catch_unwind(AssertUnwindSafe(|| listener(changes))).is_err() {
        tracing::error!("a listener of committed changes panicked");
    }
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    driver: Driver,
    holders: Arc<Holders>,
}

/// The two drivers.
#[derive(Clone)]
pub(crate) enum Driver {
    /// SQLite.
    Lite(Arc<Lite>),
    /// PostgreSQL.
    Pg(Arc<Pg>),
}

impl Db {
    /// Opens the database, brings it to the newest version and starts its threads.
    ///
    /// # Errors
    /// It cannot be opened or reached, it is newer than this program, or a migration fails.
    pub async fn open(target: Target, on_commit: OnCommit) -> Result<Self> {
        let driver = match target {
            Target::Lite { path } => {
                let open = tokio::task::spawn_blocking(move || Lite::open(&path, on_commit));
                Driver::Lite(Arc::new(open.await.map_err(Error::other)??))
            }
            Target::Pg { url, connections } => {
                Driver::Pg(Arc::new(Pg::open(&url, connections, on_commit).await?))
            }
        };
        Ok(Self { driver, holders: Arc::default() })
    }

    /// A way in for one request. No I/O happens here: the transaction opens at the first write.
    #[must_use]
    pub fn begin(&self) -> Tx {
        Tx::new(self.clone())
    }

    /// Which engine answers.
    #[must_use]
    pub const fn kind(&self) -> Engine {
        match self.driver {
            Driver::Lite(_) => Engine::Sqlite,
            Driver::Pg(_) => Engine::Postgres,
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// It gives none.
    pub async fn ping(&self) -> Result<()> {
        self.begin().one::<(i64,)>("SELECT CAST(1 AS BIGINT)", &[]).await.map(|_| ())
    }

    /// Lets the engine look at its statistics; once a day is enough. PostgreSQL does so by itself.
    ///
    /// # Errors
    /// The engine refuses.
    pub async fn optimize(&self) -> Result<()> {
        match &self.driver {
            Driver::Lite(lite) => lite.optimize().await,
            Driver::Pg(_) => Ok(()),
        }
    }

    /// Listens to what other nodes changed (PostgreSQL; the only node of SQLite hears itself).
    /// The listening ends when the answer is dropped. Call it inside a tokio runtime.
    #[must_use]
    pub fn spawn_feed(&self, on_change: OnCommit) -> Feed {
        match &self.driver {
            Driver::Lite(_) => Feed::of_one_node(),
            Driver::Pg(pg) => pg.listen(on_change),
        }
    }

    /// Waits until everything released is on disk, then lets go of the database. It closes when
    /// the last clone is dropped.
    ///
    /// # Errors
    /// The last commit failed.
    pub async fn close(self) -> Result<()> {
        match &self.driver {
            Driver::Lite(lite) => lite.drain().await,
            Driver::Pg(pg) => {
                pg.close();
                Ok(())
            }
        }
    }

    /// The driver.
    pub(crate) const fn driver(&self) -> &Driver {
        &self.driver
    }

    /// Notes that this task opens a write transaction.
    ///
    /// # Errors
    /// [`Error::Nested`] when it holds one.
    pub(crate) fn hold(&self) -> Result<Held> {
        Holders::hold(&self.holders)
    }

    /// Runs a text that only reads, outside any transaction.
    pub(crate) async fn read(
        &self,
        sql: &str,
        params: Params<'_>,
        sink: Option<Sink<'_>>,
    ) -> Result<u64> {
        match &self.driver {
            Driver::Lite(lite) => lite.read(sql, params, sink),
            Driver::Pg(pg) => pg.read(sql, params, sink).await,
        }
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.kind()).finish()
    }
}
