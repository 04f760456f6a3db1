//! Every row and every text of the source, held against the migrated tables.

use super::on_both;
use super::place::{Place, on_postgres, on_sqlite};
use crate::row::{RowFacts, Stored};
use crate::{ROWS, Target, sql, values};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::parse::{Parse, ParseStream};
use syn::visit::Visit;
use tokio_postgres::NoTls;
use tokio_postgres::types::Type;

on_both! { rows_fit_their_tables }

/// The columns of a migrated table: what is stored there, and whether NULL may be.
async fn columns_of(place: &Place, table: &str) -> BTreeMap<String, (Stored, bool)> {
    let text = if place.is_sqlite() {
        "SELECT name, type, CASE \"notnull\" WHEN 1 THEN 'NO' ELSE 'YES' END \
         FROM pragma_table_info($1)"
    } else {
        "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT), CAST(is_nullable AS TEXT) \
         FROM information_schema.columns WHERE CAST(table_name AS TEXT) = $1"
    };
    let rows = place.begin().list::<(String, String, String)>(text, values![table]).await.unwrap();
    let stored = |kind: &str| match kind.to_ascii_uppercase().as_str() {
        "TEXT" => Stored::Text,
        "BIGINT" => Stored::Int,
        "BOOLEAN" => Stored::Bool,
        "BYTEA" => Stored::Bytes,
        other => panic!("{table} has a column of type {other}"),
    };
    rows.into_iter().map(|(name, kind, null)| (name, (stored(&kind), null == "YES"))).collect()
}

async fn rows_fit_their_tables(place: Place) {
    for RowFacts { name, table, columns } in ROWS {
        let Some(table) = table else { continue };
        let there = columns_of(&place, table).await;
        assert!(!there.is_empty(), "{name}: no table {table}");
        for (column, stored, nullable) in *columns {
            let (kind, null) = there
                .get(*column)
                .unwrap_or_else(|| panic!("{name}: {table} has no column {column}"));
            assert_eq!(stored, kind, "{name}.{column}");
            assert!(*nullable || !null, "{name}.{column} takes no NULL, the table may hold one");
        }
    }
}

/// The source files of this crate, tests left out.
fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                walk(&path, files);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

/// What the source says with our macros.
#[derive(Default)]
struct Said {
    file: String,
    /// Place and text, its columns filled in.
    texts: Vec<(String, String)>,
    rows: BTreeSet<String>,
}

struct Text {
    text: String,
    rows: Vec<String>,
}

impl Parse for Text {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let text = input.parse::<syn::LitStr>()?.value();
        let mut rows = Vec::new();
        while input.parse::<Option<syn::Token![,]>>()?.is_some() && !input.is_empty() {
            rows.push(input.parse::<syn::Ident>()?.to_string());
        }
        Ok(Self { text, rows })
    }
}

impl<'ast> Visit<'ast> for Said {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.ident != "tests" {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if mac.path.is_ident("row") {
            let words = mac.tokens.to_string();
            let name = words.split("struct ").nth(1).unwrap();
            self.rows.insert(name.split_whitespace().next().unwrap().to_owned());
        }
        if mac.path.is_ident("sql") {
            let Text { mut text, rows } = mac.parse_body().unwrap();
            for row in rows {
                text = fill(&text, &row);
            }
            self.texts.push((format!("{}: {text}", self.file), text));
        }
    }
}

/// Puts a row's columns in place of its name, as `sql!` does.
fn fill(text: &str, row: &str) -> String {
    let facts = ROWS.iter().find(|facts| facts.name == row);
    let columns = facts.unwrap_or_else(|| panic!("{row} is missing in ROWS")).columns;
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap();
        let (alias, named) = name.rsplit_once('.').map_or(("", name), |(a, n)| (a, n));
        out.push_str(before);
        if named == row {
            let point = if alias.is_empty() { "" } else { "." };
            let list: Vec<_> =
                columns.iter().map(|(name, ..)| format!("{alias}{point}{name}")).collect();
            out.push_str(&list.join(", "));
        } else {
            out.push_str(&format!("{{{name}}}"));
        }
        rest = tail;
    }
    out + rest
}

