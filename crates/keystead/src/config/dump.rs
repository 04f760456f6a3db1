//! The settings as a TOML file that a person can read and the server can read back.

use super::row::{Kind, Row};
use super::{Picked, ROWS};
use keystead_model::Secret;
use std::fmt::Write;

/// What is shown instead of a secret.
const MASK: &str = "[secret]";

/// Every setting in its section, with the source of its value; secrets and values that nobody
/// gave are comments, so that the result is a file that can be used.
pub(super) fn dump(picked: &[Picked]) -> String {
    let mut out = String::new();
    let mut section = "";
    for (row, picked) in ROWS.iter().zip(picked) {
        let (of, name) = row.key.split_once('.').unwrap_or(("", row.key));
        if of != section {
            section = of;
            // Writing to a String cannot fail.
            let _ = writeln!(out, "\n[{section}]");
        }
        let source = &picked.source;
        let _ = match (&picked.text, row.secret) {
            (Some(_), true) => writeln!(out, "# {name} = \"{MASK}\" # {source}"),
            (Some(text), false) => writeln!(out, "{name} = {} # {source}", literal(row, text)),
            (None, _) => writeln!(out, "# {name} is not set"),
        };
    }
    out
}

fn literal(row: &Row, text: &Secret) -> String {
    match row.kind {
        Kind::Number => text.expose().trim().to_owned(),
        Kind::Text => toml::Value::String(text.expose().to_owned()).to_string(),
    }
}
