//! The TOML file: its names and values as texts, each with the line where it stands.

use super::row::{Kind, Row, Source};
use super::{ConfigError, ROWS};
use crate::nearest::nearest;
use keystead_model::Secret;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One value of the file.
#[derive(Debug)]
pub(super) struct Found {
    /// The setting.
    pub row: &'static Row,
    /// Its value as text.
    pub text: Secret,
    /// Where it stands.
    pub source: Source,
}

/// Reads a file.
pub(super) fn read(path: &Path) -> Result<Vec<Found>, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| ConfigError::Unreadable { path: path.to_path_buf(), cause: e.to_string() })?;
    parse(path, &text)
}

/// Reads the text of a file.
pub(super) fn parse(path: &Path, text: &str) -> Result<Vec<Found>, ConfigError> {
    let mut reader = Reader { path, text, found: Vec::new() };
    let table = DeTable::parse(text).map_err(|e| ConfigError::Syntax {
        path: path.to_path_buf(),
        line: reader.line(e.span().map_or(0, |span| span.start)),
        message: e.message().replace('\n', " "),
    })?;
    reader.table("", table.get_ref())?;
    Ok(reader.found)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    found: Vec<Found>,
}

impl Reader<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) -> Result<(), ConfigError> {
        for (name, value) in table {
            let key = match prefix {
                "" => name.get_ref().to_string(),
                _ => format!("{prefix}.{}", name.get_ref()),
            };
            let line = self.line(name.span().start);
            if let Some(row) = ROWS.iter().find(|row| row.key == key) {
                let source = Source::File { path: self.path.to_path_buf(), line };
                let text = scalar(row, value).map_err(|why| ConfigError::Value {
                    key: row.key,
                    source_of: source.clone(),
                    why,
                })?;
                self.found.push(Found { row, text: Secret::new(text), source });
            } else if let (DeValue::Table(inner), true) = (value.get_ref(), is_section(&key)) {
                self.table(&key, inner)?;
            } else {
                let nearest = nearest(&key, ROWS.iter().map(|row| row.key));
                return Err(ConfigError::Unknown {
                    path: self.path.to_path_buf(),
                    line,
                    key,
                    nearest,
                });
            }
        }
        Ok(())
    }

    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
    }
}

fn is_section(key: &str) -> bool {
    ROWS.iter().any(|row| row.key.split_once('.').is_some_and(|(section, _)| section == key))
}

fn scalar(row: &Row, value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    match (row.kind, value.get_ref()) {
        (Kind::Text, DeValue::String(text)) => Ok(text.to_string()),
        (Kind::Number, DeValue::Integer(n)) => i64::from_str_radix(n.as_str(), n.radix())
            .map(|n| n.to_string())
            .map_err(|_| "must be a smaller number".to_owned()),
        (Kind::Text, other) => Err(format!("must be a text in quotes, not {}", a(other))),
        (Kind::Number, other) => Err(format!("must be a whole number, not {}", a(other))),
    }
}

fn a(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
