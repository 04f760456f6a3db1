//! Migrations: numbered, forward only, all pending ones in one transaction.

mod lite;
mod pg;

use crate::{Error, Result};
pub(crate) use lite::{lite, newest};
pub(crate) use pg::pg;

/// One step forward. One text serves both engines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// Its number, from 1 without a gap.
    pub version: i64,
    /// Its statements.
    pub sql: &'static str,
}

/// Every migration, oldest first.
pub(crate) const ALL: &[Migration] =
    &[Migration { version: 1, sql: include_str!("../migrations/0001.sql") }];

/// The version of this program, kept beside each migration.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Where the migrator keeps its account.
const ACCOUNT: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version BIGINT NOT NULL PRIMARY KEY,
    app_version TEXT NOT NULL,
    applied_at BIGINT NOT NULL
)";

/// The newest version of the account and who wrote it.
const NEWEST: &str =
    "SELECT version, app_version FROM schema_migrations ORDER BY version DESC LIMIT 1";

/// The migrations that are left to do above the account's newest entry.
///
/// # Errors
/// [`Error::Newer`] when the database is ahead of this program.
pub(crate) fn pending(newest: Option<(i64, String)>, all: &[Migration]) -> Result<&[Migration]> {
    let known = all.last().map_or(0, |m| m.version);
    match newest {
        Some((found, wrote)) if found > known => {
            Err(Error::Newer { found, known, wrote: wrote.into(), program: PROGRAM })
        }
        newest => {
            let done = newest.map_or(0, |(version, _)| version);
            let first = all.partition_point(|m| m.version <= done);
            Ok(all.get(first..).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_gap() {
        for (n, migration) in (1..).zip(ALL) {
            assert_eq!(migration.version, n);
        }
    }

    #[test]
    fn what_is_left_follows_the_account() {
        let all = [1, 2, 3].map(|version| Migration { version, sql: "" });
        let at = |n: i64| Some((n, "9.9.9".to_owned()));
        assert_eq!(pending(None, &all).unwrap().len(), 3);
        assert_eq!(pending(at(2), &all).unwrap().len(), 1);
        assert_eq!(pending(at(3), &all).unwrap().len(), 0);
        let sentence = pending(at(4), &all).unwrap_err().to_string();
        for part in ["version 4", "up to 3", "9.9.9", PROGRAM] {
            assert!(sentence.contains(part), "{sentence}");
        }
    }
}
