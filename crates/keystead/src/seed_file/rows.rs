//! What may stand in a seed: one row per name.

use keystead_model::settings::Scope;

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// An id: 24 hexadecimal digits.
    Id,
    /// Yes or no.
    Flag,
    /// A list of texts.
    Texts,
    /// A settings document of this scope.
    Settings(Scope),
    /// A list of entries.
    Entries(&'static [Row]),
}

impl Kind {
    /// The kind as the rest of a sentence.
    pub const fn wanted(self) -> &'static str {
        match self {
            Self::Text => "must be a text",
            Self::Id => "must be 24 hexadecimal digits, as a text",
            Self::Flag => "must be true or false",
            Self::Texts => "must be a list of texts",
            Self::Settings(_) => "must be a table of settings",
            Self::Entries(_) => "must be a list of tables",
        }
    }
}

/// One name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub name: &'static str,
    pub kind: Kind,
    pub required: bool,
}

const fn row(name: &'static str, kind: Kind) -> Row {
    Row { name, kind, required: false }
}

const fn must(name: &'static str, kind: Kind) -> Row {
    Row { name, kind, required: true }
}

/// The document.
pub(super) const DOCUMENT: &[Row] = &[
    row("settings", Kind::Settings(Scope::Pool)),
    row("pools", Kind::Entries(POOL)),
    row("connections", Kind::Entries(CONNECTION)),
    row("applications", Kind::Entries(APPLICATION)),
    row("users", Kind::Entries(USER)),
    row("access_keys", Kind::Entries(ACCESS_KEY)),
];

pub(super) const POOL: &[Row] = &[
    row("id", Kind::Id),
    must("code", Kind::Text),
    row("name", Kind::Text),
    row("secret", Kind::Text),
    row("login", Kind::Text),
    row("settings", Kind::Settings(Scope::Pool)),
];

pub(super) const CONNECTION: &[Row] = &[
    row("pool", Kind::Text),
    row("id", Kind::Id),
    must("name", Kind::Text),
    must("kind", Kind::Text),
];

pub(super) const APPLICATION: &[Row] = &[
    row("pool", Kind::Text),
    must("client_id", Kind::Text),
    row("identifier", Kind::Text),
    must("name", Kind::Text),
    row("secret", Kind::Text),
    row("token_auth", Kind::Text),
    row("redirect_uris", Kind::Texts),
    row("logout_uris", Kind::Texts),
    row("first_party", Kind::Flag),
    row("settings", Kind::Settings(Scope::Application)),
];

pub(super) const USER: &[Row] = &[
    row("pool", Kind::Text),
    row("id", Kind::Id),
    row("email", Kind::Text),
    row("email_verified", Kind::Flag),
    row("phone", Kind::Text),
    row("phone_country", Kind::Text),
    row("phone_verified", Kind::Flag),
    row("username", Kind::Text),
    row("external_id", Kind::Text),
    row("name", Kind::Text),
    row("nickname", Kind::Text),
    row("password", Kind::Text),
    row("password_hash", Kind::Text),
    row("administrator", Kind::Flag),
];

pub(super) const ACCESS_KEY: &[Row] =
    &[row("pool", Kind::Text), must("id", Kind::Text), must("secret", Kind::Text)];

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_core::seed::{
        Seed, SeedAccessKey, SeedApplication, SeedConnection, SeedPool, SeedUser,
    };
    use serde::de::DeserializeOwned;
    use serde_json::json;

    /// The names a type knows, as serde lists them in its refusal of another.
    fn known<T: DeserializeOwned>() -> Vec<String> {
        let Err(error) = serde_json::from_value::<T>(json!({"": 1})) else { panic!("accepted") };
        let text = error.to_string();
        let (_, list) = text.split_once("expected one of ").unwrap_or_else(|| panic!("{text}"));
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_rows_name_what_the_domain_takes() {
        for (rows, names) in [
            (DOCUMENT, known::<Seed>()),
            (POOL, known::<SeedPool>()),
            (CONNECTION, known::<SeedConnection>()),
            (APPLICATION, known::<SeedApplication>()),
            (USER, known::<SeedUser>()),
        ] {
            assert_eq!(rows.iter().map(|row| row.name).collect::<Vec<_>>(), names);
        }
        assert_eq!(ACCESS_KEY.len(), known::<SeedAccessKey>().len());
    }
}
