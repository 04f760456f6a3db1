//! One request's way into the database: reads at once, a transaction from the first write.

use crate::db::{Db, Driver, Note, Sink};
use crate::lite::Writing as LiteWriting;
use crate::pg::Writing as PgWriting;
use crate::row::{Cells, Columns};
use crate::scoped::Scoped;
use crate::value::Params;
use crate::{Error, FromRow, Result, Value, sql};
use keystead_model::{Change, PoolId};
use tokio::sync::oneshot;

/// The answer of a COMMIT that may still be on its way.
#[derive(Debug)]
pub enum Ack {
    /// It is known.
    Done(Result<()>),
    /// The group's commit answers.
    Group(oneshot::Receiver<Result<()>>),
}

impl Ack {
    /// Waits until what was released is on disk.
    ///
    /// # Errors
    /// [`Error::Batch`] when the group's commit failed, [`Error::Unknown`] when the connection was
    /// lost meanwhile.
    pub async fn wait(self) -> Result<()> {
        match self {
            Self::Done(result) => result,
            Self::Group(answer) => answer.await.unwrap_or(Err(Error::Unknown)),
        }
    }
}

/// Reads outside any transaction until the first write, then one transaction.
///
/// An error of a statement ends the transaction: only [`Tx::rollback`] is left. Dropping it rolls
/// back what was not released. It is `Send`, not `Sync`.
pub struct Tx {
    db: Db,
    state: State,
    notes: Vec<Note>,
    acks: Vec<Ack>,
    lost: Option<Error>,
}

/// Where the transaction stands.
#[derive(Default)]
enum State {
    /// Nothing is open.
    #[default]
    Idle,
    /// Open on SQLite.
    Lite(LiteWriting),
    /// Open on PostgreSQL.
    Pg(Box<PgWriting>),
    /// A statement failed and everything is rolled back; the group it saw may still be on its way.
    Failed(Ack),
}

impl Tx {
    pub(crate) const fn new(db: Db) -> Self {
        Self { db, state: State::Idle, notes: Vec::new(), acks: Vec::new(), lost: None }
    }

    /// The same statements, bound to a pool: its id is `$1`, the caller's values follow.
    pub fn scoped(&mut self, pool: PoolId) -> Scoped<'_> {
        Scoped::new(self, pool)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// The statement fails or the row does not fit.
    pub async fn optional<T: FromRow>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Option<T>> {
        self.optional_with(sql, Params { pool: None, values, once: false }).await
    }

    /// The one row.
    ///
    /// # Errors
    /// As [`Tx::optional`]; also when there is no row.
    pub async fn one<T: FromRow>(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<T> {
        self.one_with(sql, Params { pool: None, values, once: false }).await
    }

    /// Every row. The text bounds how many there can be.
    ///
    /// # Errors
    /// As [`Tx::optional`].
    pub async fn list<T: FromRow>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>> {
        self.list_with(sql, Params { pool: None, values, once: false }).await
    }

    /// Runs a statement: the number of rows it wrote.
    ///
    /// # Errors
    /// The statement fails.
    pub async fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        self.run(sql, Params { pool: None, values, once: false }, None).await
    }

    /// Makes everybody who takes the same key wait until this transaction ends. What was read
    /// before must be read again after it.
    ///
    /// # Errors
    /// The wait takes too long.
    pub async fn serial(&mut self, key: &str) -> Result<()> {
        self.open().await?;
        let done = match &mut self.state {
            State::Pg(writing) => writing.serial(key).await,
            _ => Ok(()),
        };
        self.after(done)
    }

    /// Notes a change: caches hear of it once the transaction has committed, never if it does not.
    /// A note of a bare transaction reaches other nodes by notification alone.
    pub fn note(&mut self, change: Change) {
        self.notes.push(Note { pool: None, change });
    }

    /// Whether a write transaction is open: then nothing slow may run.
    #[must_use]
    pub const fn writing(&self) -> bool {
        matches!(self.state, State::Lite(_) | State::Pg(_))
    }

    /// Whether notes wait for the next release.
    #[must_use]
    pub const fn pending(&self) -> bool {
        !self.notes.is_empty()
    }

    /// Ends the open transaction and keeps its answer for [`Tx::settled`]. The next write opens
    /// another; the next read waits for the answer first.
    ///
    /// # Errors
    /// [`Error::Aborted`] when a statement failed before.
    pub async fn settle(&mut self) -> Result<()> {
        match self.release() {
            Ack::Done(result) => result,
            ack @ Ack::Group(_) => {
                self.acks.push(ack);
                Ok(())
            }
        }
    }

    /// Waits until everything settled is on disk.
    ///
    /// # Errors
    /// What the commits answer; once lost, every later call says so again. [`Error::Nested`] while
    /// this transaction writes: on SQLite the group waits for it, and so it would for ever.
    pub async fn settled(&mut self) -> Result<()> {
        if self.writing() && !self.acks.is_empty() {
            return Err(Error::Nested);
        }
        while let Some(ack) = self.acks.last_mut() {
            let answer = match ack {
                Ack::Done(result) => result.clone(),
                Ack::Group(answer) => answer.await.unwrap_or(Err(Error::Unknown)),
            };
            self.acks.pop();
            if let Err(error) = answer {
                self.lost.get_or_insert(error);
            }
        }
        self.lost.clone().map_or(Ok(()), Err)
    }

