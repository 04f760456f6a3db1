//! Users, as an administrator sees them.

#[cfg(feature = "client")]
use crate::client::ManagementClient;
use crate::v3::words::UserIdType;
use crate::v3::{IsSuccess, Paging};
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

mod create;
mod dto;
mod list;
mod several;
mod update;

pub use create::{CreateIdentity, CreateUser, CreateUserOptions, CreateUserOtp, SendNotification};
pub use dto::{IdentityDto, UserDto};
pub use list::{AdvancedFilter, ListUsers, ListUsersOptions, Pagination, Sorting};
pub use several::{
    CreateUsersBatch, DeleteUsersBatch, GetUserBatch, IsUserExists, KickUsers, NamedBy, ResignUser,
    ResignUserBatch, UserExists,
};
pub use update::{SendPasswordReset, UpdateUser, UpdateUserBatch, UpdateUserOptions};

/// Which user, and what to show.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GetUser {
    /// The user.
    pub user_id: String,
    /// What `user_id` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id_type: Option<UserIdType>,
    /// Whether custom fields stand beside the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flat_custom_data: Option<bool>,
    /// Whether to show custom fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_custom_data: Option<bool>,
    /// Whether to show posts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_post: Option<bool>,
    /// Whether to show upstream identities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_identities: Option<bool>,
    /// Whether to show departments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_department_ids: Option<bool>,
}

impl GetUser {
    /// The user of this id.
    #[must_use]
    pub fn by_id(id: impl Into<String>) -> Self {
        Self { user_id: id.into(), ..Self::default() }
    }

    /// The user whom this text names in this way.
    #[must_use]
    pub fn by(kind: UserIdType, text: impl Into<String>) -> Self {
        Self { user_id: text.into(), user_id_type: Some(kind), ..Self::default() }
    }
}

endpoints! { ManagementClient, "users";
    /// Create a user.
    POST "/api/v3/create-user" create_user(CreateUser) -> UserDto, Admin "user:create";
    /// Create users: all of them or none.
    POST "/api/v3/create-users-batch" create_users_batch(CreateUsersBatch) -> Vec<UserDto>,
        Admin "user:create";
    /// Get a user.
    GET "/api/v3/get-user" get_user(GetUser) -> UserDto, Admin "user:read";
    /// List users.
    POST "/api/v3/list-users" list_users(ListUsers) -> Paging<UserDto>, Admin "user:read",
        repeat Safe;
    /// Get users; those that are not there are left out.
    GET "/api/v3/get-user-batch" get_user_batch(GetUserBatch) -> Vec<UserDto>,
        Admin "user:read";
    /// Update a user.
    POST "/api/v3/update-user" update_user(UpdateUser) -> UserDto, Admin "user:update";
    /// Update users: all of them or none.
    POST "/api/v3/update-user-batch" update_user_batch(UpdateUserBatch) -> Vec<UserDto>,
        Admin "user:update";
    /// Delete users: all of them or none.
    POST "/api/v3/delete-users-batch" delete_users_batch(DeleteUsersBatch) -> IsSuccess,
        Admin "user:delete";
    /// Sign a user out of applications.
    POST "/api/v3/kick-users" kick_users(KickUsers) -> IsSuccess, Admin "user:update";
    /// Tell whether a user name, address, number or external id belongs to a user.
    POST "/api/v3/is-user-exists" is_user_exists(IsUserExists) -> UserExists, Admin "user:read",
        repeat Safe;
    /// Mark a user as having left.
    POST "/api/v3/resign-user" resign_user(ResignUser) -> IsSuccess, Admin "user:update";
    /// Mark users as having left: all of them or none.
    POST "/api/v3/resign-user-batch" resign_user_batch(ResignUserBatch) -> IsSuccess,
        Admin "user:update";
}

#[cfg(test)]
mod tests;
