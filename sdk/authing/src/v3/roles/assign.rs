//! What gives roles to somebody and takes them.

use crate::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// What kind of thing something belongs to.
    TargetType {
        User = "USER",
        Role = "ROLE",
        Group = "GROUP",
        Department = "DEPARTMENT",
    }
}

/// Whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// What kind of thing it is; a role is none that takes roles.
    pub target_type: TargetType,
    /// A user's or department's id, or a group's code.
    pub target_identifier: String,
}

impl Target {
    /// A user.
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self { target_type: TargetType::User, target_identifier: id.into() }
    }
}

/// Which role, for whom, from when until when.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AssignRole {
    /// For whom.
    pub targets: Vec<Target>,
    /// The role's code.
    pub code: String,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// When it ends, in milliseconds; never without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<i64>,
    /// When it begins, in milliseconds; at once without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_time: Option<i64>,
}

/// Which roles, for whom.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AssignRoleBatch {
    /// For whom.
    pub targets: Vec<Target>,
    /// The roles.
    pub roles: Vec<RoleCode>,
}

/// A role of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleCode {
    /// Its code.
    pub code: String,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Which role, from whom.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevokeRole {
    /// From whom.
    pub targets: Vec<Target>,
    /// The role's code.
    pub code: String,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Which roles, from whom.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RevokeRoleBatch {
    /// From whom.
    pub targets: Vec<Target>,
    /// The roles.
    pub roles: Vec<RoleCode>,
}

/// Which roles are looked at.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckMutualExclusion {
    /// The roles.
    pub roles: Vec<RoleCode>,
}