    /// Ends the open transaction. The answer comes later, so that the caller can work meanwhile;
    /// it must be waited for before anything leaves the process.
    #[must_use = "the commit may fail"]
    pub fn release(&mut self) -> Ack {
        match std::mem::take(&mut self.state) {
            State::Failed(ack) => {
                self.state = State::Failed(ack);
                Ack::Done(Err(Error::Aborted))
            }
            State::Idle if self.notes.is_empty() => Ack::Done(Ok(())),
            State::Idle => match self.db.driver() {
                Driver::Lite(lite) => lite.announce(std::mem::take(&mut self.notes)),
                Driver::Pg(pg) => pg.announce(std::mem::take(&mut self.notes)),
            },
            State::Lite(writing) => writing.release(std::mem::take(&mut self.notes)),
            State::Pg(writing) => writing.release(std::mem::take(&mut self.notes)),
        }
    }

    /// Ends the open transaction and waits until it is on disk.
    ///
    /// # Errors
    /// As [`Tx::settle`] and [`Tx::settled`].
    pub async fn commit(&mut self) -> Result<()> {
        self.settle().await?;
        self.settled().await
    }

    /// Undoes what was not released, and waits until what it saw of its neighbours is on disk: a
    /// refusal that rests on a neighbour's row must not be told before.
    ///
    /// # Errors
    /// [`Error::Batch`] when the neighbours' commit failed.
    pub async fn rollback(&mut self) -> Result<()> {
        self.notes.clear();
        match std::mem::take(&mut self.state) {
            State::Idle => Ok(()),
            State::Failed(ack) => ack.wait().await,
            State::Lite(writing) => writing.rollback().wait().await,
            State::Pg(writing) => writing.rollback().await,
        }
    }

    pub(crate) fn push(&mut self, note: Note) {
        self.notes.push(note);
    }

    pub(crate) async fn optional_with<T: FromRow>(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Option<T>> {
        let mut first = None;
        let mut sink = |row: &dyn Cells| {
            if first.is_none() {
                first = Some(Columns::new(row).decode()?);
            }
            Ok(())
        };
        self.run(sql, params, Some(&mut sink)).await?;
        Ok(first)
    }

    pub(crate) async fn one_with<T: FromRow>(
        &mut self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<T> {
        let row = self.optional_with(sql, params).await?;
        let row = row.ok_or_else(|| Error::other("a text that returns one row returned none"));
        self.after(row)
    }

    pub(crate) async fn list_with<T: FromRow>(
        &mut self,
        sql: &str,
        params: Params<'_>,
    ) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        let mut sink = |row: &dyn Cells| {
            rows.push(Columns::new(row).decode()?);
            Ok(())
        };
        self.run(sql, params, Some(&mut sink)).await?;
        Ok(rows)
    }

    /// Runs a text: outside any transaction while it only reads and none is open.
    pub(crate) async fn run(
        &mut self,
        sql: &str,
        params: Params<'_>,
        sink: Option<Sink<'_>>,
    ) -> Result<u64> {
        if matches!(self.state, State::Idle) && sql::is_read(sql) {
            self.settled().await?;
            return self.db.read(sql, params, sink).await;
        }
        self.open().await?;
        let done = match &mut self.state {
            State::Lite(writing) => writing.run(sql, params, sink),
            State::Pg(writing) => writing.run(sql, params, sink).await,
            State::Idle | State::Failed(_) => Err(Error::Aborted),
        };
        self.after(done)
    }

    /// Opens the transaction unless it is open.
    async fn open(&mut self) -> Result<()> {
        match &self.state {
            State::Lite(_) | State::Pg(_) => return Ok(()),
            State::Failed(_) => return Err(Error::Aborted),
            State::Idle => {}
        }
        let held = self.db.hold()?;
        self.state = match self.db.driver() {
            Driver::Lite(lite) => State::Lite(LiteWriting::begin(lite.clone(), held).await?),
            Driver::Pg(pg) => {
                let pg = pg.clone();
                self.settled().await?;
                State::Pg(Box::new(PgWriting::begin(pg, held).await?))
            }
        };
        Ok(())
    }

    /// Ends the transaction if its statement failed.
    fn after<T>(&mut self, done: Result<T>) -> Result<T> {
        if done.is_err() {
            self.state = match std::mem::take(&mut self.state) {
                State::Lite(writing) => State::Failed(writing.rollback()),
                State::Pg(writing) => {
                    drop(writing);
                    State::Failed(Ack::Done(Ok(())))
                }
                other => other,
            };
            if matches!(self.state, State::Failed(_)) {
                self.notes.clear();
            }
        }
        done
    }
}
