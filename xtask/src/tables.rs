//! Reads the `tables` blocks of the design pages and writes the migration (`model.md` 0).

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// The tables that exist so far. A reference to any other table is a plain column.
const TABLES: &[&str] = &[
    "pools",
    "settings",
    "domains",
    "aliases",
    "tombstones",
    "sequences",
    "row_counts",
    "applications",
    "application_users",
    "users",
    "user_activity",
    "user_security",
    "identities",
    "credentials",
    "password_history",
    "trusted_browsers",
    "one_time_secrets",
    "signins",
    "sessions",
    "grants",
    "refresh_families",
    "access_handles",
    "denied_tokens",
    "signing_keys",
    "connections",
    "connection_applications",
    "consents",
    "counters",
    "seen",
    "data_keys",
    "changes",
    "namespaces",
    "roles",
    "role_assignments",
    "groups",
    "group_members",
    "custom_fields",
    "search_values",
    "search_terms",
    "access_keys",
    "administrators",
    "audit_events",
    "outbox",
    "dead_letters",
    "jobs",
    "job_items",
];

/// PostgreSQL cuts names at 63 bytes; a name stays below, with room for `_2`.
const LONGEST_NAME: usize = 60;

/// One column of a table.
struct Column {
    name: String,
    /// The letter of the notation: T, K, J, I, B, Y.
    letter: char,
    nullable: bool,
    default: Option<String>,
    reference: Option<Reference>,
}

/// Which table a column refers to, and what happens when the row there is deleted.
struct Reference {
    table: String,
    /// `!` cascade, `~` set null, `.` no action.
    on_delete: char,
}

/// One index of a table.
struct Index {
    unique: bool,
    columns: Vec<String>,
    condition: Option<String>,
}

/// One table as the notation gives it, with what it implies written out.
struct Table {
    name: String,
    columns: Vec<Column>,
    primary_key: Vec<String>,
    indexes: Vec<Index>,
}

/// Writes to `out` the migration that creates every table of the list, from the pages in
/// `design_dir`.
///
/// # Errors
/// A page cannot be read, a line does not follow the notation, a table of the list is missing, or
/// two unique indexes of a table stand over the same columns.
pub fn run(design_dir: &Path, out: &Path) -> Result<()> {
    let mut lines = Vec::new();
    for page in ["model.md", "signin.md"] {
        let path = design_dir.join(page);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("reading {}", path.display()))?;
        lines.extend(table_lines(&text));
    }
    std::fs::write(out, migration(&lines, TABLES)?)
        .with_context(|| format!("writing {}", out.display()))
}

