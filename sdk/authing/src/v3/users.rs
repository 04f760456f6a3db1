//! Users, as an administrator sees them.

#[cfg(feature = "client")]
use crate::client::ManagementClient;
use crate::v3::Paging;
use crate::v3::words::UserIdType;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

mod create;
mod dto;
mod list;

pub use create::{CreateIdentity, CreateUser, CreateUserOptions, CreateUserOtp, SendNotification};
pub use dto::{IdentityDto, UserDto};
pub use list::{AdvancedFilter, ListUsers, ListUsersOptions, Pagination, Sorting};

/// Which user, and what to show.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
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
    /// Get a user.
    GET "/api/v3/get-user" get_user(GetUser) -> UserDto, Admin "user:read";
    /// List users.
    POST "/api/v3/list-users" list_users(ListUsers) -> Paging<UserDto>, Admin "user:read",
        repeat Safe;
}

#[cfg(test)]
mod tests;
