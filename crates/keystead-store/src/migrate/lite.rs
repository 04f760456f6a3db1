//! Migrates a SQLite file, after a copy of it was made.

use super::{ACCOUNT, Migration, NEWEST, PROGRAM, pending};
use crate::lite::fault::plain;
use crate::lite::statistics;
use crate::{Error, Result};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::path::{Path, PathBuf};

/// Brings the file to the newest version. A failure or a kill leaves the old state.
pub(crate) fn lite(conn: &mut Connection, path: &Path, all: &[Migration]) -> Result<()> {
    let found = newest(conn)?;
    let existed = found.is_some();
    let Some(last) = pending(found, all)?.last() else { return Ok(()) };
    if existed {
        keep_copy(conn, path, last.version)?;
    }
    // A migration may rebuild a table; its references are checked once, before the commit. This
    // pragma does nothing inside a transaction.
    conn.pragma_update(None, "foreign_keys", false).map_err(plain)?;
    let done = apply(conn, all);
    conn.pragma_update(None, "foreign_keys", true).map_err(plain)?;
    done
}

fn apply(conn: &mut Connection, all: &[Migration]) -> Result<()> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).map_err(plain)?;
    tx.execute_batch(ACCOUNT).map_err(plain)?;
    // Again, under the lock: another process may have been faster.
    let found = newest(&tx)?;
    let fresh = found.is_none();
    for Migration { version, sql } in pending(found, all)? {
        let failed = |error| Error::other(format!("migration {version}: {}", plain(error)));
        tx.execute_batch(sql).map_err(failed)?;
        tx.execute(
            "INSERT INTO schema_migrations (version, app_version, applied_at) \
             VALUES ($1, $2, CAST(unixepoch('subsec') * 1000 AS INTEGER))",
            params![version, PROGRAM],
        )
        .map_err(failed)?;
    }
    if fresh {
        statistics::assume(&tx).map_err(plain)?;
    }
    let broken: Option<String> = tx
        .query_row("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1", [], |row| row.get(0))
        .optional()
        .map_err(plain)?;
    if let Some(table) = broken {
        return Err(Error::other(format!("a row of {table} refers to a row that is missing")));
    }
    tx.commit().map_err(plain)?;
    statistics::load(conn).map_err(plain)
}

/// The newest version of the account, if there is one.
pub(crate) fn newest(conn: &Connection) -> Result<Option<(i64, String)>> {
    let account = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'";
    let has_account = conn.query_row(account, [], |_| Ok(())).optional().map_err(plain)?;
    if has_account.is_none() {
        return Ok(None);
    }
    conn.query_row(NEWEST, [], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(plain)
}

/// Copies the file to `<file>.before-<version>`; a copy appears whole or not at all.
fn keep_copy(conn: &Connection, path: &Path, version: i64) -> Result<()> {
    let beside = |tail: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(tail);
        PathBuf::from(name)
    };
    let (copy, part) =
        (beside(format!(".before-{version}")), beside(format!(".before-{version}.part")));
    let failed = |error: &dyn std::fmt::Display| {
        Error::other(format!("keeping a copy as {}: {error}", copy.display()))
    };
    if part.exists() {
        std::fs::remove_file(&part).map_err(|e| failed(&e))?;
    }
    let name = part.to_str().ok_or_else(|| failed(&"the name is not UTF-8"))?;
    conn.execute("VACUUM INTO $1", [name]).map_err(|e| failed(&e))?;
    let file = std::fs::File::open(&part).map_err(|e| failed(&e))?;
    file.sync_all().map_err(|e| failed(&e))?;
    std::fs::rename(&part, &copy).map_err(|e| failed(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration { version: 1, sql: "CREATE TABLE a (n BIGINT)" };

    fn versions(conn: &Connection) -> Vec<i64> {
        let mut list = conn.prepare("SELECT version FROM schema_migrations ORDER BY 1").unwrap();
        list.query_map([], |row| row.get(0)).unwrap().map(|v| v.unwrap()).collect()
    }

    #[test]
    fn pending_migrations_run_once_and_leave_a_copy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.db");
        let copy = folder.path().join("k.db.before-3");
        let mut conn = Connection::open(&path).unwrap();
        lite(&mut conn, &path, &[FIRST]).unwrap();
        conn.execute_batch("INSERT INTO a VALUES (7)").unwrap();
        let all = [
            FIRST,
            Migration { version: 2, sql: "ALTER TABLE a ADD COLUMN m BIGINT" },
            Migration { version: 3, sql: "CREATE TABLE b (n BIGINT)" },
        ];
        for _ in 0..2 {
            lite(&mut conn, &path, &all).unwrap();
            assert_eq!(versions(&conn), [1, 2, 3]);
        }
        let copy = Connection::open(copy).unwrap();
        assert_eq!(versions(&copy), [1]);
        let kept: i64 = copy.query_row("SELECT n FROM a", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 7);
        let names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("part") || name.contains("before-1"))
            .collect();
        assert!(names.is_empty(), "{names:?}");
    }

    #[test]
    fn one_that_fails_leaves_nothing_of_any() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.db");
        let mut conn = Connection::open(&path).unwrap();
        lite(&mut conn, &path, &[FIRST]).unwrap();
        for (second, why) in [
            ("CREATE TABLE b (n BIGINT); CREATE TABLE a (n BIGINT)", "migration 2"),
            (
                "CREATE TABLE b (n BIGINT REFERENCES c (n)); CREATE TABLE c (n BIGINT PRIMARY KEY);
                 INSERT INTO b VALUES (1)",
                "a row of b",
            ),
        ] {
            let all = [FIRST, Migration { version: 2, sql: second }];
            let error = lite(&mut conn, &path, &all).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
            assert_eq!(versions(&conn), [1]);
            let b = conn.prepare("SELECT n FROM b");
            assert!(b.is_err());
            let on: bool = conn.query_row("PRAGMA foreign_keys", [], |row| row.get(0)).unwrap();
            assert!(on);
        }
    }

    #[test]
    fn attack_56_a_newer_database_is_refused_untouched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k.db");
        let mut conn = Connection::open(&path).unwrap();
        lite(&mut conn, &path, &[FIRST]).unwrap();
        conn.execute_batch("INSERT INTO schema_migrations VALUES (8, '3.1.4', 0)").unwrap();
        let error = lite(&mut conn, &path, &[FIRST]).unwrap_err();
        assert!(matches!(error, Error::Newer { found: 8, known: 1, .. }), "{error:?}");
        assert_eq!(versions(&conn), [1, 8]);
    }
}
