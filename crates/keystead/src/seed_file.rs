//! The file of `--seed`: TOML or JSON, read into steps that each know their line.

mod check;
mod rows;
#[cfg(test)]
mod tests;
mod tree;

use keystead_core::seed::Seed;
use keystead_model::settings::Document;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A seed file is wrong. The text of every variant is one plain sentence, and never shows a secret.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// It cannot be read.
    #[error("The seed file {} cannot be read ({cause}). Check its name and that this user may \
        read it.", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// Its name does not say what it is.
    #[error("The seed file {} must end in .toml or .json.", path.display())]
    Form {
        /// The file.
        path: PathBuf,
    },
    /// It is not what its name says.
    #[error("{}:{line}: this cannot be read: {message}.", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Nothing has this name.
    #[error(
        "{}:{line}: nothing is named `{key}` here.{}",
        path.display(),
        hint(nearest.as_deref())
    )]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The name with what it stands in.
        key: String,
        /// The name that was probably meant.
        nearest: Option<String>,
    },
    /// A value does not fit.
    #[error("{}:{line}: `{key}` {why}.", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The name with what it stands in.
        key: String,
        /// What it must be, as the rest of a sentence.
        why: String,
    },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(" The nearest name is `{name}`.")).unwrap_or_default()
}

/// One entry of a seed file.
#[derive(Debug)]
pub struct Step {
    /// Where it stands, from 1.
    pub line: usize,
    /// A seed with this entry alone.
    pub seed: Seed,
    /// Where each name in it stands: `email`, `settings.ip_tries`, `redirect_uris[1]`.
    places: BTreeMap<String, usize>,
}

impl Step {
    /// The line of a field that was refused, as the domain names it; the entry's own where the
    /// entry has no such name.
    #[must_use]
    pub fn line_of(&self, field: &str) -> usize {
        // Operations that dialects share name some fields as the wire spells them.
        let mut name = String::new();
        for c in field.chars() {
            if c.is_ascii_uppercase() {
                name.push('_');
            }
            name.push(c.to_ascii_lowercase());
        }
        // The document `settings` is itself an entry.
        let bare = name.strip_prefix("settings.").unwrap_or(&name);
        *self.places.get(&name).or_else(|| self.places.get(bare)).unwrap_or(&self.line)
    }
}

/// A seed file, in the order in which it is applied.
#[derive(Debug)]
pub struct SeedFile {
    /// Where it was read.
    pub path: PathBuf,
    /// Its entries: pools, settings, connections, applications, users, access keys.
    pub steps: Vec<Step>,
}

impl SeedFile {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn read(path: &Path) -> Result<Self, SeedError> {
        let text = std::fs::read_to_string(path).map_err(|e| SeedError::Unreadable {
            path: path.to_path_buf(),
            cause: e.to_string(),
        })?;
        Self::parse(path, &text)
    }

    /// Reads the text of a file; the ending of its name says how.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(path: &Path, text: &str) -> Result<Self, SeedError> {
        let tree = tree::read(path, text)?;
        let steps = check::steps(path, &tree)?;
        Ok(Self { path: path.to_path_buf(), steps })
    }

    /// Puts the pool of this code first, so that it is made first. Says whether there is one.
    pub fn pool_first(&mut self, code: &str) -> bool {
        let is = |step: &Step| step.seed.pools.iter().any(|pool| pool.code == code);
        let Some(at) = self.steps.iter().position(is) else { return false };
        let step = self.steps.remove(at);
        self.steps.insert(0, step);
        true
    }

    /// Every settings document that it gives the pool of this code or, as `settings`, the default
    /// pool.
    pub fn settings_of<'s>(&'s self, code: &'s str) -> impl Iterator<Item = &'s Document> + 's {
        self.steps.iter().flat_map(move |step| {
            let pools = step.seed.pools.iter().filter(move |pool| pool.code == code);
            pools.map(|pool| &pool.settings).chain([&step.seed.settings])
        })
    }
}
