//! Roles: the domain's words in V3's spelling.

mod assign;
mod read;
mod write;

use super::moment;
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::roles::{RoleDto, RoleStatus};
use keystead_core::Cx;
use keystead_core::roles::{self, RoleView};
use keystead_web::Routes;

/// The rows of roles.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(write::create_role)
        .on(write::create_roles_batch)
        .on(write::create_admin_role)
        .on(write::check_role_params)
        .on(write::update_role)
        .on(write::delete_roles_batch)
        .on(write::delete_roles)
        .on(write::delete_admin_roles_batch)
        .on(read::get_role)
        .on(read::list_roles)
        .on(read::list_role_members)
        .on(read::list_role_departments)
        .on(read::list_role_assignments)
        .on(read::get_role_authorized_resources)
        .on(assign::assign_role)
        .on(assign::assign_role_batch)
        .on(assign::revoke_role)
        .on(assign::revoke_role_batch)
        .on(assign::check_mutual_exclusion)
}

/// A role as V3 shows it.
pub(super) fn dto(cx: &Cx, view: RoleView) -> RoleDto {
    let enabled = roles::is_enabled(&view.role, cx.now);
    RoleDto {
        id: view.role.id.to_string(),
        code: view.role.code,
        name: view.role.name,
        description: view.role.description,
        namespace: view.namespace,
        namespace_name: view.namespace_name,
        status: status(enabled),
        disable_time: view.role.disable_at.map(|at| at.0),
        enable_permission_apply: view.role.is_applicable,
    }
}

const fn status(counts: bool) -> RoleStatus {
    if counts { RoleStatus::Enable } else { RoleStatus::Disable }
}

const DONE: IsSuccess = IsSuccess { success: true };
