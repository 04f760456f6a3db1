//! Custom fields: declarations, and the values of users and roles.

mod base;
mod clean;
mod fields;
mod kinds;
mod set;
mod values;

pub use crate::users::Writer;
pub use base::{BaseField, BasePatch, base_fields, set_base_fields};
pub(crate) use clean::clean;
pub use fields::{Filter, Owner, delete, fields, page, resolve};
pub use keystead_store::custom_fields::CustomField as Field;
pub use kinds::DataType;
pub use set::{FieldPatch, set};
pub use values::{Declared, claims_of_user, declared, find, get_data, of_user, set_data, write};
pub(crate) use values::{owners, read};

/// What a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Users.
    User,
    /// Roles.
    Role,
    /// Groups.
    Group,
    /// Departments.
    Department,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 4] = [Self::User, Self::Role, Self::Group, Self::Department];

    /// The text in columns.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Role => "role",
            Self::Group => "group",
            Self::Department => "department",
        }
    }

    /// The target with this text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.text() == text)
    }
}

/// The most fields of one target, and the most rows of one call.
pub const MOST: usize = 200;
