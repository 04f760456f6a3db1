//! What the calls about several users, or their lives as a whole, take.

use super::{CreateUser, CreateUserOptions};
use crate::v3::words::UserIdType;
use serde::{Deserialize, Serialize};

/// Which users, and what to show.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUserBatch {
    /// The users, 50 at most.
    pub user_ids: Vec<String>,
    /// What `user_ids` are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Whether to show custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_custom_data: Option<bool>,
    /// Whether custom fields stand beside the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flat_custom_data: Option<bool>,
    /// Whether to show upstream identities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_identities: Option<bool>,
    /// Whether to show departments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_department_ids: Option<bool>,
}

/// Several new users: all of them or none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CreateUsersBatch {
    /// The users; options of a row are not read.
    pub list: Vec<CreateUser>,
    /// How to create them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<CreateUserOptions>,
}

/// Users to delete: all of them or none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DeleteUsersBatch {
    /// The users.
    pub user_ids: Vec<String>,
    /// What they are named by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<NamedBy>,
}

/// What a user is named by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamedBy {
    /// What the id of the user is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
}

/// A user to sign out of some applications.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct KickUsers {
    /// The user.
    pub user_id: String,
    /// The applications, by their client ids.
    pub app_ids: Vec<String>,
    /// What the user is named by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub options: Option<NamedBy>,
}

/// What may belong to a user: one field at least.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IsUserExists {
    /// User name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Its id in the customer's own system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
}

/// Whether such a user is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UserExists {
    /// Whether one of the fields belongs to a user.
    pub exists: bool,
}

/// A user who has left.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResignUser {
    /// The user.
    pub user_id: String,
    /// What the user is named by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
}

/// Users who have left: all of them or none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ResignUserBatch {
    /// The users.
    pub user_ids: Vec<String>,
    /// What they are named by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
}
