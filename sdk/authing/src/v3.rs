//! The V3 dialect: requests, answers and rows, a file for each area.

use crate::words::words;
use keystead_endpoint::{EndpointRow, Listed, Page};
use serde::{Deserialize, Serialize};

pub mod access_keys;
pub mod audit_logs;
pub mod codes;
pub mod contact;
pub mod custom_fields;
pub mod deletion;
pub mod mine;
pub mod moment;
pub mod password;
pub mod profile;
pub mod roles;
pub mod signin;
pub mod signup;
pub mod system;
pub mod users;
pub mod words;

#[cfg(feature = "client")]
pub mod lists;
#[cfg(feature = "client")]
pub mod oidc;

/// Makes the lists of all areas from their modules.
macro_rules! areas {
    ($($($part:ident)::+),+ $(,)?) => {
        /// Every row that a V3 server serves, by area. OpenID Connect is not among them: its rows
        /// here are a client's view of standard endpoints.
        pub const ENDPOINTS: &[&[&EndpointRow]] = &[$($($part)::+::ENDPOINTS),+];

        /// The schemas of every row's request and answer.
        #[cfg(feature = "schema")]
        pub(crate) fn schemas(generator: &mut schemars::SchemaGenerator) -> Vec<RowSchemas> {
            let mut rows = Vec::new();
            $(rows.extend($($part)::+::schemas(generator));)+
            rows
        }
    };
}

areas! {
    access_keys,
    audit_logs,
    codes,
    contact,
    custom_fields,
    deletion,
    mine,
    password,
    profile,
    roles,
    signin,
    signup,
    system,
    users,
}

/// A row with the schemas of its request and its answer.
#[cfg(feature = "schema")]
pub(crate) type RowSchemas = (&'static EndpointRow, schemars::Schema, schemars::Schema);

words! {
    /// How a password is encrypted on its way, with the keys of `get_system_info`.
    #[derive(Default)]
    PasswordEncryptType {
        Sm2 = "sm2",
        Rsa = "rsa",
        #[default]
        None = "none",
    }
}

/// Whether something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IsSuccess {
    /// Whether it was.
    pub success: bool,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Paging<T> {
    /// How many items the whole list has.
    pub total_count: u64,
    /// The items of this page.
    pub list: Vec<T>,
}

impl<T: 'static> Listed for Paging<T> {
    type Item = T;

    fn into_page(self) -> Page<T> {
        Page { total: self.total_count, items: self.list }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_documented_under_a_path_and_name_of_its_own() {
        let rows: Vec<_> = ENDPOINTS.iter().copied().flatten().collect();
        for (place, row) in rows.iter().enumerate() {
            assert!(row.doc.ends_with('.') && row.path().starts_with("/api/v3/"), "{row:?}");
            // One path may read by GET what it also searches by POST.
            let twin = |other: &&&&EndpointRow| {
                let same = other.path() == row.path() && other.method == row.method;
                same || other.name == row.name
            };
            assert!(rows[place + 1..].iter().find(twin).is_none(), "{row:?}");
        }
    }
}
