//! What a user belongs to: roles, departments, groups, resources, records of other systems.

use super::NamedBy;
use crate::v3::mine::{DepartmentOrder, DepartmentSort, ResourceType};
use crate::v3::words::UserIdType;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which roles of a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUserRoles {
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Of this namespace only, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// Roles that a user may have.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HasAnyRole {
    /// The roles.
    pub roles: Vec<HasRole>,
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<NamedBy>,
}

/// A role by its code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HasRole {
    /// Code of its namespace; the default one without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Its code.
    pub code: String,
}

/// Whether a user has one of the roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HasAnyRoleAnswer {
    /// Whether they have.
    pub has_any_role: bool,
}

/// Which departments of a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUserDepartments {
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Which page, from 1, the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<i64>,
    /// How many it has: 10 by default, 50 at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Whether to show custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_custom_data: Option<bool>,
    /// Whether to show the way from the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_department_paths: Option<bool>,
    /// What they are sorted by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<DepartmentSort>,
    /// Which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_by: Option<DepartmentOrder>,
}

/// The departments that take the place of a user's.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SetUserDepartments {
    /// The user.
    pub user_id: String,
    /// The departments.
    pub departments: Vec<SetUserDepartment>,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<NamedBy>,
}

/// A department that a user comes to belong to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SetUserDepartment {
    /// The department.
    pub department_id: String,
    /// Whether the user leads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_leader: Option<bool>,
    /// Whether it is the main one of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_main_department: Option<bool>,
}

/// Which resources of a user.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUserAuthorizedResources {
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Of this namespace only, by its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Of this kind only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<ResourceType>,
}

/// The record of a user in a system that users are synchronised with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncRelationDto {
    /// What kind of system it is.
    pub provider: String,
    /// The user's id there.
    pub user_id_in_idp: String,
    /// What the system says about the user.
    pub user_info_in_idp: Value,
}

/// Which records of a user are forgotten.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteUserSyncRelations {
    /// What kind of system they are of.
    pub provider: String,
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
}
