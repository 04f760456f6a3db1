//! What belongs to the user who calls.
//!
//! Tenants, groups, departments and resources do not exist yet, for anybody: their lists are empty.

use super::audit_logs::{agent, place};
use super::moment::iso;
use super::roles;
use super::users::identity;
use keystead_authing::v3::Paging;
use keystead_authing::v3::mine::{
    AuthorizedResource, GetAccessibleApps, GetAuthorizedResources, GetDepartmentList, GetGroupList,
    GetIdentities, GetLoggedInApps, GetLoginHistory, GetRoleList, GetTenantList, GroupDto,
    LoginHistory, MyApp, MyDepartment, MyTenant,
};
use keystead_authing::v3::roles::RoleDto;
use keystead_authing::v3::users::IdentityDto;
use keystead_core::Cx;
use keystead_core::account::mine;
use keystead_core::audit::{EventView, Search};
use keystead_model::{Millis, PageRequest, Result};
use keystead_web::Routes;
use serde_json::Value;

/// The rows of this area.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(login_history)
        .on(logged_in_apps)
        .on(accessible_apps)
        .on(identities)
        .on(role_list)
        .on(tenant_list)
        .on(group_list)
        .on(department_list)
        .on(authorized_resources)
}

async fn login_history(cx: &mut Cx, request: GetLoginHistory) -> Result<Paging<LoginHistory>> {
    let page = PageRequest::new(request.page, request.limit)?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let search = Search {
        success: request.success,
        ip: given(request.client_ip),
        client_id: given(request.app_id),
        from: request.start.map(Millis),
        until: request.end.map(Millis),
        ..Search::default()
    };
    let found = mine::signins(cx, search, page).await?;
    Ok(Paging {
        total_count: u64::try_from(found.total).unwrap_or_default(),
        list: found.rows.into_iter().map(|view| entry(cx, view)).collect(),
    })
}

fn entry(cx: &Cx, view: EventView) -> LoginHistory {
    let EventView { event, application, .. } = view;
    let user_agent = event.user_agent.unwrap_or_default();
    let amr = event.detail.as_ref().and_then(|detail| detail.get("amr")?.get(0));
    LoginHistory {
        user_id: event.target_id.unwrap_or_default(),
        app_id: application.client_id.unwrap_or_default(),
        app_name: application.name.unwrap_or_default(),
        app_logo: application.logo.unwrap_or_default(),
        app_login_url: application.login_uri.unwrap_or_else(|| cx.pool.app_host.clone()),
        login_at: iso(event.created_at),
        client_ip: event.ip.unwrap_or_default(),
        success: event.success,
        error_message: event.code,
        parsed_user_agent: agent::parse(&user_agent),
        user_agent,
        login_method: amr.and_then(Value::as_str).unwrap_or_default().to_owned(),
        geoip: place(event.place),
        tenant_id: None,
    }
}

async fn logged_in_apps(cx: &mut Cx, _: GetLoggedInApps) -> Result<Vec<MyApp>> {
    let found = mine::signed_in_to(cx).await?;
    Ok(found.into_iter().map(|one| app(cx, one)).collect())
}

async fn accessible_apps(cx: &mut Cx, _: GetAccessibleApps) -> Result<Vec<MyApp>> {
    let found = mine::accessible(cx).await?;
    Ok(found.into_iter().map(|one| app(cx, one)).collect())
}

fn app(cx: &Cx, (card, active): mine::MyApp) -> MyApp {
    MyApp {
        app_id: card.client_id,
        app_name: card.name,
        app_login_url: card.login_uri.unwrap_or_else(|| cx.pool.app_host.clone()),
        app_logo: card.logo.unwrap_or_default(),
        active,
    }
}

async fn identities(cx: &mut Cx, _: GetIdentities) -> Result<Vec<IdentityDto>> {
    Ok(mine::identities(cx).await?.into_iter().map(identity).collect())
}

async fn role_list(cx: &mut Cx, request: GetRoleList) -> Result<Vec<RoleDto>> {
    let namespace = request.namespace.as_deref().filter(|code| !code.is_empty());
    let found = mine::roles(cx, namespace).await?;
    Ok(found.into_iter().map(|view| roles::dto(cx, view)).collect())
}

/// There are no tenants yet.
async fn tenant_list(_: &mut Cx, _: GetTenantList) -> Result<Vec<MyTenant>> {
    Ok(Vec::new())
}

/// There are no groups yet.
async fn group_list(_: &mut Cx, _: GetGroupList) -> Result<Vec<GroupDto>> {
    Ok(Vec::new())
}

/// There are no departments yet.
async fn department_list(_: &mut Cx, request: GetDepartmentList) -> Result<Paging<MyDepartment>> {
    PageRequest::new(request.page, request.limit)?;
    Ok(Paging { total_count: 0, list: Vec::new() })
}

/// There are no resources yet.
async fn authorized_resources(
    _: &mut Cx,
    _: GetAuthorizedResources,
) -> Result<Paging<AuthorizedResource>> {
    Ok(Paging { total_count: 0, list: Vec::new() })
}
