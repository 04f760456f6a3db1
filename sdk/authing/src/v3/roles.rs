//! Roles: what they are, who has them.

#[cfg(feature = "client")]
use crate::client::ManagementClient;
use crate::v3::users::UserDto;
use crate::v3::{IsSuccess, Paging};
use keystead_endpoint::endpoints;

mod assign;
mod dto;
mod read;
mod write;

pub use assign::{
    AssignRole, AssignRoleBatch, CheckMutualExclusion, RevokeRole, RevokeRoleBatch, RoleCode,
    Target, TargetType,
};
pub use dto::{
    AdminRoleDto, ResourceType, RoleAssignmentDto, RoleAssignmentPage, RoleAuthorizedResourceDto,
    RoleCheckDto, RoleDepartmentDto, RoleDto, RoleExclusionDto, RoleStatus,
};
pub use read::{
    GetRole, GetRoleAuthorizedResources, ListRoleAssignments, ListRoleDepartments, ListRoleMembers,
    ListRoles,
};
pub use write::{
    CheckRoleParams, CreateAdminRole, CreateRole, CreateRolesBatch, DeleteAdminRolesBatch,
    DeleteRoles, DeleteRolesBatch, RoleCodeAndNamespace, RoleListItem, UpdateRole,
};

endpoints! { ManagementClient, "roles";
    /// Create a role.
    POST "/api/v3/create-role" create_role(CreateRole) -> RoleDto, Admin "role:create";
    /// Create roles, all or none.
    POST "/api/v3/create-roles-batch" create_roles_batch(CreateRolesBatch) -> IsSuccess,
        Admin "role:create";
    /// Create a role of administration.
    POST "/api/v3/create-admin-role" create_admin_role(CreateAdminRole) -> AdminRoleDto,
        Admin "role:create";
    /// Get a role.
    GET "/api/v3/get-role" get_role(GetRole) -> RoleDto, Admin "role:read";
    /// List the roles of a namespace.
    GET "/api/v3/list-roles" list_roles(ListRoles) -> Paging<RoleDto>, Admin "role:read";
    /// Say whether a role of this code could be created.
    POST "/api/v3/check-role-params" check_role_params(CheckRoleParams) -> RoleCheckDto,
        Admin "role:read", repeat Safe;
    /// Change a role.
    POST "/api/v3/update-role" update_role(UpdateRole) -> IsSuccess, Admin "role:update";
    /// Delete roles of one namespace, all or none.
    POST "/api/v3/delete-roles-batch" delete_roles_batch(DeleteRolesBatch) -> IsSuccess,
        Admin "role:delete";
    /// Delete roles of several namespaces, all or none.
    POST "/api/v3/multiple-namespace-delete-roles-batch" delete_roles(DeleteRoles) -> IsSuccess,
        Admin "role:delete";
    /// Delete roles of administration, all or none.
    POST "/api/v3/delete-admin-roles" delete_admin_roles_batch(DeleteAdminRolesBatch) -> IsSuccess,
        Admin "role:delete";
    /// Assign a role.
    POST "/api/v3/assign-role" assign_role(AssignRole) -> IsSuccess, Admin "role:assign";
    /// Assign several roles, all or none.
    POST "/api/v3/assign-role-batch" assign_role_batch(AssignRoleBatch) -> IsSuccess,
        Admin "role:assign";
    /// Revoke a role.
    POST "/api/v3/revoke-role" revoke_role(RevokeRole) -> IsSuccess, Admin "role:assign";
    /// Revoke several roles, all or none.
    POST "/api/v3/revoke-role-batch" revoke_role_batch(RevokeRoleBatch) -> IsSuccess,
        Admin "role:assign";
    /// Say whether two of these roles exclude each other.
    POST "/api/v3/check-role-mutual-exclusion" check_mutual_exclusion(CheckMutualExclusion)
        -> RoleExclusionDto, Admin "role:read", repeat Safe;
    /// List the users who have a role.
    GET "/api/v3/list-role-members" list_role_members(ListRoleMembers) -> Paging<UserDto>,
        Admin "role:read";
    /// List the departments that have a role.
    GET "/api/v3/list-role-departments" list_role_departments(ListRoleDepartments)
        -> Paging<RoleDepartmentDto>, Admin "role:read";
    /// List the assignments of a role with their dates.
    GET "/api/v3/list-role-assignments" list_role_assignments(ListRoleAssignments)
        -> RoleAssignmentPage, Admin "role:read";
    /// List the resources that a role is authorised for.
    GET "/api/v3/get-role-authorized-resources"
        get_role_authorized_resources(GetRoleAuthorizedResources)
        -> Paging<RoleAuthorizedResourceDto>, Admin "role:read";
}

#[cfg(test)]
mod tests;
