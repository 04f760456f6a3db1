//! What can be wrong with settings, said with the place where it stands.

use super::row::Source;
use std::path::PathBuf;

/// A setting is wrong. The text of every variant is one plain sentence, and never shows a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("{} cannot be read ({cause}). Check that it exists and that this user may read it.",
        path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// The file is not TOML.
    #[error("{}:{line}: this is not TOML: {message}.", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser expected.
        message: String,
    },
    /// No setting has this name.
    #[error("{}:{line}: no setting is named `{key}`.{}", path.display(), hint(*nearest))]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The name as written.
        key: String,
        /// The setting that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A value does not fit its setting, or not the other settings.
    #[error("`{key}` {why} ({source_of})")]
    Value {
        /// The setting.
        key: &'static str,
        /// Where the value stands.
        source_of: Source,
        /// What it must be, as the rest of a sentence.
        why: String,
    },
    /// A secret is given twice.
    #[error("{0} and {0}_FILE are both set. Keep one of them.")]
    Twice(String),
    /// The table of settings and the values differ in length: a fault of this program.
    #[error("the table of settings is incomplete")]
    Rows,
}

fn hint(nearest: Option<&'static str>) -> String {
    nearest.map(|name| format!(" The nearest is `{name}`.")).unwrap_or_default()
}
