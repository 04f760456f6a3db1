//! A transaction bound to one pool: the driver binds the pool as `$1`, so no caller passes it.

use crate::db::Note;
use crate::list::Built;
use crate::value::Params;
use crate::{FromRow, Result, Tx, Value};
use keystead_model::{Change, PoolId};

/// The statements of [`Tx`] with the pool's id as `$1` and the caller's values from `$2`.
pub struct Scoped<'a> {
    tx: &'a mut Tx,
    pool: PoolId,
    text: Value<'static>,
}

impl<'a> Scoped<'a> {
    pub(crate) fn new(tx: &'a mut Tx, pool: PoolId) -> Self {
        Self { tx, pool, text: Value::from(pool) }
    }

    /// The pool.
    #[must_use]
    pub const fn pool(&self) -> PoolId {
        self.pool
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
        self.tx.optional_with(sql, Params { pool: Some(&self.text), values, once: false }).await
    }

    /// The one row.
    ///
    /// # Errors
    /// As [`Scoped::optional`]; also when there is no row.
    pub async fn one<T: FromRow>(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<T> {
        self.tx.one_with(sql, Params { pool: Some(&self.text), values, once: false }).await
    }

    /// Every row. The text bounds how many there can be.
    ///
    /// # Errors
    /// As [`Scoped::optional`].
    pub async fn list<T: FromRow>(
        &mut self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<T>> {
        self.tx.list_with(sql, Params { pool: Some(&self.text), values, once: false }).await
    }

    /// Every row of a text that was put together from an allow-list. The text bounds how many
    /// there can be.
    ///
    /// # Errors
    /// As [`Scoped::optional`].
    pub(crate) async fn list_built<T: FromRow>(&mut self, built: &Built) -> Result<Vec<T>> {
        let params = Params { pool: Some(&self.text), values: built.values(), once: true };
        self.tx.list_with(built.text(), params).await
    }

    /// Runs a statement: the number of rows it wrote.
    ///
    /// # Errors
    /// The statement fails.
    pub async fn execute(&mut self, sql: &'static str, values: &[Value<'_>]) -> Result<u64> {
        self.tx.run(sql, Params { pool: Some(&self.text), values, once: false }, None).await
    }

    /// As [`Tx::serial`], for a key of this pool.
    ///
    /// # Errors
    /// The wait takes too long.
    pub async fn serial(&mut self, key: &str) -> Result<()> {
        self.tx.serial(&format!("{} {key}", self.pool)).await
    }

    /// As [`Tx::note`]; other nodes hear it through this pool's feed.
    pub fn note(&mut self, change: Change) {
        self.tx.push(Note { pool: Some(self.pool), change });
    }
}
