//! Invariants 1 and 7: where SQL stands, that it binds the pool, and what of SQL it uses.

use super::Finding;
use super::sql_text::Sql;
use super::tree::{File, Tree};
use crate::tokens::Token;
use std::collections::BTreeSet;

const STORE: &str = "crates/keystead-store/src/";
const MIGRATIONS: &str = "crates/keystead-store/migrations/";
/// Files whose texts run before the pool is known, or over all pools (clean-up, claims, feed).
const UNSCOPED: &[&str] = &["doors.rs", "work.rs", "work/outbox.rs", "migrate.rs"];
/// The drivers' own texts, the migrator and the one generated SQL are not in `sql!`.
const RAW: &[&str] = &["lite", "pg", "db.rs", "migrate", "list", "sql.rs", "row.rs", "tx.rs"];
/// What only one of the two databases knows, or what changes its meaning as tables grow.
const NOT_PORTABLE: &[&str] = &[
    "SELECT *",
    ".* ",
    ".*,",
    " ILIKE ",
    "now()",
    "CURRENT_TIMESTAMP",
    "FOR UPDATE",
    "->>",
    "::",
    "AUTOINCREMENT",
    " REGEXP ",
    "datetime(",
    "strftime(",
];

/// A text given to `sql!`.
struct Text<'a> {
    file: &'a File,
    line: usize,
    sql: String,
}

/// SQL stands in `sql!`, and that in keystead-store only.
pub fn places(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|f| f.path.starts_with("crates/")) {
        let in_store = file.path.strip_prefix(STORE);
        if in_store.is_some_and(|p| RAW.iter().any(|raw| p.starts_with(raw))) {
            continue;
        }
        let code = file.product_tokens();
        for (index, token) in code.iter().enumerate() {
            let is_sql = token.string.as_deref().is_some_and(looks_like_sql);
            let wrapped = in_store.is_some() && is_argument_of_sql(code, index);
            if is_sql && !wrapped {
                let what = "SQL belongs in `sql!`, in keystead-store, next to its row";
                findings.push(Finding::new(&file.path, token.line, what));
            }
        }
    }
    findings
}

/// Each text on a table of a pool binds the pool once per table it names.
pub fn pools(tree: &Tree) -> Vec<Finding> {
    let pool_tables = pool_tables(tree);
    let mut findings = Vec::new();
    if pool_tables.is_empty() {
        findings.push(Finding::new(
            MIGRATIONS,
            0,
            "no table with a `pool_id`: is this the folder?",
        ));
    }
    for Text { file, line, sql } in texts(tree) {
        if UNSCOPED.iter().any(|f| file.path.strip_prefix(STORE) == Some(f)) {
            continue;
        }
        let parsed = Sql::new(&sql);
        let named = parsed.tables().into_iter().filter(|t| pool_tables.contains(*t)).count();
        let bound = parsed.pools_bound();
        if bound < named {
            let what = format!("{named} tables of a pool, {bound} times `pool_id = $1`: {sql:.60}");
            findings.push(Finding::new(&file.path, line, what));
        }
    }
    findings
}

/// Texts use what both databases have.
pub fn portable(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for Text { file, line, sql } in texts(tree) {
        for mark in NOT_PORTABLE.iter().filter(|mark| sql.contains(**mark)) {
            findings.push(Finding::new(&file.path, line, format!("`{mark}` is not portable")));
        }
    }
    findings
}

/// Migrations name each unique index, defer nothing, and hold no two over the same columns.
pub fn migrations(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|f| f.path.starts_with(MIGRATIONS)) {
        let mut columns_seen = BTreeSet::new();
        for (index, line) in file.text.lines().enumerate() {
            let mut found = |what: String| findings.push(Finding::new(&file.path, index + 1, what));
            let upper = line.to_ascii_uppercase();
            if upper.contains("DEFERRABLE") {
                found("one deferred failure would fail a whole group of commits".into());
            }
            if !Sql::new(line).names("UNIQUE") || line.trim_start().starts_with("--") {
                continue;
            }
            match unique_columns(line) {
                None => found("write `CREATE UNIQUE INDEX name ON table (columns)`".into()),
                Some(columns) if !columns_seen.insert(columns.clone()) => {
                    found(format!(
                        "a second unique index over {columns}: reports cannot tell them"
                    ));
                }
                Some(_) => {}
            }
        }
    }
    findings
}

/// `table(columns)` of a named unique index, without its condition.
fn unique_columns(line: &str) -> Option<String> {
    let (_, rest) = line.trim_start().strip_prefix("CREATE UNIQUE INDEX ")?.split_once(" ON ")?;
    let (columns, _) = rest.split_once(" WHERE ").unwrap_or((rest, ""));
    Some(columns.trim_end_matches(';').split_whitespace().collect())
}

