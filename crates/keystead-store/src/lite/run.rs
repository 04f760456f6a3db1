//! Runs one statement on a SQLite connection.

use super::fault::LiteFault;
use crate::db::Sink;
use crate::row::{Cell, Cells};
use crate::value::Params;
use crate::{Error, Result, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, Statement};

/// Names of parameters without an allocation.
const NAMES: [&str; 32] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
    "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28",
    "$29", "$30", "$31", "$32",
];

/// Runs a statement to its end, since an unfinished `RETURNING` has not done its work. The answer
/// is the number of rows written.
pub(crate) fn run(
    conn: &Connection,
    sql: &str,
    params: Params<'_>,
    sink: Option<Sink<'_>>,
) -> std::result::Result<u64, LiteFault> {
    let mut statement = conn.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let mut rows = statement.raw_query();
    match sink {
        Some(sink) => {
            while let Some(row) = rows.next()? {
                sink(row)?;
            }
        }
        None => while rows.next()?.is_some() {},
    }
    Ok(conn.changes())
}

/// Binds by name: SQLite numbers `$n` by first appearance, so binding by place would be wrong.
fn bind(statement: &mut Statement<'_>, params: Params<'_>) -> std::result::Result<(), LiteFault> {
    if statement.parameter_count() != params.len() {
        return Err(mismatch(params).into());
    }
    for (n, value) in params.iter().enumerate() {
        let index = match NAMES.get(n) {
            Some(name) => statement.parameter_index(name)?,
            None => statement.parameter_index(&format!("${}", n + 1))?,
        };
        let index = index.ok_or_else(|| mismatch(params))?;
        if value.has_nul() {
            return Err(Error::Nul.into());
        }
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}

fn mismatch(params: Params<'_>) -> Error {
    let pool = if params.pool.is_some() { ", the pool as $1 among them" } else { "" };
    Error::other(format!("the text does not use its {} values{pool}", params.len()))
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(n) => ValueRef::Integer(*n),
            Self::Bool(b) => ValueRef::Integer((*b).into()),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl Cells for Row<'_> {
    fn len(&self) -> usize {
        self.as_ref().column_count()
    }

    fn cell(&self, index: usize) -> Result<Cell<'_>> {
        Ok(match self.get_ref(index).map_err(Error::other)? {
            ValueRef::Null => Cell::Null,
            ValueRef::Integer(n) => Cell::Int(n),
            ValueRef::Text(text) => Cell::Text(std::str::from_utf8(text).map_err(Error::other)?),
            ValueRef::Blob(bytes) => Cell::Bytes(bytes),
            ValueRef::Real(_) => {
                return Err(Error::other("a fraction came out of the database"));
            }
        })
    }

    fn name(&self, index: usize) -> String {
        self.as_ref().column_name(index).unwrap_or("?").to_owned()
    }
}
