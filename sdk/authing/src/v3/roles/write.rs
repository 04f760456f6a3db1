//! What creates, changes and deletes roles.

use super::RoleStatus;
use crate::v3::moment::{Moment, given};
use serde::{Deserialize, Serialize};

/// A new role.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateRole {
    /// Its code, unique in its namespace: letters, digits, `-` and `_`, at most 64.
    pub code: String,
    /// Its name; the code without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it is switched off by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_time: Option<Moment>,
}

/// New roles.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateRolesBatch {
    /// The roles, at most 500.
    pub list: Vec<RoleListItem>,
}

/// A new role of a list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleListItem {
    /// Its code.
    pub code: String,
    /// Its name; the code without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// A new role of administration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CreateAdminRole {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A role that may be created.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckRoleParams {
    /// Its code.
    pub code: String,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What changes of a role; what is left out stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UpdateRole {
    /// Its code.
    pub code: String,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its new code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_code: Option<String>,
    /// Its new name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is switched on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<RoleStatus>,
    /// When it is switched off by itself; `Some(None)`, sent as null, means never.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub disable_time: Option<Option<Moment>>,
    /// Whether users may ask for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_permission_apply: Option<bool>,
}

/// Roles of one namespace to delete.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteRolesBatch {
    /// Their codes.
    pub code_list: Vec<String>,
    /// Code of their namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Roles of several namespaces to delete.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteRoles {
    /// The roles.
    pub role_list: Vec<RoleCodeAndNamespace>,
}

/// A role and its namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleCodeAndNamespace {
    /// Its code.
    pub code: String,
    /// Code of its namespace; `default` without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Roles of administration to delete.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteAdminRolesBatch {
    /// Their codes.
    pub code_list: Vec<String>,
}