/// The lines of the ```tables blocks of a page.
fn table_lines(page: &str) -> Vec<String> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```tables";
        } else if inside && !line.trim().is_empty() {
            lines.push(line.to_owned());
        }
    }
    lines
}

/// The migration's text for the tables named in `wanted`.
fn migration(lines: &[String], wanted: &[&str]) -> Result<String> {
    let mut tables = Vec::new();
    for line in lines {
        let table = parse(line, wanted).with_context(|| format!("in the line `{line}`"))?;
        if wanted.contains(&table.name.as_str()) {
            ensure!(
                tables.iter().all(|t: &Table| t.name != table.name),
                "table {} is defined twice",
                table.name
            );
            tables.push(table);
        }
    }
    for name in wanted {
        ensure!(tables.iter().any(|t| t.name == *name), "no page defines table {name}");
    }
    let mut text = String::from(
        "-- Written by `cargo xtask tables` from the notation of the design pages. Both engines \
         load it.\n",
    );
    for table in sorted(tables)? {
        write_table(&mut text, &table)?;
    }
    Ok(text)
}

/// Orders tables so that each stands after those it refers to.
fn sorted(mut left: Vec<Table>) -> Result<Vec<Table>> {
    let mut done: Vec<Table> = Vec::new();
    while !left.is_empty() {
        let before = left.len();
        let mut waiting = Vec::new();
        for table in left {
            let ready = table
                .columns
                .iter()
                .filter_map(|c| c.reference.as_ref())
                .all(|r| r.table == table.name || done.iter().any(|d| d.name == r.table));
            if ready { done.push(table) } else { waiting.push(table) }
        }
        let names: Vec<_> = waiting.iter().map(|t| t.name.as_str()).collect();
        ensure!(waiting.len() < before, "these tables refer to each other: {}", names.join(", "));
        left = waiting;
    }
    Ok(done)
}

/// Reads one line: `name flags: column | column | U(..) | X(..) if .. | P(..)`.
fn parse(line: &str, wanted: &[&str]) -> Result<Table> {
    let (head, body) = line.split_once(": ").context("no `: ` after the table's name")?;
    let mut words = head.split_whitespace();
    let name = words.next().context("no table name")?.to_owned();
    let flags: BTreeSet<&str> = words.collect();
    for flag in &flags {
        ensure!(["-pool", "-id", "-c", "+u"].contains(flag), "unknown flag `{flag}`");
    }
    let pooled = !flags.contains("-pool");
    let mut table = Table { name, columns: vec![], primary_key: vec![], indexes: vec![] };
    if !flags.contains("-id") {
        table.columns.push(column("id T")?);
        table.primary_key.push("id".to_owned());
    }
    if pooled {
        table.columns.push(column("pool_id T>pools!")?);
    }
    let mut keys = Vec::new();
    for part in body.split(" | ").map(str::trim) {
        match part.split_once('(') {
            Some((kind @ ("P" | "U" | "X" | "Ug" | "Xg"), rest)) => keys.push((kind, rest)),
            _ => table.columns.push(column(part)?),
        }
    }
    for (flag, name) in [("-c", "created_at I"), ("+u", "updated_at I")] {
        if flags.contains(flag) == (flag == "+u") {
            table.columns.push(column(name)?);
        }
    }
    for (kind, rest) in keys {
        key(&mut table, kind, rest, pooled)?;
    }
    ensure!(!table.primary_key.is_empty(), "`-id` needs `P(..)`");
    for column in &mut table.columns {
        if column.reference.as_ref().is_some_and(|r| !wanted.contains(&r.table.as_str())) {
            column.reference = None;
        }
    }
    index_references(&mut table);
    check(&table)?;
    Ok(table)
}

/// Reads `name T?=default>table!` (the default may also stand last).
fn column(text: &str) -> Result<Column> {
    let (name, rest) = text.split_once(' ').with_context(|| format!("no type in `{text}`"))?;
    let mut rest = rest.trim();
    let letter = rest.chars().next().context("no type")?;
    ensure!("TKJIBY".contains(letter), "unknown type `{letter}` of {name}");
    rest = rest.split_at(1).1;
    let nullable = rest.starts_with('?');
    rest = rest.strip_prefix('?').unwrap_or(rest);
    let (mut default, mut reference) = (None, None);
    while !rest.is_empty() {
        if let Some(tail) = rest.strip_prefix('>') {
            let end = tail.find(['!', '~', '.']).context("no `!`, `~` or `.` after a reference")?;
            let (table, tail) = tail.split_at(end);
            let on_delete = tail.chars().next().context("a reference ends early")?;
            reference = Some(Reference { table: table.to_owned(), on_delete });
            rest = tail.split_at(1).1;
        } else if let Some(tail) = rest.strip_prefix('=') {
            let end = tail.find('>').unwrap_or(tail.len());
            let (value, tail) = tail.split_at(end);
            default = Some(value.to_owned());
            rest = tail;
        } else {
            bail!("`{rest}` of {name} is not part of the notation");
        }
    }
    ensure!(
        nullable || reference.as_ref().is_none_or(|r| r.on_delete != '~'),
        "{name} is set to null but is not nullable"
    );
    Ok(Column { name: name.to_owned(), letter, nullable, default, reference })
}

/// Reads the rest of `U(a, b) if ..` after the parenthesis and adds it to the table.
fn key(table: &mut Table, kind: &str, rest: &str, pooled: bool) -> Result<()> {
    let (list, tail) = rest.split_once(')').context("no `)`")?;
    let mut columns: Vec<String> = list.split(',').map(|c| c.trim().to_owned()).collect();
    let condition = tail.trim().strip_prefix("if ").map(str::to_owned);
    ensure!(condition.is_some() || tail.trim().is_empty(), "`{tail}` after an index");
    if kind == "P" {
        ensure!(condition.is_none(), "a primary key cannot be partial");
        table.primary_key = columns;
        return Ok(());
    }
    let leads_with_id = table
        .columns
        .iter()
        .any(|c| Some(&c.name) == columns.first() && c.name.ends_with("_id") && c.letter == 'T');
    if pooled && kind.len() == 1 && !leads_with_id {
        columns.insert(0, "pool_id".to_owned());
    }
    table.indexes.push(Index { unique: kind.starts_with('U'), columns, condition });
    Ok(())
}

/// A reference that leads no whole index gets one of its own, or deleting the parent scans.
fn index_references(table: &mut Table) {
    for column in table.columns.iter().filter(|c| c.reference.is_some()) {
        let leads = table.primary_key.first() == Some(&column.name)
            || table
                .indexes
                .iter()
                .any(|i| i.condition.is_none() && i.columns.first() == Some(&column.name));
        if !leads {
            let columns = vec![column.name.clone()];
            table.indexes.push(Index { unique: false, columns, condition: None });
        }
    }
}

/// Every indexed column exists, and no two unique indexes stand over the same columns: SQLite
/// reports a conflict by its columns, so those two could not be told apart.
fn check(table: &Table) -> Result<()> {
    let known: BTreeSet<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    ensure!(known.len() == table.columns.len(), "a column stands twice");
    let mut unique = BTreeSet::from([table.primary_key.clone()]);
    for column in table.primary_key.iter().chain(table.indexes.iter().flat_map(|i| &i.columns)) {
        ensure!(known.contains(column.as_str()), "no column {column}");
    }
    for index in table.indexes.iter().filter(|i| i.unique) {
        ensure!(
            unique.insert(index.columns.clone()),
            "two unique indexes over ({})",
            index.columns.join(", ")
        );
    }
    Ok(())
}

/// Appends the statements of one table.
fn write_table(text: &mut String, table: &Table) -> Result<()> {
    writeln!(text, "\nCREATE TABLE {} (", table.name)?;
    for column in &table.columns {
        let kind = match column.letter {
            'I' => "BIGINT",
            'B' => "BOOLEAN",
            'Y' => "BYTEA",
            'K' => "TEXT COLLATE \"binary\"",
            _ => "TEXT",
        };
        write!(text, "    {} {kind}", column.name)?;
        if !column.nullable {
            text.push_str(" NOT NULL");
        }
        if let Some(value) = &column.default {
            write!(text, " DEFAULT {value}")?;
        }
        if let Some(Reference { table, on_delete }) = &column.reference {
            let action = match on_delete {
                '!' => " ON DELETE CASCADE",
                '~' => " ON DELETE SET NULL",
                _ => "",
            };
            write!(text, " REFERENCES {table}{action}")?;
        }
        text.push_str(",\n");
    }
    writeln!(text, "    PRIMARY KEY ({})\n);", table.primary_key.join(", "))?;
    let mut names = BTreeSet::new();
    for index in &table.indexes {
        let name = index_name(&table.name, index, &mut names);
        let unique = if index.unique { "UNIQUE " } else { "" };
        write!(text, "CREATE {unique}INDEX {name} ON {}", table.name)?;
        write!(text, " ({})", index.columns.join(", "))?;
        if let Some(condition) = &index.condition {
            write!(text, " WHERE {condition}")?;
        }
        text.push_str(";\n");
    }
    Ok(())
}

/// `<table>_<columns>_key` or `_idx`, cut to 60 characters, with `_2` and so on when taken.
fn index_name(table: &str, index: &Index, taken: &mut BTreeSet<String>) -> String {
    let suffix = if index.unique { "_key" } else { "_idx" };
    let mut base = format!("{table}_{}", index.columns.join("_"));
    base.truncate(LONGEST_NAME - suffix.len());
    let mut name = format!("{base}{suffix}");
    let mut n = 2;
    while !taken.insert(name.clone()) {
        let tail = format!("{suffix}_{n}");
        base.truncate(LONGEST_NAME - tail.len());
        name = format!("{base}{tail}");
        n += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(lines: &[&str]) -> Result<String> {
        let wanted: Vec<_> = lines.iter().map(|l| l.split([' ', ':']).next().unwrap()).collect();
        migration(&lines.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>(), &wanted)
    }

    #[test]
    fn what_the_notation_implies_is_written_out() {
        let text = written(&[
            "roles +u: code K | parent_id T?>roles~ | other_id T>elsewhere! | n I=0 | U(code) | \
             X(other_id, n) | Xg(n) if n is not null",
            "pools -pool: code K | kinds J='[]' | Ug(code)",
        ])
        .unwrap();
        let expected = r#"
CREATE TABLE pools (
    id TEXT NOT NULL,
    code TEXT COLLATE "binary" NOT NULL,
    kinds TEXT NOT NULL DEFAULT '[]',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX pools_code_key ON pools (code);

CREATE TABLE roles (
    id TEXT NOT NULL,
    pool_id TEXT NOT NULL REFERENCES pools ON DELETE CASCADE,
    code TEXT COLLATE "binary" NOT NULL,
    parent_id TEXT REFERENCES roles ON DELETE SET NULL,
    other_id TEXT NOT NULL,
    n BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX roles_pool_id_code_key ON roles (pool_id, code);
CREATE INDEX roles_other_id_n_idx ON roles (other_id, n);
CREATE INDEX roles_n_idx ON roles (n) WHERE n is not null;
CREATE INDEX roles_parent_id_idx ON roles (parent_id);
"#;
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn a_line_outside_the_notation_is_refused() {
        for (line, why) in [
            ("a -pool x T", "no `: `"),
            ("a -pool -what: x T", "unknown flag"),
            ("a -pool: x Z", "unknown type"),
            ("a -pool: x T!", "not part of the notation"),
            ("a -pool: x T>a~", "not nullable"),
            ("a -pool: x T>a", "no `!`"),
            ("a -pool -id: x T", "needs `P(..)`"),
            ("a -pool: x T | U(y)", "no column y"),
            ("a -pool: x T | U(x) | U(x) if x = 'b'", "two unique indexes"),
            ("a -pool: x T | U(id)", "two unique indexes"),
            ("a -pool: x T | x I", "twice"),
        ] {
            let error = format!("{:#}", written(&[line]).unwrap_err());
            assert!(error.contains(why), "{line}: {error}");
        }
    }

    #[test]
    fn tables_in_a_circle_are_refused() {
        let error = written(&["a -pool: x T>b!", "b -pool: x T>a!"]).unwrap_err();
        assert!(error.to_string().contains("a, b"), "{error}");
    }

    #[test]
    fn long_and_equal_names_stay_apart() {
        let mut taken = BTreeSet::new();
        let columns: Vec<_> = (0..20).map(|n| format!("column_{n}")).collect();
        let index = |unique| Index { unique, columns: columns.clone(), condition: None };
        let names: Vec<_> =
            (0..12).map(|n| index_name("t", &index(n % 2 == 0), &mut taken)).collect();
        assert_eq!(taken.len(), 12);
        assert!(names.iter().all(|n| n.len() <= LONGEST_NAME));
    }
}
