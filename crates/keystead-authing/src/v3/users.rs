//! Users: create, get, list; the domain's user as V3 shows it.

use super::moment::iso;
use super::signin::transport;
use keystead_authing::v3::Paging;
use keystead_authing::v3::users::{CreateUser, GetUser, ListUsers, UserDto};
use keystead_authing::v3::words::{Gender, UserIdType, UserSourceType, UserStatus, WorkStatus};
use keystead_core::Cx;
use keystead_core::users::{self, KeyKind, NewUser, UserView};
use keystead_model::{Code, Error, Millis, PageRequest, Result, Secret};
use serde_json::{Map, Value};

/// Creates a user.
pub(super) async fn create_user(cx: &mut Cx, request: CreateUser) -> Result<UserDto> {
    let shows_custom = request.custom_data.is_some();
    let view = users::create(cx, new_user(request)?).await?;
    Ok(dto(cx, view, shows_custom))
}

/// Gets a user.
pub(super) async fn get_user(cx: &mut Cx, request: GetUser) -> Result<UserDto> {
    if request.user_id.is_empty() {
        return Err(Error::new(Code::FieldMissing).field("userId"));
    }
    let kind = key_kind(request.user_id_type.unwrap_or_default())?;
    let view = users::by(cx, kind, &request.user_id).await?;
    Ok(dto(cx, view, request.with_custom_data == Some(true)))
}

/// Lists users.
pub(super) async fn list_users(cx: &mut Cx, request: ListUsers) -> Result<Paging<UserDto>> {
    if request.search_query.is_some() {
        return Err(unsupported("searchQuery"));
    }
    if request.advanced_filter.is_some_and(|filter| !filter.is_empty()) {
        return Err(unsupported("advancedFilter"));
    }
    let options = request.options.unwrap_or_default();
    if options.sort.is_some_and(|sort| !sort.is_empty()) {
        return Err(unsupported("options.sort"));
    }
    let page = options.pagination.unwrap_or_default();
    let page = PageRequest::new(page.page, page.limit)?;
    let found = users::list(cx, request.keywords.as_deref(), page).await?;
    let shows_custom = options.with_custom_data == Some(true);
    Ok(Paging {
        total_count: u64::try_from(found.total).unwrap_or_default(),
        list: found.rows.into_iter().map(|view| dto(cx, view, shows_custom)).collect(),
    })
}

#[track_caller]
fn unsupported(field: &'static str) -> Error {
    Error::new(Code::OperationUnsupported).field(field).arg("operation", field)
}

fn key_kind(kind: UserIdType) -> Result<KeyKind> {
    Ok(match kind {
        UserIdType::UserId => KeyKind::UserId,
        UserIdType::ExternalId => KeyKind::ExternalId,
        UserIdType::Phone => KeyKind::Phone,
        UserIdType::Email => KeyKind::Email,
        UserIdType::Username => KeyKind::Username,
        UserIdType::Identity | UserIdType::SyncRelation | UserIdType::CustomField => {
            return Err(unsupported("userIdType"));
        }
    })
}

fn new_user(request: CreateUser) -> Result<NewUser> {
    for (field, given) in [
        ("identities", request.identities.as_ref().is_some_and(|list| !list.is_empty())),
        ("departmentIds", request.department_ids.as_ref().is_some_and(|list| !list.is_empty())),
        ("tenantIds", request.tenant_ids.as_ref().is_some_and(|list| !list.is_empty())),
        ("otp", request.otp.is_some()),
        ("identityNumber", request.identity_number.is_some()),
        ("salt", request.salt.is_some()),
    ] {
        if given {
            return Err(unsupported(field));
        }
    }
    let options = request.options.clone().unwrap_or_default();
    if options.keep_password == Some(true) {
        return Err(unsupported("options.keepPassword"));
    }
    if options.auto_generate_password == Some(true) {
        return Err(unsupported("options.autoGeneratePassword"));
    }
    Ok(NewUser {
        id: None,
        status: request.status.map(|status| status.text().to_lowercase()),
        profile: profile(&request),
        username: request.username,
        email: request.email,
        email_verified: request.email_verified.unwrap_or(false),
        phone: request.phone,
        phone_country: request.phone_country_code,
        phone_verified: request.phone_verified.unwrap_or(false),
        external_id: request.external_id,
        name: request.name,
        nickname: request.nickname,
        given_name: request.given_name,
        family_name: request.family_name,
        photo: request.photo,
        gender: request.gender.map(|gender| gender.text().to_owned()),
        locale: request.locale,
        custom_data: request.custom_data.unwrap_or_default(),
        password: request.password.map(|secret| Secret::new(secret.expose())),
        transport: transport(options.password_encrypt_type)?,
        reset_on_first_signin: options.reset_password_on_first_login == Some(true),
        source: "admin",
    })
}

fn profile(request: &CreateUser) -> Map<String, Value> {
    let fields = [
        ("birthdate", &request.birthdate),
        ("country", &request.country),
        ("province", &request.province),
        ("city", &request.city),
        ("address", &request.address),
        ("street_address", &request.street_address),
        ("postal_code", &request.postal_code),
        ("company", &request.company),
        ("browser", &request.browser),
        ("device", &request.device),
        ("middle_name", &request.middle_name),
        ("profile", &request.profile),
        ("preferred_username", &request.preferred_username),
        ("website", &request.website),
        ("zoneinfo", &request.zoneinfo),
        ("formatted", &request.formatted),
        ("region", &request.region),
    ];
    let given = fields.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)));
    given.map(|(name, text)| (name.to_owned(), Value::from(text))).collect()
}

fn dto(cx: &Cx, view: UserView, shows_custom: bool) -> UserDto {
    let UserView { user, activity, security } = view;
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
        custom_data: shows_custom.then(Map::new),
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
