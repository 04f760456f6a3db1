//! The settings reference, docs/settings.md: tables made from the rows, in a text of their own.

use super::{OPTIONS, ROWS, Row};
use keystead_model::Settings;
use keystead_model::settings::{Document, Scope, SettingError, SettingRow};
use std::fmt::Write as _;

/// The text around the tables.
const TEXT: &str = include_str!("reference.md");

/// The whole page, as Markdown.
#[must_use]
pub fn reference() -> String {
    TEXT.replace("{server}\n", &server()).replace("{pool}\n", &pool())
}

fn server() -> String {
    let mut out = "| name | variable, option | default | what it does |\n".to_owned();
    out += "| --- | --- | --- | --- |\n";
    for row in ROWS {
        let option = OPTIONS.iter().find(|(key, _)| *key == row.key);
        let option = option.map(|(_, option)| format!(", `{option}`")).unwrap_or_default();
        let default = row.default.map_or("none".to_owned(), |text| format!("`{text}`"));
        let (key, variable, doc) = (row.key, row.variable(), about(row));
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| `{key}` | `{variable}`{option} | {default} | {doc} |");
    }
    out
}

fn about(row: &Row) -> String {
    let mut doc = row.doc.trim().to_owned();
    if let Some((min, max)) = row.range {
        doc += &format!(" From {min} to {max}.");
    }
    if row.secret {
        doc += &format!(" Secret: `{}_FILE` may name a file instead.", row.variable());
    }
    cell(&doc)
}

fn pool() -> String {
    let mut out = String::new();
    let mut sections: Vec<&str> = Vec::new();
    for row in Settings::ROWS {
        if !sections.contains(&row.section) {
            sections.push(row.section);
        }
    }
    for (n, section) in sections.iter().enumerate() {
        let gap = if n == 0 { "" } else { "\n" };
        let _ = writeln!(out, "{gap}### {}", title(section));
        out += "| name | value | default | set in | what it does |\n";
        out += "| --- | --- | --- | --- | --- |\n";
        for row in Settings::ROWS.iter().filter(|row| row.section == *section) {
            let (name, values, default) = (row.name, values(row), default(row));
            let (scopes, doc) = (scopes(row), cell(row.doc.trim()));
            let _ = writeln!(out, "| `{name}` | {values} | {default} | {scopes} | {doc} |");
        }
    }
    out
}

fn title(section: &str) -> String {
    if section == "oauth" {
        return "OAuth".to_owned();
    }
    let mut letters = section.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn scopes(row: &SettingRow) -> String {
    let name = |scope: &Scope| match scope {
        Scope::Pool => "pool",
        Scope::Application => "application",
    };
    row.scopes.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn default(row: &SettingRow) -> String {
    match (row.default)() {
        serde_json::Value::Null => "none".to_owned(),
        value => format!("`{value}`"),
    }
}

/// What may be written: for a choice, every word of it.
fn values(row: &SettingRow) -> String {
    if let Some((min, max)) = row.range {
        return format!("{min} to {max}");
    }
    match row.kind {
        "bool" => "true or false".to_owned(),
        "String" | "Option<String>" => "text".to_owned(),
        "Vec<String>" | "Option<Vec<String>>" => "list of texts".to_owned(),
        "Vec<Network>" => "list of networks".to_owned(),
        kind => choices(row).unwrap_or_else(|| kind.to_owned()),
    }
}

/// The words of a choice, as its reader lists them when it refuses another.
fn choices(row: &SettingRow) -> Option<String> {
    let item = serde_json::Value::from("");
    let lists = row.kind.contains("Vec<");
    let value = if lists { vec![item].into() } else { item };
    let document = Document::from_iter([(row.name.to_owned(), value)]);
    let refused = Settings::default().overlay(*row.scopes.first()?, &document).err()?;
    let SettingError::Type(_, why) = refused else { return None };
    let (_, words) = why.split_once("expected ")?;
    let words: Vec<String> =
        words.split('`').skip(1).step_by(2).map(|word| format!("`\"{word}\"`")).collect();
    let (last, first) = words.split_last()?;
    let one =
        if first.is_empty() { last.clone() } else { format!("{} or {last}", first.join(", ")) };
    Some(if lists { format!("list of {one}") } else { one })
}

/// A text that stands in one cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_page_is_what_the_rows_say() {
        let committed = include_str!("../../../../docs/settings.md");
        let stale = "docs/settings.md is not what the rows say: run `cargo xtask settings`";
        assert!(committed == reference(), "{stale}");
    }

    #[test]
    fn every_row_is_there_and_readable() {
        let page = reference();
        assert!(!page.contains("{server}") && !page.contains("{pool}"));
        for row in Settings::ROWS {
            assert!(page.contains(&format!("\n| `{}` | ", row.name)), "{}", row.name);
            let values = values(row);
            assert!(!values.contains('<') && !values.contains("::"), "{}: {values}", row.name);
        }
        for (key, _) in OPTIONS {
            assert!(ROWS.iter().any(|row| row.key == *key), "{key}");
        }
    }
}
