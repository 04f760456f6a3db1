//! Users: what they belong to.
//!
//! Departments, resources and synchronised systems do not exist yet, for anybody: their lists are
//! empty, and no id is a department's.

use super::id_of;
use crate::v3::roles;
use keystead_authing::v3::mine::{AuthorizedResource, GroupDto, MyDepartment};
use keystead_authing::v3::roles::RoleDto;
use keystead_authing::v3::users::{
    DeleteUserSyncRelations, GetUserAuthorizedResources, GetUserDepartments, GetUserGroups,
    GetUserRoles, GetUserSyncRelations, HasAnyRole, HasAnyRoleAnswer, SetUserDepartments,
    SyncRelationDto,
};
use keystead_authing::v3::{IsSuccess, Paging};
use keystead_core::{Cx, departments, groups, namespaces, roles as domain};
use keystead_model::{Code, Error, PageRequest, Result};

/// Lists the roles that count now.
pub(super) async fn get_user_roles(cx: &mut Cx, request: GetUserRoles) -> Result<Paging<RoleDto>> {
    let id = id_of(cx, request.user_id_type, &request.user_id).await?;
    let namespace = request.namespace.as_deref().filter(|code| !code.is_empty());
    let found = domain::of_user(cx, id, namespace).await?;
    Ok(whole(found.into_iter().map(|view| roles::dto(cx, view)).collect()))
}

/// Tells whether one of the roles counts now.
pub(super) async fn has_any_role(cx: &mut Cx, request: HasAnyRole) -> Result<HasAnyRoleAnswer> {
    let kind = request.options.and_then(|options| options.user_id_type);
    let id = id_of(cx, kind, &request.user_id).await?;
    let of = |text: &'_ Option<String>| text.clone().filter(|code| !code.is_empty());
    let wanted: Vec<(Option<String>, &str)> =
        request.roles.iter().map(|role| (of(&role.namespace), role.code.as_str())).collect();
    let wanted: Vec<(Option<&str>, &str)> =
        wanted.iter().map(|(space, code)| (space.as_deref(), *code)).collect();
    Ok(HasAnyRoleAnswer { has_any_role: domain::has_any(cx, id, &wanted).await? })
}

/// Lists departments.
pub(super) async fn get_user_departments(
    cx: &mut Cx,
    request: GetUserDepartments,
) -> Result<Paging<MyDepartment>> {
    PageRequest::new(request.page, request.limit)?;
    id_of(cx, request.user_id_type, &request.user_id).await?;
    Ok(whole(Vec::new()))
}

/// Replaces departments.
pub(super) async fn set_user_departments(
    cx: &mut Cx,
    request: SetUserDepartments,
) -> Result<IsSuccess> {
    let kind = request.options.and_then(|options| options.user_id_type);
    id_of(cx, kind, &request.user_id).await?;
    let named = request.departments.iter().map(|one| one.department_id.as_str());
    departments::set_for_user(cx, &named.collect::<Vec<_>>())?;
    Ok(IsSuccess { success: true })
}

/// Lists groups.
pub(super) async fn get_user_groups(
    cx: &mut Cx,
    request: GetUserGroups,
) -> Result<Paging<GroupDto>> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    let found = groups::of_user(cx, id).await?.into_iter().map(|group| GroupDto {
        id: group.id.to_string(),
        code: group.code,
        name: group.name,
        description: group.description.unwrap_or_default(),
        kind: group.kind,
        metadata_source: Vec::new(),
        members: Vec::new(),
    });
    Ok(whole(found.collect()))
}

/// Lists resources.
pub(super) async fn get_user_authorized_resources(
    cx: &mut Cx,
    request: GetUserAuthorizedResources,
) -> Result<Paging<AuthorizedResource>> {
    id_of(cx, request.user_id_type, &request.user_id).await?;
    if let Some(code) = request.namespace.as_deref().filter(|code| !code.is_empty()) {
        namespaces::get(cx, Some(code), "namespace").await?;
    }
    Ok(whole(Vec::new()))
}

/// Lists records of other systems.
pub(super) async fn get_user_sync_relations(
    cx: &mut Cx,
    request: GetUserSyncRelations,
) -> Result<Vec<SyncRelationDto>> {
    id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    Ok(Vec::new())
}

/// Forgets records of a system: afterwards there are none, as there were none before.
pub(super) async fn delete_user_sync_relations(
    cx: &mut Cx,
    request: DeleteUserSyncRelations,
) -> Result<IsSuccess> {
    if request.provider.trim().is_empty() {
        return Err(Error::new(Code::FieldMissing).field("provider"));
    }
    id_of(cx, request.user_id_type, &request.user_id).await?;
    Ok(IsSuccess { success: true })
}

/// A list that has one page.
fn whole<T>(list: Vec<T>) -> Paging<T> {
    Paging { total_count: list.len().try_into().unwrap_or_default(), list }
}
