//! PostgreSQL: a pool of connections, notes that other nodes hear, timeouts on everything.

pub(crate) mod fault;
mod listen;
mod notes;
mod run;
mod tx;

use crate::db::{Feed, Note, OnCommit, Sink, WAIT, changes, tell};
use crate::tx::Ack;
use crate::value::Params;
use crate::{Error, Result, migrate};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use fault::plain;
use keystead_model::Secret;
use std::sync::Arc;
use tokio::sync::oneshot;
use tokio_postgres::{Config, NoTls};
pub(crate) use tx::Writing;

/// What every connection is told. The numbers are milliseconds.
const OPTIONS: &str = "-c lock_timeout=5000 -c statement_timeout=30000 \
    -c idle_in_transaction_session_timeout=60000 -c default_transaction_isolation=read\\ committed \
    -c client_min_messages=warning";

/// An open PostgreSQL database.
pub(crate) struct Pg {
    pool: Pool,
    config: Config,
    on_commit: OnCommit,
}

impl Pg {
    /// Connects, brings the database to the newest version and makes the pool.
    pub async fn open(url: &Secret, connections: usize, on_commit: OnCommit) -> Result<Self> {
        let config = config(url)?;
        let (mut client, connection) = config.connect(NoTls).await.map_err(plain)?;
        let driving = tokio::spawn(connection);
        let migrated = migrate::pg(&mut client, migrate::ALL).await;
        drop(client);
        let _ = driving.await;
        migrated?;
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config.clone(), NoTls, recycling))
            .max_size(connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .build()
            .map_err(Error::other)?;
        Ok(Self { pool, config, on_commit })
    }

    /// Runs a text that only reads, on any connection.
    pub async fn read(&self, sql: &str, params: Params<'_>, sink: Option<Sink<'_>>) -> Result<u64> {
        let client = self.client().await?;
        run::run(&client, sql, params, sink).await
    }

    /// Notes of a transaction that wrote nothing: other nodes hear them all the same.
    pub fn announce(self: &Arc<Self>, notes: Vec<Note>) -> Ack {
        let (answer, wait) = oneshot::channel();
        let pg = self.clone();
        tokio::spawn(async move {
            let told = async {
                let client = pg.client().await?;
                notes::publish(&client, &notes).await
            };
            let told = told.await;
            tell(&pg.on_commit, &changes(notes));
            let _ = answer.send(told);
        });
        Ack::Group(wait)
    }

    /// Listens to other nodes.
    pub fn listen(&self, on_change: OnCommit) -> Feed {
        listen::start(self.config.clone(), on_change)
    }

    /// Closes the connections that nobody uses, and the others as they come back.
    pub fn close(&self) {
        self.pool.close();
    }

    /// A connection of the pool.
    async fn client(&self) -> Result<Object> {
        self.pool.get().await.map_err(fault::of_pool)
    }
}

/// The settings of a connection, from the address.
fn config(url: &Secret) -> Result<Config> {
    // The parser's message repeats no part of the address.
    let mut config: Config = url.expose().parse().map_err(|error| {
        Error::other(format!("the address of PostgreSQL cannot be read: {error}"))
    })?;
    let options = match config.get_options() {
        Some(given) => format!("{OPTIONS} {given}"),
        None => OPTIONS.to_owned(),
    };
    config.options(options).connect_timeout(WAIT);
    if config.get_application_name().is_none() {
        config.application_name("keystead");
    }
    Ok(config)
}
