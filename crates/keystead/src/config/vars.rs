//! The environment as a map, read once when the process starts.

use super::row::{Row, Source};
use super::{ConfigError, FILE_VARIABLE, ROWS};
use keystead_model::Secret;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Prefix of our variables.
const PREFIX: &str = "KEYSTEAD_";
/// What is added to the name of a secret's variable to name a file instead.
const FILE_SUFFIX: &str = "_FILE";
/// From which likeness on (0 to 1) an unknown variable is taken for a misspelt one. Container
/// platforms add variables of their own (`KEYSTEAD_PORT_8080_TCP_ADDR`), so not all are mistakes.
const LIKENESS: f64 = 0.9;

/// Environment variables whose names begin with `KEYSTEAD_`.
#[derive(Default)]
pub struct Vars(BTreeMap<String, String>);

impl Vars {
    /// The environment of this process: the one place that reads it.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_process() -> Self {
        let text = |os: std::ffi::OsString| os.to_string_lossy().into_owned();
        Self::from_pairs(std::env::vars_os().map(|(name, value)| (text(name), text(value))))
    }

    /// The given variables; those of other programs are left out.
    #[must_use]
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect())
    }

    /// The value of a variable; one that is empty counts as not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a setting and where it came from: its variable, or for a secret the file that
    /// `<variable>_FILE` names, without line ends at its end.
    pub(super) fn lookup(&self, row: &Row) -> Result<Option<(Secret, Source)>, ConfigError> {
        let name = row.variable();
        let in_file = format!("{name}{FILE_SUFFIX}");
        let direct = self.get(&name).map(Secret::new);
        let path = self.get(&in_file).filter(|_| row.secret);
        match (direct, path) {
            (Some(_), Some(_)) => Err(ConfigError::Twice(name)),
            (Some(text), None) => Ok(Some((text, Source::Variable(name)))),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Unreadable {
                    path: Path::new(path).to_path_buf(),
                    cause: e.to_string(),
                })?;
                let text = Secret::new(text.trim_end_matches(['\r', '\n']));
                Ok(Some((text, Source::VariableFile(in_file))))
            }
            (None, None) => Ok(None),
        }
    }

    /// A sentence for each variable that looks like a misspelt setting.
    pub(super) fn unknown(&self) -> Vec<String> {
        let known: Vec<String> = ROWS
            .iter()
            .flat_map(|row| {
                let name = row.variable();
                let in_file = row.secret.then(|| format!("{name}{FILE_SUFFIX}"));
                std::iter::once(name).chain(in_file)
            })
            .chain(std::iter::once(FILE_VARIABLE.to_owned()))
            .collect();
        let nearest = |name: &str| {
            known
                .iter()
                .map(|k| (strsim::normalized_damerau_levenshtein(name, k), k))
                .filter(|(likeness, _)| *likeness >= LIKENESS)
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, k)| k)
        };
        self.0
            .keys()
            .filter(|name| !known.contains(name))
            .filter_map(|name| {
                let meant = nearest(name)?;
                Some(format!("No setting reads the variable {name}. The nearest is {meant}."))
            })
            .collect()
    }
}

impl fmt::Debug for Vars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
