//! Roles and assignments as V3 answers show them.

use super::TargetType;
use crate::words::words;
use keystead_endpoint::{Listed, Page};
use serde::{Deserialize, Serialize};

words! {
    /// Whether a role, or an assignment, counts.
    #[derive(Default)]
    RoleStatus {
        #[default]
        Enable = "ENABLE",
        Disable = "DISABLE",
    }
}

words! {
    /// What kind of thing a resource is.
    ResourceType {
        Data = "DATA",
        Api = "API",
        Menu = "MENU",
        Button = "BUTTON",
        Ui = "UI",
    }
}

/// A role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleDto {
    /// Its id.
    pub id: String,
    /// Its code, unique in its namespace.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for; null when nobody said.
    pub description: Option<String>,
    /// Code of its namespace.
    pub namespace: String,
    /// Name of its namespace.
    pub namespace_name: String,
    /// Whether it counts now.
    pub status: RoleStatus,
    /// When it is switched off by itself, in milliseconds; null for never.
    pub disable_time: Option<i64>,
    /// Whether users may ask for it.
    pub enable_permission_apply: bool,
}

/// A role of administration that was created, in the shape of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AdminRoleDto {
    /// Always true: what could not be created is a refusal.
    pub is_valid: bool,
    /// Always empty.
    pub message: String,
    /// The role.
    #[serde(flatten)]
    pub role: RoleDto,
}

/// Whether a role could be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleCheckDto {
    /// Whether it could.
    pub is_valid: bool,
    /// Why not, as a code such as `role.code_taken`; empty if it could.
    pub message: String,
}

/// Whether roles exclude each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleExclusionDto {
    /// Whether two of them do.
    pub exist_mutually_exclusive: bool,
}

/// A department that has a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoleDepartmentDto {
    /// Its id.
    pub id: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// A page of assignments. Unlike other pages its items are in `data`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignmentPage {
    /// How many assignments there are in all.
    pub total_count: u64,
    /// The assignments of this page.
    pub data: Vec<RoleAssignmentDto>,
}

impl Listed for RoleAssignmentPage {
    type Item = RoleAssignmentDto;

    fn into_page(self) -> Page<RoleAssignmentDto> {
        Page { total: self.total_count, items: self.data }
    }
}

/// An assignment of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignmentDto {
    /// The role's id.
    pub role_id: String,
    /// Whether it counts now.
    pub status: RoleStatus,
    /// When it begins, in milliseconds; null for at once.
    pub enable_time: Option<i64>,
    /// When it ends, in milliseconds; null for never.
    pub end_time: Option<i64>,
    /// The user pool.
    pub user_pool_id: String,
    /// The role's name.
    pub role_name: String,
    /// The role's code.
    pub role_code: String,
    /// What the role is for.
    pub description: Option<String>,
    /// When it was assigned, ISO 8601.
    pub created_at: String,
    /// When the role was last changed, ISO 8601.
    pub updated_at: String,
    /// What has the role.
    pub target_type: TargetType,
    /// Its id.
    pub target_identifier: String,
}

/// A resource that a role is authorised for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RoleAuthorizedResourceDto {
    /// Its code.
    pub resource_code: String,
    /// Its kind.
    pub resource_type: ResourceType,
    /// The actions that are allowed.
    pub actions: Vec<String>,
    /// The identifier of its API, if it is one.
    pub api_identifier: Option<String>,
}
