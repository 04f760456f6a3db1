//! Creating, changing and deleting roles.

use super::{DONE, dto};
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::roles::{
    AdminRoleDto, CheckRoleParams, CreateAdminRole, CreateRole, CreateRolesBatch,
    DeleteAdminRolesBatch, DeleteRoles, DeleteRolesBatch, RoleCheckDto, RoleDto, RoleStatus,
    UpdateRole,
};
use keystead_core::Cx;
use keystead_core::roles::{self, Check, NewRole, RolePatch};
use keystead_model::{Millis, Result};

/// Creates a role.
pub(super) async fn create_role(cx: &mut Cx, request: CreateRole) -> Result<RoleDto> {
    let new = NewRole {
        namespace: request.namespace,
        code: request.code,
        name: request.name,
        description: request.description,
        disable_at: request.disable_time.map(|at| Millis(at.0)),
    };
    let view = roles::create(cx, new, false).await?;
    Ok(dto(cx, view))
}

/// Creates roles, all or none.
pub(super) async fn create_roles_batch(
    cx: &mut Cx,
    request: CreateRolesBatch,
) -> Result<IsSuccess> {
    let list = request.list.into_iter().map(|item| NewRole {
        namespace: item.namespace,
        code: item.code,
        name: item.name,
        description: item.description,
        disable_at: None,
    });
    roles::create_all(cx, list.collect()).await?;
    Ok(DONE)
}

/// Creates a role of administration.
pub(super) async fn create_admin_role(
    cx: &mut Cx,
    request: CreateAdminRole,
) -> Result<AdminRoleDto> {
    let new = NewRole {
        code: request.code,
        name: Some(request.name),
        description: request.description,
        ..NewRole::default()
    };
    let view = roles::create(cx, new, true).await?;
    Ok(AdminRoleDto { is_valid: true, message: String::new(), role: dto(cx, view) })
}

/// Says whether a role could be created.
pub(super) async fn check_role_params(
    cx: &mut Cx,
    request: CheckRoleParams,
) -> Result<RoleCheckDto> {
    let CheckRoleParams { code, namespace, name } = request;
    Ok(match roles::check(cx, namespace.as_deref(), &code, name.as_deref()).await? {
        Check::Free => RoleCheckDto { is_valid: true, message: String::new() },
        Check::Refused(code) => RoleCheckDto { is_valid: false, message: code.key().to_owned() },
    })
}

/// Changes a role.
pub(super) async fn update_role(cx: &mut Cx, request: UpdateRole) -> Result<IsSuccess> {
    let patch = RolePatch {
        code: request.new_code,
        name: request.name,
        description: request.description,
        enabled: request.status.map(|status| status == RoleStatus::Enable),
        disable_at: request.disable_time.map(|at| at.map(|at| Millis(at.0))),
        is_applicable: request.enable_permission_apply,
    };
    roles::update(cx, request.namespace.as_deref(), &request.code, patch).await?;
    Ok(DONE)
}

/// Deletes roles of one namespace.
pub(super) async fn delete_roles_batch(
    cx: &mut Cx,
    request: DeleteRolesBatch,
) -> Result<IsSuccess> {
    let list = request.code_list.into_iter().map(|code| (request.namespace.clone(), code));
    roles::delete(cx, &list.collect::<Vec<_>>(), "codeList", false).await?;
    Ok(DONE)
}

/// Deletes roles of several namespaces.
pub(super) async fn delete_roles(cx: &mut Cx, request: DeleteRoles) -> Result<IsSuccess> {
    let list = request.role_list.into_iter().map(|role| (role.namespace, role.code));
    roles::delete(cx, &list.collect::<Vec<_>>(), "roleList", false).await?;
    Ok(DONE)
}

/// Deletes roles of administration.
pub(super) async fn delete_admin_roles_batch(
    cx: &mut Cx,
    request: DeleteAdminRolesBatch,
) -> Result<IsSuccess> {
    let list = request.code_list.into_iter().map(|code| (None, code));
    roles::delete(cx, &list.collect::<Vec<_>>(), "codeList", true).await?;
    Ok(DONE)
}
