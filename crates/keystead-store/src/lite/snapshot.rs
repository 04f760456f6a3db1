//! Whole copies of a SQLite file, made while others write, and what such a copy says of itself.

use super::fault::plain;
use crate::migrate::{self, ALL};
use crate::{Error, Result};
use rusqlite::{Connection, OpenFlags};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// The newest version of the tables that this program knows.
#[must_use]
pub fn newest_version() -> i64 {
    ALL.last().map_or(0, |migration| migration.version)
}

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The version of its tables.
    pub version: i64,
    /// The version of the program that brought it there.
    pub program: String,
    /// The ids of the master keys that wrap its data keys.
    pub master_ids: Vec<String>,
}

/// Writes the state of this moment to a new file of mode 0600 and waits for the disk. Others go
/// on writing meanwhile. It blocks, for as long as reading and writing all of it takes.
///
/// # Errors
/// One of the files cannot be opened, the second exists and is not empty, or the disk is full.
pub fn copy(from: &Path, into: &Path) -> Result<()> {
    let conn = open(from)?;
    let name = into.to_str().ok_or_else(|| Error::other("the name of the copy is not UTF-8"))?;
    // The engine takes an empty file, and keeps its mode.
    let mut empty = std::fs::OpenOptions::new();
    let empty = empty.write(true).create(true).truncate(false).mode(0o600).open(into);
    empty.map_err(Error::other)?;
    conn.execute("VACUUM INTO $1", [name]).map_err(plain)?;
    let file = std::fs::File::open(into).map_err(Error::other)?;
    file.sync_all().map_err(Error::other)
}

/// Looks a whole database through. It blocks, for as long as reading all of it takes.
///
/// # Errors
/// [`Error::Newer`] for a newer program's; else the first thing that is broken.
pub fn examine(path: &Path) -> Result<Facts> {
    let conn = open(path)?;
    let said: String =
        conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(plain)?;
    if said != "ok" {
        return Err(Error::other(format!("the database is damaged: {said}")));
    }
    let broken = conn.prepare("PRAGMA foreign_key_check").and_then(|mut s| s.exists([]));
    if broken.map_err(plain)? {
        return Err(Error::other("the database is damaged: a row refers to one that is missing"));
    }
    let Some((version, program)) = migrate::newest(&conn)? else {
        return Err(Error::other("this is not a database of Keystead"));
    };
    migrate::pending(Some((version, program.clone())), ALL)?;
    let text = "SELECT DISTINCT master_id FROM data_keys ORDER BY 1";
    let master_ids = conn
        .prepare(text)
        .and_then(|mut s| s.query_map([], |row| row.get(0))?.collect())
        .map_err(plain)?;
    Ok(Facts { version, program, master_ids })
}

/// A connection of its own to a file that exists.
fn open(path: &Path) -> Result<Connection> {
    // Writable, since what a killed server left in its log is brought in first.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(plain)?;
    conn.busy_timeout(crate::db::WAIT).map_err(plain)?;
    Ok(conn)
}
