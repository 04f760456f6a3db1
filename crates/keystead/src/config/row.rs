//! One setting as a row, and the macro that makes the struct and the table from rows.

use std::fmt;
use std::path::PathBuf;

/// How a value is written in TOML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A quoted text.
    Text,
    /// A whole number.
    Number,
}

/// One setting, as the reader, the dump and the manual see it.
#[derive(Debug)]
pub struct Row {
    /// Its name, with the section before the dot.
    pub key: &'static str,
    /// How it is written in TOML.
    pub kind: Kind,
    /// Its default, as it would be typed.
    pub default: Option<&'static str>,
    /// Least and greatest number, where it is one.
    pub range: Option<(i64, i64)>,
    /// Whether its value is never shown and may stand in a file of its own (`*_FILE`).
    pub secret: bool,
    /// What it does.
    pub doc: &'static str,
}

impl Row {
    /// The environment variable of this setting: `http.port` is `KEYSTEAD_HTTP_PORT`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("KEYSTEAD_{}", self.key.replace('.', "_").to_ascii_uppercase())
    }
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody gave it.
    Default,
    /// A line of the TOML file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Variable(String),
    /// A file named by an environment variable.
    VariableFile(String),
    /// An option of the command line.
    Option(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::VariableFile(name) => write!(f, "the file named by {name}"),
            Self::Option(name) => f.write_str(name),
        }
    }
}

/// Makes `Settings` and `ROWS` from rows
/// `field "name": Type [= "default"][, min..=max] [[secret]];`.
macro_rules! server_settings {
    ($($(#[doc = $doc:literal])+ $field:ident $key:literal: $ty:ty
        $(= $default:literal)? $(, $min:literal ..= $max:literal)? $([$secret:ident])?;)*) => {
        /// The server's settings.
        #[derive(Clone, Debug)]
        pub struct Settings { $($(#[doc = $doc])+ pub $field: $ty),* }

        /// Every setting, in the order of the struct.
        pub const ROWS: &[Row] = &[$(Row {
            key: $key,
            kind: <$ty as value::Value>::KIND,
            default: server_settings!(@option $($default)?),
            range: server_settings!(@option $(($min, $max))?),
            secret: server_settings!(@flag $($secret)?),
            doc: concat!($($doc),+),
        }),*];

        impl Settings {
            /// Takes one picked value per row, in order.
            fn build(picked: &[Picked]) -> Result<Self, ConfigError> {
                let mut rest = ROWS.iter().zip(picked);
                Ok(Self { $($field: read_next(&mut rest)?),* })
            }
        }
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
    (@flag) => { false };
    (@flag secret) => { true };
}
pub(super) use server_settings;
