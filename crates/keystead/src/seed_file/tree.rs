//! A TOML or JSON document as one tree, in which every name and value knows its line.

use super::SeedError;
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The deepest nesting that is read; a seed needs five.
const DEPTH: usize = 16;

/// A value with its line, from 1.
#[derive(Debug)]
pub(super) struct Node {
    pub line: usize,
    pub shape: Shape,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Shape {
    /// Names with values, each name once.
    Table(Vec<(String, Node)>),
    /// A list.
    List(Vec<Node>),
    /// Anything else.
    Leaf(Value),
}

impl Node {
    /// The value without its places.
    pub fn value(&self) -> Value {
        match &self.shape {
            Shape::Table(entries) => {
                entries.iter().map(|(name, node)| (name.clone(), node.value())).collect()
            }
            Shape::List(items) => items.iter().map(Self::value).collect(),
            Shape::Leaf(value) => value.clone(),
        }
    }
}

impl Node {
    /// The line of every name in it, and of every item of a list, by its path.
    pub fn places(&self) -> BTreeMap<String, usize> {
        let mut places = BTreeMap::new();
        self.note(String::new(), &mut places);
        places
    }

    fn note(&self, path: String, places: &mut BTreeMap<String, usize>) {
        match &self.shape {
            Shape::Table(entries) => {
                for (name, node) in entries {
                    let within =
                        if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    node.note(within, places);
                }
            }
            Shape::List(items) => {
                for (n, node) in items.iter().enumerate() {
                    node.note(format!("{path}[{n}]"), places);
                }
            }
            Shape::Leaf(_) => {}
        }
        places.insert(path, self.line);
    }
}

/// Reads a document by the ending of its name.
pub(super) fn read(path: &Path, text: &str) -> Result<Node, SeedError> {
    let reader = Reader { path, text };
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("toml") => reader.toml(),
        Some("json") => reader.json(),
        _ => Err(SeedError::Form { path: path.to_path_buf() }),
    }
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
}

impl<'a> Reader<'a> {
    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
    }

    fn syntax(&self, line: usize, message: impl Into<String>) -> SeedError {
        SeedError::Syntax { path: self.path.to_path_buf(), line, message: message.into() }
    }

    fn toml(&self) -> Result<Node, SeedError> {
        let table = DeTable::parse(self.text).map_err(|e| {
            let line = self.line(e.span().map_or(0, |span| span.start));
            self.syntax(line, e.message().replace('\n', " "))
        })?;
        self.toml_table(table.get_ref(), 1, DEPTH)
    }

    fn toml_table(
        &self,
        table: &DeTable<'_>,
        line: usize,
        depth: usize,
    ) -> Result<Node, SeedError> {
        let depth = depth.checked_sub(1).ok_or_else(|| self.syntax(line, "nested too deep"))?;
        let entries = table.iter().map(|(name, value)| {
            // A name says better than its value where to look: a value may begin lines later.
            let line = self.line(name.span().start);
            Ok((name.get_ref().to_string(), self.toml_value(value.get_ref(), line, depth)?))
        });
        Ok(Node { line, shape: Shape::Table(entries.collect::<Result<_, _>>()?) })
    }

    fn toml_value(
        &self,
        value: &DeValue<'_>,
        line: usize,
        depth: usize,
    ) -> Result<Node, SeedError> {
        let shape = match value {
            DeValue::Table(table) => return self.toml_table(table, line, depth),
            DeValue::Array(items) => {
                let item = |item: &Spanned<DeValue<'_>>| {
                    let depth = depth.checked_sub(1);
                    let depth = depth.ok_or_else(|| self.syntax(line, "nested too deep"))?;
                    self.toml_value(item.get_ref(), self.line(item.span().start), depth)
                };
                Shape::List(items.iter().map(item).collect::<Result<_, _>>()?)
            }
            DeValue::String(text) => Shape::Leaf(text.to_string().into()),
            DeValue::Boolean(flag) => Shape::Leaf((*flag).into()),
            DeValue::Integer(n) => {
                let n = i64::from_str_radix(n.as_str(), n.radix());
                Shape::Leaf(n.map_err(|_| self.syntax(line, "this number is too large"))?.into())
            }
            DeValue::Float(n) => Shape::Leaf(n.as_str().parse::<f64>().unwrap_or_default().into()),
            DeValue::Datetime(at) => Shape::Leaf(at.to_string().into()),
        };
        Ok(Node { line, shape })
    }

    fn json(&self) -> Result<Node, SeedError> {
        let whole: &RawValue =
            serde_json::from_str(self.text).map_err(|e| self.syntax(e.line(), sentence(&e)))?;
        self.json_value(whole, DEPTH)
    }

    /// `raw` is a part of the text, so its address says where it stands.
    fn json_value(&self, raw: &'a RawValue, depth: usize) -> Result<Node, SeedError> {
        let part = raw.get();
        let line = self.line((part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize));
        let depth = depth.checked_sub(1).ok_or_else(|| self.syntax(line, "nested too deep"))?;
        let wrong = |e: serde_json::Error| self.syntax(line, sentence(&e));
        let shape = if part.starts_with('{') {
            let Pairs(pairs) = serde_json::from_str(part).map_err(wrong)?;
            let mut entries: Vec<(String, Node)> = Vec::with_capacity(pairs.len());
            for (name, value) in pairs {
                let node = self.json_value(value, depth)?;
                if entries.iter().any(|(known, _)| *known == name) {
                    return Err(self.syntax(node.line, format!("`{name}` stands twice")));
                }
                entries.push((name, node));
            }
            Shape::Table(entries)
        } else if part.starts_with('[') {
            let items: Vec<&'a RawValue> = serde_json::from_str(part).map_err(wrong)?;
            let items = items.into_iter().map(|item| self.json_value(item, depth));
            Shape::List(items.collect::<Result<_, _>>()?)
        } else {
            Shape::Leaf(serde_json::from_str(part).map_err(wrong)?)
        };
        Ok(Node { line, shape })
    }
}

/// What the parser says, without the place it adds.
fn sentence(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.clone(), |(said, _)| said.to_owned())
}

/// The pairs of a JSON object in their order, doubles kept.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Reading;

        impl<'de> Visitor<'de> for Reading {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry::<String, &'de RawValue>()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        d.deserialize_map(Reading)
    }
}
