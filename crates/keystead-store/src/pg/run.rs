//! Runs one statement on a PostgreSQL connection.

use super::fault::plain;
use crate::db::Sink;
use crate::row::{Cell, Cells};
use crate::value::Params;
use crate::{Error, Result, Value};
use bytes::BytesMut;
use deadpool_postgres::Object;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

/// What the driver takes as the reason why a value does not fit.
type Wrong = Box<dyn std::error::Error + Sync + Send>;

/// Runs a statement. The answer is the number of rows written.
pub(crate) async fn run(
    client: &Object,
    sql: &str,
    params: Params<'_>,
    sink: Option<Sink<'_>>,
) -> Result<u64> {
    let statement = if params.once {
        client.prepare(sql).await.map_err(plain)?
    } else {
        client.prepare_cached(sql).await.map_err(plain)?
    };
    if statement.params().len() != params.len() {
        let pool = if params.pool.is_some() { ", the pool as $1 among them" } else { "" };
        return Err(Error::other(format!(
            "the text does not use its {} values{pool}",
            params.len()
        )));
    }
    if params.iter().any(Value::has_nul) {
        return Err(Error::Nul);
    }
    let values: Vec<&(dyn ToSql + Sync)> =
        params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    let Some(sink) = sink else {
        return client.execute(&statement, &values).await.map_err(plain);
    };
    let rows = client.query(&statement, &values).await.map_err(plain)?;
    for row in &rows {
        sink(row)?;
    }
    Ok(rows.len() as u64)
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Wrong> {
        match (self, kind) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(n), &Type::INT8) => n.to_sql(kind, out),
            (Value::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(kind, out),
            (Value::Bool(b), &Type::BOOL) => b.to_sql(kind, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => text.to_sql(kind, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.as_ref().to_sql(kind, out),
            (value, kind) => Err(format!("{value:?} is bound where {kind} is expected").into()),
        }
    }

    // The value knows its kind only when it is bound.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> std::result::Result<Self, Wrong> {
        Ok(match *kind {
            Type::INT8 => Cell::Int(i64::from_sql(kind, raw)?),
            Type::INT4 => Cell::Int(i32::from_sql(kind, raw)?.into()),
            Type::BOOL => Cell::Bool(bool::from_sql(kind, raw)?),
            Type::TEXT | Type::VARCHAR => Cell::Text(<&str>::from_sql(kind, raw)?),
            Type::BYTEA => Cell::Bytes(raw),
            _ => return Err(format!("{kind} is outside the portable subset").into()),
        })
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Wrong> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Cells for Row {
    fn len(&self) -> usize {
        Row::len(self)
    }

    fn cell(&self, index: usize) -> Result<Cell<'_>> {
        self.try_get(index).map_err(plain)
    }

    fn name(&self, index: usize) -> String {
        self.columns().get(index).map_or("?", |column| column.name()).to_owned()
    }
}
