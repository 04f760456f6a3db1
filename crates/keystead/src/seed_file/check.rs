//! Holds a document against the rows, and cuts it into steps.

use super::rows::{DOCUMENT, Kind, Row};
use super::tree::{Node, Shape};
use super::{SeedError, Step};
use crate::nearest::nearest;
use keystead_core::seed::Seed;
use keystead_model::settings::{Document, Scope, SettingError};
use keystead_model::{Id, Settings};
use serde_json::{Value, json};
use std::path::Path;

/// The sections in the order in which they are applied.
const ORDER: [&str; 6] =
    ["pools", "settings", "connections", "applications", "users", "access_keys"];

/// The steps of a document, once all of it has been found sound.
pub(super) fn steps(path: &Path, tree: &Node) -> Result<Vec<Step>, SeedError> {
    let check = Check { path };
    check.table("", tree, DOCUMENT)?;
    let Shape::Table(sections) = &tree.shape else { return Ok(Vec::new()) };
    let mut steps = Vec::new();
    for name in ORDER {
        let Some((_, section)) = sections.iter().find(|(known, _)| known == name) else { continue };
        match &section.shape {
            Shape::List(entries) => {
                for entry in entries {
                    steps.push(check.step(name, entry, json!({ name: [entry.value()] }))?);
                }
            }
            _ => steps.push(check.step(name, section, json!({ name: section.value() }))?),
        }
    }
    Ok(steps)
}

struct Check<'a> {
    path: &'a Path,
}

impl Check<'_> {
    fn step(&self, name: &str, node: &Node, seed: Value) -> Result<Step, SeedError> {
        // The rows have let it pass, so that only a value's inner form can be left to refuse.
        let seed: Seed = serde_json::from_value(seed)
            .map_err(|_| self.value(node.line, name, "does not have the expected form"))?;
        Ok(Step { line: node.line, seed, places: node.places() })
    }

    fn value(&self, line: usize, key: &str, why: impl Into<String>) -> SeedError {
        SeedError::Value { path: self.path.to_path_buf(), line, key: key.into(), why: why.into() }
    }

    fn unknown<'k>(
        &self,
        line: usize,
        within: &str,
        name: &str,
        known: impl Iterator<Item = &'k str>,
    ) -> SeedError {
        SeedError::Unknown {
            path: self.path.to_path_buf(),
            line,
            key: join(within, name),
            nearest: nearest(name, known).map(|name| join(within, name)),
        }
    }

    fn table(&self, within: &str, node: &Node, rows: &[Row]) -> Result<(), SeedError> {
        let Shape::Table(entries) = &node.shape else {
            let what = if within.is_empty() { "the file" } else { within };
            return Err(self.value(node.line, what, "must be a table"));
        };
        for (name, node) in entries {
            let Some(row) = rows.iter().find(|row| row.name == name) else {
                let known = rows.iter().map(|row| row.name);
                return Err(self.unknown(node.line, within, name, known));
            };
            self.one(&join(within, name), node, row.kind)?;
        }
        let missing = rows
            .iter()
            .find(|row| row.required && entries.iter().all(|(name, _)| name != row.name));
        match missing {
            Some(row) => Err(self.value(node.line, &join(within, row.name), "must be given")),
            None => Ok(()),
        }
    }

    fn one(&self, key: &str, node: &Node, kind: Kind) -> Result<(), SeedError> {
        let text = |node: &Node| matches!(node.shape, Shape::Leaf(Value::String(_)));
        let fits = match (kind, &node.shape) {
            (Kind::Text, _) => text(node),
            (Kind::Flag, Shape::Leaf(Value::Bool(_))) => true,
            (Kind::Id, Shape::Leaf(Value::String(id))) => id.parse::<Id>().is_ok(),
            (Kind::Texts, Shape::List(items)) => items.iter().all(text),
            (Kind::Settings(scope), Shape::Table(entries)) => {
                return entries
                    .iter()
                    .try_for_each(|(name, node)| self.setting(key, name, node, scope));
            }
            (Kind::Entries(rows), Shape::List(entries)) => {
                return entries.iter().try_for_each(|entry| self.table(key, entry, rows));
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(self.value(node.line, key, kind.wanted())) }
    }

    fn setting(
        &self,
        within: &str,
        name: &str,
        node: &Node,
        scope: Scope,
    ) -> Result<(), SeedError> {
        let document = Document::from_iter([(name.to_owned(), node.value())]);
        let why = match Settings::default().overlay(scope, &document) {
            Ok(()) => return Ok(()),
            Err(SettingError::Unknown(_)) => {
                let here = Settings::ROWS.iter().filter(|row| row.scopes.contains(&scope));
                let known = here.map(|row| row.name);
                return Err(self.unknown(node.line, within, name, known));
            }
            Err(SettingError::Scope(_)) => "cannot be set here".to_owned(),
            Err(SettingError::Type(_, why)) => format!("does not fit ({why})"),
            Err(SettingError::Range(_, min, max)) => format!("must be from {min} to {max}"),
        };
        Err(self.value(node.line, &join(within, name), why))
    }
}

fn join(within: &str, name: &str) -> String {
    if within.is_empty() { name.to_owned() } else { format!("{within}.{name}") }
}
