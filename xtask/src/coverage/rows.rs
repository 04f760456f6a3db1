//! The rows of `endpoints!`, read from the source.

use super::known::endpoint;
use crate::tokens::{self, Token};
use anyhow::Result;
use std::path::Path;

/// An endpoint that the server has.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Dialects whose methods it may serve.
    pub dialects: &'static [&'static str],
    /// `VERB /path`, `{}` for each parameter.
    pub endpoint: String,
}

/// Folders with rows, and the dialects that they serve.
const FOLDERS: &[(&str, &[&str])] = &[
    ("sdk/authing/src/v3", &["v3", "v2"]),
    ("sdk/authing/src/v2", &["v2"]),
    ("sdk/auth0/src", &["auth0"]),
    ("crates/keystead-sso/src", &["v3", "v2"]),
];

/// Reads the rows below `root`.
pub fn read(root: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (folder, dialects) in FOLDERS {
        for text in sources(&root.join(folder))? {
            let endpoints = endpoints(&tokens::product(&text));
            rows.extend(endpoints.into_iter().map(|endpoint| Row { dialects, endpoint }));
        }
    }
    Ok(rows)
}

/// The Rust files of a folder and below; none where the folder does not exist yet.
fn sources(folder: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    if !folder.is_dir() {
        return Ok(texts);
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            texts.extend(sources(&path)?);
        } else if path.extension().is_some_and(|e| e == "rs") {
            texts.push(std::fs::read_to_string(&path)?);
        }
    }
    Ok(texts)
}

/// `VERB "/path" | "/other" name(..)`, wherever it stands.
fn endpoints(code: &[Token]) -> Vec<String> {
    let mut found = Vec::new();
    let mut verb: Option<&str> = None;
    for token in code {
        match (&token.string, token.text.as_str()) {
            (Some(path), _) => found.extend(verb.and_then(|verb| endpoint(verb, path))),
            (None, "|") => {}
            (None, word) => verb = Some(word),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_all_their_paths() {
        let text = "endpoints! { Client, \"users\"; \
                    GET \"/api/v3/get-user\" get_user(A) -> B, Admin \"user:get\"; \
                    POST \"/a/{id}\" | \"/b\" x(A) -> B, Open \"\"; }";
        let found = endpoints(&tokens::product(text));
        assert_eq!(found, ["GET /api/v3/get-user", "POST /a/{}", "POST /b"]);
    }
}
