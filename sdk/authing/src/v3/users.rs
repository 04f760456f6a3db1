//! Users, as an administrator sees them.

#[cfg(feature = "client")]
use crate::client::ManagementClient;
use crate::v3::mine::{AuthorizedResource, GroupDto, MyDepartment};
use crate::v3::roles::RoleDto;
use crate::v3::words::UserIdType;
use crate::v3::{IsSuccess, Paging};
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

mod belongs;
mod create;
mod dto;
mod list;
mod past;
mod secrets;
mod several;
mod update;

pub use belongs::{
    DeleteUserSyncRelations, GetUserAuthorizedResources, GetUserDepartments, GetUserRoles,
    HasAnyRole, HasAnyRoleAnswer, HasRole, SetUserDepartment, SetUserDepartments, SyncRelationDto,
};
pub use create::{CreateIdentity, CreateUser, CreateUserOptions, CreateUserOtp, SendNotification};
pub use dto::{IdentityDto, UserDto};
pub use list::{AdvancedFilter, ListUsers, ListUsersOptions, Pagination, Sorting};
pub use past::{
    ArchivedUser, CheckSessionStatus, GetUserLoginHistory, ListArchivedUsers, ListUsersLegacy,
    LoggedInIdentity, OneUser, PrincipalAuthentication, PrincipalAuthentications,
    ResetPrincipalAuthentication, SessionStatus, UserApp, UserLogin, UserMfa,
};
pub use secrets::{
    ApplicationMfa, DecryptedField, EncryptedField, GetUserEncryptPasswordBatch, ImportOtp,
    ImportOtpItem, LinkIdentity, MfaTriggerData, OtpSecret, PasswordCiphertext, SetUsersMfaStatus,
    UnlinkIdentity, UserEncryptPassword, UserFieldDecrypt,
};
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
    /// List users, in the older form.
    GET "/api/v3/list-users" list_users_legacy(ListUsersLegacy) -> Paging<UserDto>,
        Admin "user:read";
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
    /// List the upstream identities of a user.
    GET "/api/v3/get-user-identities" get_user_identities(GetUserIdentities = OneUser)
        -> Vec<IdentityDto>, Admin "user:read";
    /// Tell which second factors a user has.
    GET "/api/v3/get-user-mfa-info" get_user_mfa_info(GetUserMfaInfo = OneUser) -> UserMfa,
        Admin "user:read";
    /// List who was archived or deleted.
    GET "/api/v3/list-archived-users" list_archived_users(ListArchivedUsers)
        -> Paging<ArchivedUser>, Admin "user:read";
    /// List the applications a user may sign in to.
    GET "/api/v3/get-user-accessible-apps" get_user_accessible_apps(GetUserAccessibleApps = OneUser)
        -> Vec<UserApp>, Admin "user:read";
    /// List the applications a user has authorized.
    GET "/api/v3/get-user-authorized-apps" get_user_authorized_apps(GetUserAuthorizedApps = OneUser)
        -> Vec<UserApp>, Admin "user:read";
    /// List the sign-ins of a user.
    GET "/api/v3/get-user-login-history" get_user_login_history(GetUserLoginHistory)
        -> Paging<UserLogin>, Admin "user:read";
    /// List the applications a user signed in to.
    GET "/api/v3/get-user-loggedin-apps" get_user_loggedin_apps(GetUserLoggedinApps = OneUser)
        -> Vec<UserApp>, Admin "user:read";
    /// List the identities a user signed in with.
    GET "/api/v3/get-user-logged-in-identities"
        get_user_loggedin_identities(GetUserLoggedinIdentities = OneUser)
        -> Vec<LoggedInIdentity>, Admin "user:read";
    /// Tell whether a user is signed in to an application.
    POST "/api/v3/check-session-status" check_session_status(CheckSessionStatus)
        -> SessionStatus, Admin "user:read", repeat Safe;
    /// Tell whether the real name of a user was verified.
    GET "/api/v3/get-user-principal-authentication-info"
        get_user_principal_authentication_info(GetUserPrincipalAuthenticationInfo = OneUser)
        -> PrincipalAuthentications, Admin "user:read";
    /// Forget the verified real name of a user.
    POST "/api/v3/reset-user-principal-authentication-info"
        reset_user_principal_authentication_info(ResetPrincipalAuthentication) -> IsSuccess,
        Admin "user:update";
    /// List the roles of a user.
    GET "/api/v3/get-user-roles" get_user_roles(GetUserRoles) -> Paging<RoleDto>,
        Admin "role:read";
    /// Tell whether a user has one of several roles.
    POST "/api/v3/has-any-role" has_any_role(HasAnyRole) -> HasAnyRoleAnswer, Admin "role:read",
        repeat Safe;
    /// List the departments of a user.
    GET "/api/v3/get-user-departments" get_user_departments(GetUserDepartments)
        -> Paging<MyDepartment>, Admin "user:read";
    /// Put departments in the place of a user's.
    POST "/api/v3/set-user-departments" set_user_departments(SetUserDepartments) -> IsSuccess,
        Admin "user:update";
    /// List the groups of a user.
    GET "/api/v3/get-user-groups" get_user_groups(GetUserGroups = OneUser) -> Paging<GroupDto>,
        Admin "user:read";
    /// List the resources that a user was granted or denied.
    GET "/api/v3/get-user-authorized-resources"
        get_user_authorized_resources(GetUserAuthorizedResources) -> Paging<AuthorizedResource>,
        Admin "user:read";
    /// List the records of a user in systems that users are synchronised with.
    GET "/api/v3/get-user-sync-relations" get_user_sync_relations(GetUserSyncRelations = OneUser)
        -> Vec<SyncRelationDto>, Admin "user:read";
    /// Forget the records of a user in one such system.
    POST "/api/v3/delete-user-sync-relations"
        delete_user_sync_relations(DeleteUserSyncRelations) -> IsSuccess, Admin "user:update";
    /// Give a user an identity at an upstream provider.
    POST "/api/v3/link-identity" link_identity(LinkIdentity) -> IsSuccess, Admin "user:update";
    /// Take the identities of one source from a user.
    POST "/api/v3/unlink-identity" unlink_identity(UnlinkIdentity) -> IsSuccess,
        Admin "user:update";
    /// Bring generators of one-time passwords along: all of them or none.
    POST "/api/v3/import-otp" import_otp(ImportOtp) -> (), Admin "user:update";
    /// Show the secret of a user's generator, where the pool allows it.
    GET "/api/v3/get-otp-secret-by-user" get_otp_secret_by_user(GetOtpSecretByUser = OneUser)
        -> OtpSecret, Admin "user:update";
    /// Show the hash of a user's password, where the pool allows it.
    POST "/api/v3/get-user-password-ciphertext"
        get_user_password_ciphertext(GetUserPasswordCiphertext = OneUser) -> PasswordCiphertext,
        Admin "user:update";
    /// Show the hashes of users' passwords, where the pool allows it.
    POST "/api/v3/batch-get-user-encrypt-password"
        get_user_encrypt_password_batch(GetUserEncryptPasswordBatch) -> Vec<UserEncryptPassword>,
        Admin "user:update";
    /// Decrypt values with a key that comes with them.
    POST "/api/v3/users/field/decrypt" user_field_decrypt(UserFieldDecrypt)
        -> Vec<DecryptedField>, Admin "user:read", repeat Safe;
    /// Tell what sign-ins of a user ask for beside the first proof.
    GET "/api/v3/get-mfa-status" get_user_mfa_status(GetUserMfaStatus = OneUser)
        -> MfaTriggerData, Admin "user:read";
    /// Say what sign-ins of a user ask for beside the first proof.
    POST "/api/v3/set-mfa-status" set_users_mfa_status(SetUsersMfaStatus) -> IsSuccess,
        Admin "user:update";
}

#[cfg(test)]
mod tests;
