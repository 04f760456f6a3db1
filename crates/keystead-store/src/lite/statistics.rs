//! Statistics before there is data: without them SQLite takes `pool_id = ?` for selective and
//! scans a pool where an index of the parent's id would find three rows.

use rusqlite::{Connection, Transaction, params};

/// Rows that every table is said to have.
const ROWS: u64 = 100_000;
/// Rows that are said to share a pool.
const PER_POOL: u64 = 50_000;

/// Writes assumed statistics for every index. `PRAGMA optimize` replaces them as tables grow.
pub(crate) fn assume(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    // Only ANALYZE makes the table; it finds nothing in empty tables.
    tx.execute_batch("ANALYZE; DELETE FROM sqlite_stat1;")?;
    let mut list = tx.prepare(
        "SELECT t.name, i.name, i.\"unique\", c.name FROM sqlite_schema t, \
         pragma_index_list(t.name) i, pragma_index_info(i.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, i.name, c.seqno",
    )?;
    let mut indexes: Vec<(String, String, bool, Vec<Option<String>>)> = Vec::new();
    let mut rows = list.query([])?;
    while let Some(row) = rows.next()? {
        let (table, index, unique): (String, String, bool) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let column = row.get(3)?;
        match indexes.last_mut() {
            Some((t, i, _, columns)) if *t == table && *i == index => columns.push(column),
            _ => indexes.push((table, index, unique, vec![column])),
        }
    }
    let mut insert = tx.prepare("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)")?;
    for (table, index, unique, columns) in indexes {
        insert.execute(params![table, index, stat(unique, &columns)])?;
    }
    Ok(())
}

/// Makes the connection use what was written.
pub(crate) fn load(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("ANALYZE sqlite_schema")
}

/// Rows of the table, then rows per value of each prefix of the columns.
fn stat(unique: bool, columns: &[Option<String>]) -> String {
    let mut numbers = vec![ROWS];
    let mut left = ROWS;
    for (n, column) in columns.iter().enumerate() {
        left = match column.as_deref() {
            _ if unique && n + 1 == columns.len() => 1,
            Some("pool_id") => left.min(PER_POOL),
            Some(name) if name == "id" || name.ends_with("_key") || name.ends_with("_hash") => 1,
            Some(name) if name.ends_with("_id") => (left / 10_000).max(1),
            _ => (left / 10).max(1),
        };
        numbers.push(left);
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_many_rows_and_a_parent_few() {
        let columns = |names: &[&str]| names.iter().map(|n| Some((*n).to_owned())).collect();
        let cases: [(bool, &[&str], &str); 4] = [
            (true, &["id"], "100000 1"),
            (false, &["pool_id"], "100000 50000"),
            (false, &["user_id", "state"], "100000 10 1"),
            (true, &["pool_id", "kind", "key"], "100000 50000 5000 1"),
        ];
        for (unique, names, expected) in cases {
            let columns: Vec<_> = columns(names);
            assert_eq!(stat(unique, &columns), expected, "{names:?}");
        }
    }
}