fn texts(tree: &Tree) -> Vec<Text<'_>> {
    let mut texts = Vec::new();
    for file in tree.rust().filter(|f| f.path.starts_with("crates/")) {
        let code = file.product_tokens();
        for (index, token) in code.iter().enumerate() {
            if let Some(sql) = token.string.clone().filter(|_| is_argument_of_sql(code, index)) {
                texts.push(Text { file, line: token.line, sql });
            }
        }
    }
    texts
}

fn is_argument_of_sql(code: &[Token], index: usize) -> bool {
    let before = index.checked_sub(3).and_then(|start| code.get(start..index));
    before.is_some_and(|b| b.iter().map(|t| t.text.as_str()).eq(["sql", "!", "("]))
}

fn looks_like_sql(text: &str) -> bool {
    let text = text.trim_start();
    [("SELECT ", " FROM "), ("INSERT INTO ", "("), ("UPDATE ", " SET "), ("DELETE FROM ", "")]
        .iter()
        .any(|(start, later)| text.starts_with(start) && text.contains(later))
}

/// Tables with a column `pool_id`, by the migrations.
fn pool_tables(tree: &Tree) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for file in tree.files.iter().filter(|f| f.path.starts_with(MIGRATIONS)) {
        for statement in file.text.split(';') {
            let Some((_, table)) = statement.split_once("CREATE TABLE ") else { continue };
            let Some((name, columns)) = table.split_once('(') else { continue };
            if Sql::new(columns).names("pool_id") {
                tables.insert(name.trim().to_owned());
            }
        }
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIGRATION: (&str, &str) = (
        "crates/keystead-store/migrations/0001.sql",
        "CREATE TABLE pools (\n  id TEXT NOT NULL\n);\n\
         CREATE TABLE users (\n  pool_id TEXT NOT NULL,\n  id TEXT NOT NULL\n);\n\
         CREATE UNIQUE INDEX users_key ON users (pool_id, id);\n",
    );

    fn store(text: &str) -> Tree {
        Tree::of(&[MIGRATION, ("crates/keystead-store/src/users.rs", text)])
    }

    #[test]
    fn sql_outside_its_place_is_found() {
        let text = "fn f() { g(\"SELECT id FROM users\"); g(\"SELECT a colour\"); }";
        let tree = Tree::of(&[("crates/keystead-core/src/users.rs", text)]);
        assert_eq!(places(&tree).len(), 1);
        assert_eq!(places(&store("fn f() { g(\"DELETE FROM users\"); }")).len(), 1);
        assert_eq!(places(&store("fn f() { g(sql!(\"DELETE FROM users\")); }")), []);
    }

    #[test]
    fn a_text_that_forgets_the_pool_is_found() {
        let good = "fn f() { sql!(\"SELECT {U} FROM users WHERE pool_id = $1\", U); }";
        let bad = "fn f() { sql!(\"SELECT {U} FROM users WHERE id = $2\", U); }";
        let pools_own = "fn f() { sql!(\"SELECT id FROM pools\"); }";
        assert_eq!(pools(&store(good)), []);
        assert_eq!(pools(&store(pools_own)), []);
        assert_eq!(pools(&store(bad)).len(), 1);
        let doors = Tree::of(&[MIGRATION, ("crates/keystead-store/src/doors.rs", bad)]);
        assert_eq!(pools(&doors), []);
        assert_eq!(pools(&Tree::of(&[])).len(), 1);
    }

    #[test]
    fn what_is_not_portable_is_found() {
        assert_eq!(portable(&store("fn f() { sql!(\"SELECT * FROM users\"); }")).len(), 1);
        assert_eq!(portable(&store("fn f() { sql!(\"SELECT count(*) FROM users\"); }")), []);
    }

    #[test]
    fn unnamed_and_twin_unique_indexes_are_found() {
        assert_eq!(migrations(&store("")), []);
        let text = "CREATE TABLE a (b TEXT UNIQUE);\nCREATE UNIQUE INDEX a_b ON a (b);\n\
                    CREATE UNIQUE INDEX a_b2 ON a (b) WHERE b = 'x';\n\
                    ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d DEFERRABLE;\n";
        let tree = Tree::of(&[("crates/keystead-store/migrations/0002.sql", text)]);
        let lines: Vec<usize> = migrations(&tree).into_iter().map(|f| f.line).collect();
        assert_eq!(lines, [1, 3, 4]);
    }
}
