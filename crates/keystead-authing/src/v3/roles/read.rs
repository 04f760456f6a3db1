//! Reading roles and who has them.

use super::{dto, status};
use crate::v3::users;
use keystead_authing::v3::Paging;
use keystead_authing::v3::roles::{
    GetRole, GetRoleAuthorizedResources, ListRoleAssignments, ListRoleDepartments, ListRoleMembers,
    ListRoles, RoleAssignmentDto, RoleAssignmentPage, RoleAuthorizedResourceDto, RoleDepartmentDto,
    RoleDto, TargetType,
};
use keystead_authing::v3::users::UserDto;
use keystead_core::Cx;
use keystead_core::roles::{self, AssignmentFilter, AssignmentView, RoleView};
use keystead_core::subjects::SubjectKind;
use keystead_model::{PageRequest, Result};

/// Gets a role.
pub(super) async fn get_role(cx: &mut Cx, request: GetRole) -> Result<RoleDto> {
    let view = roles::get(cx, request.namespace.as_deref(), &request.code).await?;
    Ok(dto(cx, view))
}

/// Lists the roles of a namespace.
pub(super) async fn list_roles(cx: &mut Cx, request: ListRoles) -> Result<Paging<RoleDto>> {
    let page = PageRequest::new(request.page, request.limit)?;
    let (namespace, keywords) = (request.namespace.as_deref(), request.keywords.as_deref());
    let found = roles::list(cx, namespace, keywords, page).await?;
    let list = found.rows.into_iter().map(|view| dto(cx, view)).collect();
    Ok(Paging { total_count: count(found.total), list })
}

/// Lists the users who have a role.
pub(super) async fn list_role_members(
    cx: &mut Cx,
    request: ListRoleMembers,
) -> Result<Paging<UserDto>> {
    let page = PageRequest::new(request.page, request.limit)?;
    let found = roles::members(cx, request.namespace.as_deref(), &request.code, page).await?;
    let shows = users::Shows {
        custom_data: request.with_custom_data == Some(true),
        identities: request.with_identities == Some(true),
        department_ids: request.with_department_ids == Some(true),
        ..users::Shows::default()
    };
    let list = found.rows.into_iter().map(|view| users::dto(cx, view, shows)).collect();
    Ok(Paging { total_count: count(found.total), list })
}

/// Lists the departments that have a role.
pub(super) async fn list_role_departments(
    cx: &mut Cx,
    request: ListRoleDepartments,
) -> Result<Paging<RoleDepartmentDto>> {
    PageRequest::new(request.page, request.limit)?;
    let total = roles::departments(cx, request.namespace.as_deref(), &request.code).await?;
    Ok(Paging { total_count: count(total), list: Vec::new() })
}

/// Lists the assignments of a role.
pub(super) async fn list_role_assignments(
    cx: &mut Cx,
    request: ListRoleAssignments,
) -> Result<RoleAssignmentPage> {
    let page = PageRequest::new(request.page, request.limit)?;
    let kinds = request.target_type.unwrap_or_default();
    let filter = AssignmentFilter {
        namespace: request.namespace_code.as_deref(),
        code: &request.role_code,
        kinds: kinds.into_iter().map(kind).collect(),
        query: request.query.as_deref(),
    };
    let (role, found) = roles::assignments(cx, &filter, page).await?;
    let data = found.rows.into_iter().map(|row| assignment(cx, &role, row)).collect();
    Ok(RoleAssignmentPage { total_count: count(found.total), data })
}

/// Lists the resources that a role is authorised for.
pub(super) async fn get_role_authorized_resources(
    cx: &mut Cx,
    request: GetRoleAuthorizedResources,
) -> Result<Paging<RoleAuthorizedResourceDto>> {
    roles::authorized_resources(cx, request.namespace.as_deref(), &request.code).await?;
    Ok(Paging { total_count: 0, list: Vec::new() })
}

fn assignment(cx: &Cx, role: &RoleView, view: AssignmentView) -> RoleAssignmentDto {
    let assignment = view.assignment;
    let kinds = TargetType::ALL.iter().copied();
    let target_type = kinds
        .clone()
        .find(|t| kind(*t).text() == assignment.subject_kind)
        .unwrap_or(TargetType::User);
    RoleAssignmentDto {
        role_id: role.role.id.to_string(),
        status: status(view.in_date),
        enable_time: assignment.starts_at.map(|at| at.0),
        end_time: assignment.ends_at.map(|at| at.0),
        user_pool_id: cx.pool.id.to_string(),
        role_name: role.role.name.clone(),
        role_code: role.role.code.clone(),
        description: role.role.description.clone(),
        created_at: super::moment::iso(assignment.created_at),
        updated_at: super::moment::iso(role.role.updated_at),
        target_type,
        target_identifier: assignment.subject_id.to_string(),
    }
}

/// The kind of subject that V3 means.
pub(super) const fn kind(target: TargetType) -> SubjectKind {
    match target {
        TargetType::User => SubjectKind::User,
        TargetType::Role => SubjectKind::Role,
        TargetType::Group => SubjectKind::Group,
        TargetType::Department => SubjectKind::Department,
    }
}

fn count(total: i64) -> u64 {
    u64::try_from(total).unwrap_or_default()
}
