//! The domain's user as V3 shows it.

use crate::v3::moment::iso;
use keystead_authing::v3::users::UserDto;
use keystead_authing::v3::words::{Gender, UserSourceType, UserStatus, WorkStatus};
use keystead_core::users::UserView;
use keystead_core::{Cx, custom_fields};
use keystead_model::Millis;
use serde_json::Value;

/// What of a user was asked for beside the rest.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::v3) struct Shows {
    /// Values of custom fields.
    pub custom_data: bool,
    /// Upstream identities.
    pub identities: bool,
    /// Departments.
    pub department_ids: bool,
    /// Posts.
    pub posts: bool,
}

/// A user as V3 shows them.
pub(in crate::v3) fn dto(cx: &Cx, view: UserView, shows: Shows) -> UserDto {
    let UserView { user, activity, security } = view;
    let custom_data = shows.custom_data.then(|| custom_fields::of_user(cx, &user));
    let text = |name: &str| user.profile.get(name).and_then(Value::as_str).map(str::to_owned);
    let moment = |at: Option<Millis>| at.map(iso);
    UserDto {
        user_id: user.id.to_string(),
        created_at: iso(user.created_at),
        updated_at: iso(user.updated_at),
        status: status(&user.status),
        work_status: work_status(&user.status),
        logins_count: Some(activity.logins),
        last_login: moment(activity.last_login_at),
        last_ip: activity.last_ip,
        gender: Gender::ALL.iter().copied().find(|g| g.text() == user.gender).unwrap_or_default(),
        email_verified: user.email_verified,
        phone_verified: user.phone_verified,
        password_last_set_at: moment(security.password_at),
        birthdate: text("birthdate"),
        country: text("country"),
        province: text("province"),
        city: text("city"),
        address: text("address"),
        street_address: text("street_address"),
        postal_code: text("postal_code"),
        company: text("company"),
        browser: activity.user_agent.or_else(|| text("browser")),
        device: text("device"),
        middle_name: text("middle_name"),
        profile: text("profile"),
        preferred_username: text("preferred_username"),
        website: text("website"),
        zoneinfo: text("zoneinfo"),
        formatted: text("formatted"),
        region: text("region"),
        photo: Some(user.photo.unwrap_or_else(|| cx.pool.avatar_url())),
        user_source_type: match user.source.as_str() {
            "register" => UserSourceType::Register,
            "import" => UserSourceType::Excel,
            "sync" => UserSourceType::Sync,
            _ => UserSourceType::AdminCreated,
        },
        user_source_id: user.source_id,
        last_login_app: activity.last_application_id,
        last_mfa_time: moment(activity.last_mfa_at),
        password_security_level: security.password_level,
        reset_password_on_next_login: Some(security.reset.is_some()),
        register_source: Some(user.register_source),
        custom_data,
        identities: shows.identities.then(Vec::new),
        department_ids: shows.department_ids.then(Vec::new),
        post_id_list: shows.posts.then(Vec::new),
        status_changed_at: Some(iso(user.status_at)),
        signed_up: Some(iso(user.created_at)),
        external_id: user.external_id,
        email: user.email,
        phone: user.phone,
        phone_country_code: user.phone_country,
        username: user.username,
        name: user.name,
        nickname: user.nickname,
        given_name: user.given_name,
        family_name: user.family_name,
        locale: user.locale,
        ..UserDto::default()
    }
}

fn status(text: &str) -> UserStatus {
    UserStatus::ALL
        .iter()
        .copied()
        .find(|s| s.text().eq_ignore_ascii_case(text))
        .unwrap_or_default()
}

fn work_status(text: &str) -> WorkStatus {
    match text {
        "resigned" | "archived" => WorkStatus::Closed,
        _ => WorkStatus::Active,
    }
}
