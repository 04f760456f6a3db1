//! Subjects: whoever a row names by a pair of kind and id, without a foreign key.

use crate::role_assignments::padded;
use crate::{Result, Scoped, Value, sql, values};
use keystead_model::{Id, UserId};

/// How many ids or codes one text takes.
pub const IDS: usize = 20;

/// Tables with such a pair, under the names of its columns. A test holds this list against the
/// migrations, so that [`forget`] misses none.
pub const TABLES: &[&str] = &["role_assignments"];

/// Which of these users exist, in no order.
///
/// # Errors
/// A fault of the store.
pub async fn users(s: &mut Scoped<'_>, ids: &[Id]) -> Result<Vec<UserId>> {
    let text = sql!(
        "SELECT id FROM users WHERE pool_id = $1 AND id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10,
            $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
    );
    let mut found = Vec::new();
    for chunk in ids.chunks(IDS) {
        let rows = s.list::<(UserId,)>(text, &padded(chunk)).await?;
        found.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(found)
}

/// The groups with these codes, as pairs of code and id, in no order.
///
/// # Errors
/// A fault of the store.
pub async fn groups(s: &mut Scoped<'_>, codes: &[&str]) -> Result<Vec<(String, Id)>> {
    let text = sql!(
        "SELECT code, id FROM groups WHERE pool_id = $1 AND code IN ($2, $3, $4, $5, $6, $7, $8,
            $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
    );
    let mut found = Vec::new();
    for chunk in codes.chunks(IDS) {
        let mut values: Vec<_> = chunk.iter().map(|code| Value::from(*code)).collect();
        values.resize(IDS, Value::from(""));
        found.extend(s.list::<(String, Id)>(text, &values).await?);
    }
    Ok(found)
}

/// Removes every row that names this subject.
///
/// # Errors
/// A fault of the store.
pub async fn forget(s: &mut Scoped<'_>, kind: &str, id: &str) -> Result<()> {
    s.execute(
        sql!(
            "DELETE FROM role_assignments
              WHERE pool_id = $1 AND subject_kind = $2 AND subject_id = $3"
        ),
        values![kind, id],
    )
    .await?;
    s.execute(
        sql!("DELETE FROM search_values WHERE pool_id = $1 AND kind = $2 AND target_id = $3"),
        values![kind, id],
    )
    .await?;
    s.execute(
        sql!("DELETE FROM search_terms WHERE pool_id = $1 AND kind = $2 AND target_id = $3"),
        values![kind, id],
    )
    .await?;
    s.execute(
        sql!("DELETE FROM aliases WHERE pool_id = $1 AND kind = $2 AND target_id = $3"),
        values![kind, id],
    )
    .await
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::TABLES;

    /// The tables of the migrations that have a column of this name.
    fn with_column(name: &str) -> Vec<String> {
        let mut found = Vec::new();
        for migration in crate::migrate::ALL {
            for table in migration.sql.split("CREATE TABLE ").skip(1) {
                let (head, rest) = table.split_once('(').unwrap();
                let body = rest.split_once("\n);").unwrap().0;
                if body.lines().any(|line| line.trim_start().starts_with(&format!("{name} "))) {
                    found.push(head.trim().to_owned());
                }
            }
        }
        found
    }

    #[test]
    fn every_table_that_names_a_subject_is_forgotten() {
        assert_eq!(with_column("subject_kind"), TABLES);
        let text = include_str!("subjects.rs");
        for table in TABLES {
            assert!(text.contains(&format!("\"DELETE FROM {table}")), "{table}");
        }
    }
}
