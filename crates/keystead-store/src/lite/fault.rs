//! SQLite's errors in our words, conflicts with the name of their index.

use crate::Error;
use rusqlite::{Connection, ErrorCode, ffi};
use std::collections::HashMap;

/// Which index stands over which columns: SQLite names a conflict by its columns.
#[derive(Debug, Default)]
pub(crate) struct IndexNames(HashMap<String, String>);

impl IndexNames {
    /// Reads the unique indexes of every table. No two may stand over the same columns.
    pub fn load(conn: &Connection) -> rusqlite::Result<Self> {
        let mut names = HashMap::new();
        let mut list = conn.prepare(
            "SELECT t.name, i.name, c.name FROM sqlite_schema t, pragma_index_list(t.name) i, \
             pragma_index_info(i.name) c WHERE t.type = 'table' AND i.\"unique\" \
             ORDER BY t.name, i.name, c.seqno",
        )?;
        let mut rows = list.query([])?;
        let mut columns: HashMap<(String, String), Vec<String>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let (table, index): (String, String) = (row.get(0)?, row.get(1)?);
            // An expression has no name here, but SQLite names its index in the message.
            let column: Option<String> = row.get(2)?;
            let column = format!("{table}.{}", column.unwrap_or_default());
            columns.entry((table, index)).or_default().push(column);
        }
        for ((table, index), columns) in columns {
            let own = index.starts_with("sqlite_autoindex_");
            names.insert(columns.join(", "), if own { format!("{table}_pkey") } else { index });
        }
        Ok(Self(names))
    }

    /// The index that the message means.
    fn of(&self, message: &str) -> Option<String> {
        let what = message.strip_prefix("UNIQUE constraint failed: ")?;
        let named = what.strip_prefix("index '").and_then(|name| name.strip_suffix('\''));
        named.map(str::to_owned).or_else(|| self.0.get(what).cloned())
    }
}

/// What stopped a statement: SQLite, or ourselves.
#[derive(Debug)]
pub(crate) enum LiteFault {
    /// SQLite refused.
    Engine(rusqlite::Error),
    /// A value or a row does not fit.
    Own(Error),
}

impl From<rusqlite::Error> for LiteFault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Error> for LiteFault {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl LiteFault {
    /// The error in our words.
    pub fn name(self, names: &IndexNames) -> Error {
        match self {
            Self::Own(error) => error,
            Self::Engine(error) => {
                let index = match &error {
                    rusqlite::Error::SqliteFailure(_, Some(message)) => names.of(message),
                    _ => None,
                };
                match index {
                    Some(index) => Error::Conflict { index: index.into() },
                    None => plain(error),
                }
            }
        }
    }
}

/// The error in our words where no conflict can happen.
pub(crate) fn plain(error: rusqlite::Error) -> Error {
    let Some(failure) = error.sqlite_error() else { return Error::other(error) };
    if failure.extended_code == ffi::SQLITE_CONSTRAINT_COMMITHOOK {
        return Error::Batch;
    }
    match failure.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy,
        // A quota, a file-size limit and a read-only disk refuse a write as a full disk does.
        ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly => Error::Full,
        ErrorCode::OperationInterrupted => Error::Timeout,
        ErrorCode::ConstraintViolation => Error::Check(error.to_string().into()),
        _ => Error::other(error),
    }
}
