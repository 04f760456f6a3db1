//! Users: what they did and may do, and who is gone.

use super::{id_of, named};
use crate::v3::moment::iso;
use keystead_authing::v3::users::{
    ArchivedUser, CheckSessionStatus, GetUserAccessibleApps, GetUserAuthorizedApps,
    GetUserLoggedinApps, GetUserLoginHistory, GetUserMfaInfo, GetUserPrincipalAuthenticationInfo,
    ListArchivedUsers, PrincipalAuthentications, ResetPrincipalAuthentication, SessionStatus,
    UserApp, UserLogin, UserMfa,
};
use keystead_authing::v3::{IsSuccess, Paging};
use keystead_core::Cx;
use keystead_core::users::past::{self, AppCard, HistoryQuery};
use keystead_model::{Code, Error, Millis, PageRequest, Result};

/// Tells the second factors.
pub(super) async fn get_user_mfa_info(cx: &mut Cx, request: GetUserMfaInfo) -> Result<UserMfa> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    let factors = past::factors(cx, id).await?;
    let status = |kind: &str| {
        let has = factors.iter().any(|one| one == kind);
        if has { "enabled" } else { "disabled" }.to_owned()
    };
    Ok(UserMfa {
        totp_status: status("totp"),
        face_mfa_status: status("face"),
        sms_mfa_status: status("sms"),
        email_mfa_status: status("email"),
    })
}

/// Lists who is gone.
pub(super) async fn list_archived_users(
    cx: &mut Cx,
    request: ListArchivedUsers,
) -> Result<Paging<ArchivedUser>> {
    let page = PageRequest::new(request.page, request.limit)?;
    let since = request.start_at.map(|seconds| Millis(seconds.saturating_mul(1_000)));
    let found = past::gone(cx, since, page).await?;
    Ok(Paging {
        total_count: u64::try_from(found.total).unwrap_or_default(),
        list: found
            .rows
            .into_iter()
            .map(|(id, at)| ArchivedUser { user_id: id.to_string(), archived_at: iso(at) })
            .collect(),
    })
}

/// Lists the applications that are open to the user.
pub(super) async fn get_user_accessible_apps(
    cx: &mut Cx,
    request: GetUserAccessibleApps,
) -> Result<Vec<UserApp>> {
    id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    Ok(past::accessible(cx).await?.into_iter().map(app).collect())
}

/// Lists the applications that the user has signed in to and may still use.
pub(super) async fn get_user_authorized_apps(
    cx: &mut Cx,
    request: GetUserAuthorizedApps,
) -> Result<Vec<UserApp>> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    Ok(past::signed_in_to(cx, id).await?.into_iter().map(app).collect())
}

/// Lists the applications that the user has signed in to.
pub(super) async fn get_user_loggedin_apps(
    cx: &mut Cx,
    request: GetUserLoggedinApps,
) -> Result<Vec<UserApp>> {
    let id = id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    Ok(past::signed_in_to(cx, id).await?.into_iter().map(app).collect())
}

/// Lists sign-ins.
pub(super) async fn get_user_login_history(
    cx: &mut Cx,
    request: GetUserLoginHistory,
) -> Result<Paging<UserLogin>> {
    let page = PageRequest::new(request.page, request.limit)?;
    let id = id_of(cx, request.user_id_type, &request.user_id).await?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let query = HistoryQuery {
        client_id: given(request.app_id),
        ip: given(request.client_ip),
        from: request.start.map(Millis),
        to: request.end.map(Millis),
    };
    let found = past::history(cx, id, &query, page).await?;
    let list = found.rows.into_iter().map(|one| {
        let card = one.application.map(app);
        let text = |of: fn(&UserApp) -> &String| card.as_ref().map(of).cloned().unwrap_or_default();
        UserLogin {
            app_id: text(|app| &app.app_id),
            app_name: text(|app| &app.app_name),
            app_logo: text(|app| &app.app_logo),
            app_login_url: text(|app| &app.app_login_url),
            client_ip: one.ip.unwrap_or_default(),
            user_agent: one.user_agent,
            time: iso(one.at),
        }
    });
    let total_count = u64::try_from(found.total).unwrap_or_default();
    Ok(Paging { total_count, list: list.collect() })
}

/// Tells whether the user is signed in to an application.
pub(super) async fn check_session_status(
    cx: &mut Cx,
    request: CheckSessionStatus,
) -> Result<SessionStatus> {
    if request.app_id.is_empty() {
        return Err(Error::new(Code::FieldMissing).field("appId"));
    }
    let id = id_of(cx, None, &request.user_id).await?;
    Ok(SessionStatus { active: past::is_signed_in(cx, id, &request.app_id).await? })
}

/// Nothing here verifies real names, so that no user has a verified one.
pub(super) async fn get_user_principal_authentication_info(
    cx: &mut Cx,
    request: GetUserPrincipalAuthenticationInfo,
) -> Result<PrincipalAuthentications> {
    id_of(cx, request.0.user_id_type, &request.0.user_id).await?;
    Ok(PrincipalAuthentications::default())
}

/// Nothing here verifies real names, so that there is none to forget.
pub(super) async fn reset_user_principal_authentication_info(
    cx: &mut Cx,
    request: ResetPrincipalAuthentication,
) -> Result<IsSuccess> {
    let kind = request.options.and_then(|options| options.user_id_type);
    id_of(cx, kind, named(&request.user_id)?).await?;
    Err(Code::RealNameMissing.into())
}

fn app(card: AppCard) -> UserApp {
    let strategy = if card.default_access == "allow" { "ALLOW_ALL" } else { "DENY_ALL" };
    UserApp {
        app_id: card.client_id,
        app_name: card.name,
        app_logo: card.logo.unwrap_or_default(),
        app_login_url: card.login_uri.unwrap_or_default(),
        app_default_login_strategy: strategy.to_owned(),
    }
}
