//! One open transaction on PostgreSQL.

use super::fault::plain;
use super::{Pg, notes, run};
use crate::db::{Held, Note, Sink, changes, tell};
use crate::tx::Ack;
use crate::value::Params;
use crate::{Error, Result};
use deadpool_postgres::Object;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// An open transaction. Dropping it rolls it back and gives the connection back afterwards.
pub(crate) struct Writing {
    pg: Arc<Pg>,
    client: Option<Object>,
    begun: bool,
    _held: Held,
}

impl Writing {
    /// Takes a connection. BEGIN travels with the first statement.
    pub async fn begin(pg: Arc<Pg>, held: Held) -> Result<Self> {
        let client = Some(pg.client().await?);
        Ok(Self { pg, client, begun: false, _held: held })
    }

    /// Runs a statement.
    pub async fn run(
        &mut self,
        sql: &str,
        params: Params<'_>,
        sink: Option<Sink<'_>>,
    ) -> Result<u64> {
        let client = self.client.as_ref().ok_or(Error::Aborted)?;
        if self.begun {
            return run::run(client, sql, params, sink).await;
        }
        // Set before anything is sent: a future dropped half way still rolls back.
        self.begun = true;
        let (begun, done) = tokio::join!(
            biased;
            client.batch_execute("BEGIN"),
            run::run(client, sql, params, sink)
        );
        begun.map_err(plain)?;
        done
    }

    /// Waits for everybody who took the same key.
    pub async fn serial(&mut self, key: &str) -> Result<()> {
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        let values = [crate::Value::from(key)];
        self.run(lock, Params { pool: None, values: &values, once: false }, None).await.map(|_| ())
    }

    /// Commits in a task of its own, so that nothing is lost with the caller's future.
    pub fn release(mut self, given: Vec<Note>) -> Ack {
        let Some(client) = self.client.take() else { return Ack::Done(Err(Error::Aborted)) };
        let (answer, wait) = oneshot::channel();
        let pg = self.pg.clone();
        tokio::spawn(async move {
            let result = commit(&pg, client, given).await;
            let _ = answer.send(result);
        });
        Ack::Group(wait)
    }

    /// Rolls back and waits for it.
    pub async fn rollback(mut self) -> Result<()> {
        if let Some(client) = self.client.take()
            && self.begun
        {
            rollback(client).await;
        }
        Ok(())
    }
}

/// Commits, then applies the notes. After a lost connection they are applied too: a note only
/// says "read again".
async fn commit(pg: &Pg, client: Object, given: Vec<Note>) -> Result<()> {
    if !given.is_empty()
        && let Err(error) = notes::publish(&client, &given).await
    {
        rollback(client).await;
        return Err(error);
    }
    let result = match client.batch_execute("COMMIT").await {
        Ok(()) => Ok(()),
        Err(error) if error.as_db_error().is_some_and(|e| !ends_session(e.code().code())) => {
            Err(plain(error))
        }
        Err(_) => {
            drop(Object::take(client));
            Err(Error::Unknown)
        }
    };
    if matches!(result, Ok(()) | Err(Error::Unknown)) {
        tell(&pg.on_commit, &changes(given));
    }
    result
}

/// Whether PostgreSQL closes the connection with this code, so that its COMMIT is unknown.
fn ends_session(code: &str) -> bool {
    code.starts_with("57P")
}

/// Rolls back; a connection that cannot is not given back to the pool.
async fn rollback(client: Object) {
    if client.batch_execute("ROLLBACK").await.is_err() {
        drop(Object::take(client));
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if !self.begun {
            return;
        }
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(rollback(client))),
            Err(_) => drop(Object::take(client)),
        }
    }
}
