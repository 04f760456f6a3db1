//! Settings as rows: type, default, range, scopes and section of each stand in one line.
//!
//! A document holds only what differs from the default. The effective value is the default,
//! overlaid by the pool's document, then by the application's (`model.md` 2).

use serde_json::{Map, Value};

/// Where a setting may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The pool's document.
    Pool,
    /// An application's document.
    Application,
}

/// One setting, as documentation, schema and console read it.
#[derive(Debug)]
pub struct SettingRow {
    /// Its name in documents.
    pub name: &'static str,
    /// Its Rust type.
    pub kind: &'static str,
    /// Its default, as a document would hold it; null for none.
    pub default: fn() -> Value,
    /// Least and greatest number, where it is one.
    pub range: Option<(i64, i64)>,
    /// Where it may stand.
    pub scopes: &'static [Scope],
    /// Its section of the manual.
    pub section: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// A document holds something it may not.
#[derive(Debug, PartialEq, Eq)]
pub enum SettingError {
    /// No setting has this name.
    Unknown(String),
    /// The setting may not stand in this scope.
    Scope(&'static str),
    /// The value has the wrong type; the text says what is expected.
    Type(&'static str, String),
    /// The number is outside its range.
    Range(&'static str, i64, i64),
}

impl std::fmt::Display for SettingError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "no setting is named `{name}`"),
            Self::Scope(name) => write!(f, "`{name}` cannot be set here"),
            Self::Type(name, why) => write!(f, "`{name}`: {why}"),
            Self::Range(name, min, max) => write!(f, "`{name}` must lie in {min}..={max}"),
        }
    }
}

impl std::error::Error for SettingError {}

/// A settings document: names and values as stored.
pub type Document = Map<String, Value>;

/// Makes a struct of settings from rows
/// `name: type = default[, min..=max], [Scopes], "section";`.
macro_rules! settings {
    ($(#[$top:meta])* $set:ident;
     $($(#[doc = $doc:literal])+ $name:ident: $ty:ty = $default:expr
        $(, $min:literal ..= $max:literal)?, [$($scope:ident),+], $section:literal;)*) => {
        $(#[$top])*
        #[derive(Clone, Debug)]
        pub struct $set { $($(#[doc = $doc])+ pub $name: $ty),* }

        impl Default for $set {
            fn default() -> Self { Self { $($name: $default),* } }
        }

        impl $set {
            /// Every setting.
            pub const ROWS: &'static [$crate::settings::SettingRow] = &[$(
                $crate::settings::SettingRow {
                    name: stringify!($name),
                    kind: stringify!($ty),
                    default: || {
                        let value: $ty = $default;
                        serde_json::to_value(value).unwrap_or_default()
                    },
                    range: settings!(@range $($min, $max)?),
                    scopes: &[$($crate::settings::Scope::$scope),+],
                    section: $section,
                    doc: concat!($($doc),+),
                }),*];

            /// Overlays the values of a document of this scope.
            ///
            /// # Errors
            /// The first name or value that does not fit.
            pub fn overlay(
                &mut self,
                scope: $crate::settings::Scope,
                document: &$crate::settings::Document,
            ) -> Result<(), $crate::settings::SettingError> {
                use $crate::settings::SettingError;
                for (name, value) in document {
                    let row = Self::ROWS
                        .iter()
                        .find(|row| row.name == name.as_str())
                        .ok_or_else(|| SettingError::Unknown(name.clone()))?;
                    if !row.scopes.contains(&scope) {
                        return Err(SettingError::Scope(row.name));
                    }
                    if let (Some((min, max)), Some(n)) = (row.range, value.as_i64())
                        && !(min..=max).contains(&n)
                    {
                        return Err(SettingError::Range(row.name, min, max));
                    }
                    match row.name {
                        $(stringify!($name) => {
                            self.$name = serde_json::from_value(value.clone())
                                .map_err(|e| SettingError::Type(row.name, e.to_string()))?;
                        })*
                        _ => return Err(SettingError::Unknown(name.clone())),
                    }
                }
                Ok(())
            }
        }
    };
    (@range) => { None };
    (@range $min:literal, $max:literal) => { Some(($min, $max)) };
}

pub mod pool;

pub use pool::{Algorithm, LoginFailStrategy, PasswordPolicy, Settings, SigninMethod, TokenAuth};
