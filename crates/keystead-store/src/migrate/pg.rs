//! Migrates a PostgreSQL database.

use super::{ACCOUNT, Migration, NEWEST, PROGRAM, pending};
use crate::pg::fault::plain;
use crate::{Error, Result};
use tokio_postgres::Client;

/// The advisory lock under which nodes that start together migrate one after the other.
const LOCK: i64 = 0x6b65_7973_7465_6164;

/// Brings the database to the newest version. A failure or a kill leaves the old state.
pub(crate) async fn pg(client: &mut Client, all: &[Migration]) -> Result<()> {
    let tx = client.transaction().await.map_err(plain)?;
    tx.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await
        .map_err(plain)?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await.map_err(plain)?;
    tx.batch_execute("CREATE COLLATION IF NOT EXISTS \"binary\" FROM \"C\"")
        .await
        .map_err(plain)?;
    tx.batch_execute(ACCOUNT).await.map_err(plain)?;
    let newest = tx.query_opt(NEWEST, &[]).await.map_err(plain)?;
    let newest = match newest {
        Some(row) => Some((row.try_get(0).map_err(plain)?, row.try_get(1).map_err(plain)?)),
        None => None,
    };
    for Migration { version, sql } in pending(newest, all)? {
        let failed = |error| Error::other(format!("migration {version}: {}", plain(error)));
        tx.batch_execute(sql).await.map_err(failed)?;
        tx.execute(
            "INSERT INTO schema_migrations (version, app_version, applied_at) VALUES ($1, $2, \
             CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT))",
            &[version, &PROGRAM],
        )
        .await
        .map_err(failed)?;
    }
    tx.commit().await.map_err(plain)
}
