//! The logs: the domain's audit events as V3 shows them.

pub(super) mod agent;
mod words;

use super::moment::iso;
use keystead_authing::v3::Paging;
use keystead_authing::v3::audit_logs::{
    AdminAuditLogDto, GeoIp, GetAdminAuditLogs, GetUserActionLogs, UserActionLogDto,
};
use keystead_authing::v3::users::Pagination;
use keystead_core::Cx;
use keystead_core::audit::{self, Category, EventView, Search};
use keystead_model::{Millis, Page, PageRequest, Result};
use keystead_web::Routes;
use serde_json::{Value, json};

/// The rows of this area.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(get_user_action_logs).on(get_admin_audit_logs)
}

/// Searches what users did.
async fn get_user_action_logs(
    cx: &mut Cx,
    request: GetUserActionLogs,
) -> Result<Paging<UserActionLogDto>> {
    let search = Search {
        kinds: Some(words::user_kinds(given(request.event_type).as_deref())?),
        success: request.success,
        ip: given(request.client_ip),
        client_id: given(request.app_id),
        target: given(request.user_id),
        request_id: given(request.request_id),
        from: request.start.map(Millis),
        until: request.end.map(Millis),
        actor: None,
    };
    let page = page(request.pagination)?;
    let found = audit::list(cx, Category::User, &search, page).await?;
    Ok(paging(found, |view| user_action(cx, view)))
}

/// Searches what administrators did.
async fn get_admin_audit_logs(
    cx: &mut Cx,
    request: GetAdminAuditLogs,
) -> Result<Paging<AdminAuditLogDto>> {
    let operation = given(request.operation_type);
    let resource = given(request.resource_type);
    let search = Search {
        kinds: words::admin_kinds(operation.as_deref(), resource.as_deref())?,
        success: request.success,
        ip: given(request.client_ip),
        actor: given(request.user_id),
        request_id: given(request.request_id),
        from: request.start.map(Millis),
        until: request.end.map(Millis),
        ..Search::default()
    };
    let page = page(request.pagination)?;
    let found = audit::list(cx, Category::Admin, &search, page).await?;
    Ok(paging(found, |view| admin_action(cx, view)))
}

/// An empty text in a filter says nothing.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn page(pagination: Option<Pagination>) -> Result<PageRequest> {
    let page = pagination.unwrap_or_default();
    PageRequest::new(page.page, page.limit)
}

fn paging<T>(found: Page<EventView>, dto: impl Fn(EventView) -> T) -> Paging<T> {
    Paging {
        total_count: u64::try_from(found.total).unwrap_or_default(),
        list: found.rows.into_iter().map(dto).collect(),
    }
}

fn user_action(cx: &Cx, view: EventView) -> UserActionLogDto {
    let EventView { event, kind, user, application } = view;
    let about = || (event.target_kind.as_deref() == Some("user")).then(|| event.target_id.clone());
    let named = || event.target_name.clone().or_else(|| event.actor_name.clone());
    let detail = facts(event.code.as_deref(), event.detail.as_ref());
    let (user_id, name, photo, logins) = match user {
        Some(user) => {
            let photo = user.photo.unwrap_or_else(|| cx.pool.avatar_url());
            (Some(user.id.to_string()), Some(user.label), Some(photo), user.logins)
        }
        None => (about().flatten(), named(), None, 0),
    };
    UserActionLogDto {
        user_id,
        user_avatar: photo,
        user_display_name: name,
        user_logins_count: logins,
        app_login_url: application
            .login_uri
            .or_else(|| application.client_id.is_some().then(|| cx.pool.app_host.clone())),
        app_id: application.client_id,
        app_name: application.name,
        app_logo: application.logo,
        client_ip: event.ip,
        event_type: words::user_word(kind, &event.kind),
        event_detail: detail,
        success: event.success,
        parsed_user_agent: agent::parse(event.user_agent.as_deref().unwrap_or_default()),
        user_agent: event.user_agent,
        geoip: place(event.place),
        timestamp: iso(event.created_at),
        request_id: event.request_id,
    }
}

fn admin_action(cx: &Cx, view: EventView) -> AdminAuditLogDto {
    let EventView { event, user, .. } = view;
    let (operation, resource) = words::admin_words(&event.kind);
    let details = json!({
        "event": event.kind,
        "code": event.code,
        "targetKind": event.target_kind,
        "targetId": event.target_id,
        "targetName": event.target_name,
    });
    let avatar = |photo: Option<String>| photo.unwrap_or_else(|| cx.pool.avatar_url());
    AdminAuditLogDto {
        admin_user_id: event.actor_id,
        admin_user_display_name: user.as_ref().map(|u| u.label.clone()).or(event.actor_name),
        admin_user_avatar: user.map(|user| avatar(user.photo)),
        client_ip: event.ip,
        operation_type: operation.to_owned(),
        resource_type: resource.to_owned(),
        event_details: Some(details.to_string()),
        operation_param: event.detail.map(|value| value.to_string()),
        origin_value: event.before.map(|value| value.to_string()),
        target_value: event.after.map(|value| value.to_string()),
        success: event.success,
        ua: agent::parse(event.user_agent.as_deref().unwrap_or_default()),
        user_agent: event.user_agent,
        geoip: place(event.place),
        timestamp: iso(event.created_at),
        request_id: event.request_id,
    }
}

/// The code of a refusal and the other facts, as JSON in a text.
fn facts(code: Option<&str>, detail: Option<&Value>) -> Option<String> {
    match (code, detail) {
        (None, None) => None,
        (None, Some(detail)) => Some(detail.to_string()),
        (Some(code), None) => Some(json!({ "code": code }).to_string()),
        (Some(code), Some(detail)) => Some(json!({ "code": code, "detail": detail }).to_string()),
    }
}

pub(super) fn place(place: Option<Value>) -> GeoIp {
    place.and_then(|place| serde_json::from_value(place).ok()).unwrap_or_default()
}