fn said() -> Said {
    let mut said = Said::default();
    for path in sources() {
        said.file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let file = syn::parse_file(&std::fs::read_to_string(&path).unwrap()).unwrap();
        said.visit_file(&file);
    }
    assert!(said.texts.len() > 20 && said.rows.len() > 10);
    said
}

#[test]
fn every_row_is_in_the_list() {
    let listed: BTreeSet<String> = ROWS.iter().map(|facts| facts.name.to_owned()).collect();
    assert_eq!(listed.len(), ROWS.len(), "two rows have one name");
    assert_eq!(said().rows, listed);
}

#[test]
fn sqlite_takes_every_text_and_agrees_on_what_only_reads() {
    on_sqlite(|place| async move {
        let conn = rusqlite::Connection::open(place.path()).unwrap();
        for (at, text) in said().texts {
            let statement = conn.prepare(&text).unwrap_or_else(|error| panic!("{at}\n{error}"));
            assert_eq!(statement.readonly(), sql::is_read(&text), "{at}");
        }
    });
}

#[test]
fn postgres_takes_every_text_with_the_types_we_bind() {
    on_postgres(|place| async move {
        let Target::Pg { url, .. } = &place.target else { panic!("PostgreSQL expected") };
        let (client, connection) = tokio_postgres::connect(url.expose(), NoTls).await.unwrap();
        let driving = tokio::spawn(connection);
        let mut wrong = Vec::new();
        for (at, text) in said().texts {
            let statement = match client.prepare(&text).await {
                Ok(statement) => statement,
                Err(error) => {
                    let why = error.as_db_error().map(ToString::to_string);
                    wrong.push(format!("{at}\n    {}", why.unwrap_or_default()));
                    continue;
                }
            };
            // An INT4 parameter comes from a literal beside it and would refuse a time.
            let bound = [Type::INT8, Type::BOOL, Type::TEXT, Type::BYTEA];
            for (n, kind) in statement.params().iter().enumerate() {
                if !bound.contains(kind) {
                    wrong.push(format!("{at}\n    ${} is {kind}: CAST it", n + 1));
                }
            }
            let taken = [Type::INT8, Type::INT4, Type::BOOL, Type::TEXT, Type::BYTEA];
            for column in statement.columns() {
                if !taken.contains(column.type_()) {
                    wrong.push(format!("{at}\n    {} is {}", column.name(), column.type_()));
                }
            }
        }
        drop(client);
        driving.await.unwrap().unwrap();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn sqlite_takes_the_selective_index_from_its_first_start() {
    on_sqlite(|place| async move {
        for (text, index) in [
            ("users WHERE pool_id = $1 AND id = $2", "sqlite_autoindex_users_1"),
            ("grants WHERE pool_id = $1 AND session_id = $2", "grants_session_id_idx"),
            ("grants WHERE pool_id = $1 AND id = $2", "sqlite_autoindex_grants_1"),
            (
                "credentials WHERE pool_id = $1 AND user_id = $2 AND kind = 'totp'",
                "credentials_user_id_kind_idx",
            ),
            ("roles WHERE pool_id = $1 AND parent_id = $2", "roles_parent_id_idx"),
            ("users WHERE pool_id = $1 AND email_key = $2", "users_pool_id_email_key_idx"),
        ] {
            let plan: &'static str = format!("EXPLAIN QUERY PLAN SELECT 1 FROM {text}").leak();
            let conn = rusqlite::Connection::open(place.path()).unwrap();
            let plan: String = conn.query_row(plan, ["a", "b"], |row| row.get(3)).unwrap();
            assert!(plan.contains(&format!("INDEX {index} ")), "{text}: {plan}");
        }
    });
}

#[test]
fn migrations_follow_the_rules_of_the_portable_subset() {
    for migration in crate::migrate::ALL {
        let text = migration.sql.to_ascii_uppercase();
        for word in ["DEFERRABLE", "RESTRICT", "NOW()", "JSONB", "SERIAL,", "IF NOT EXISTS"] {
            assert!(!text.contains(word), "migration {}: {word}", migration.version);
        }
        let unique = text.matches(" UNIQUE").count();
        let named = text.matches("CREATE UNIQUE INDEX").count();
        assert_eq!(unique, named, "uniqueness is a named index, never inline");
    }
}
