//! Users: create, get, list; the domain's user as V3 shows it.

mod belongs;
mod change;
mod claims;
mod dto;
mod identities;
mod list;
mod past;
mod search;
mod secrets;

use claims::claims;
pub(super) use dto::{Shows, dto};
pub(super) use identities::{identity, shown};

use super::signin::transport;
use keystead_authing::v3::users::{
    CreateUser, CreateUserOptions, CreateUsersBatch, GetUser, GetUserBatch, IsUserExists, UserDto,
    UserExists,
};
use keystead_authing::v3::words::UserIdType;
use keystead_core::users::{self, KeyKind, NewUser, batch};
use keystead_core::{Cx, factors};
use keystead_model::page::MAX_LIMIT;
use keystead_model::{Code, Error, Result, Secret, UserId};
use keystead_web::Routes;

/// The rows of users.
pub(super) fn routes(routes: Routes) -> Routes {
    routes
        .on(create_user)
        .on(create_users_batch)
        .on(get_user)
        .on(get_user_batch)
        .on(list::list_users)
        .on(list::list_users_legacy)
        .on(is_user_exists)
        .on(change::update_user)
        .on(change::update_user_batch)
        .on(change::delete_users_batch)
        .on(change::kick_users)
        .on(change::resign_user)
        .on(change::resign_user_batch)
        .on(identities::get_user_identities)
        .on(past::get_user_mfa_info)
        .on(past::list_archived_users)
        .on(past::get_user_accessible_apps)
        .on(past::get_user_authorized_apps)
        .on(past::get_user_login_history)
        .on(past::get_user_loggedin_apps)
        .on(identities::get_user_loggedin_identities)
        .on(past::check_session_status)
        .on(past::get_user_principal_authentication_info)
        .on(past::reset_user_principal_authentication_info)
        .on(belongs::get_user_roles)
        .on(belongs::has_any_role)
        .on(belongs::get_user_departments)
        .on(belongs::set_user_departments)
        .on(belongs::get_user_groups)
        .on(belongs::get_user_authorized_resources)
        .on(belongs::get_user_sync_relations)
        .on(belongs::delete_user_sync_relations)
        .on(identities::link_identity)
        .on(identities::unlink_identity)
        .on(secrets::import_otp)
        .on(secrets::get_otp_secret_by_user)
        .on(secrets::get_user_password_ciphertext)
        .on(secrets::get_user_encrypt_password_batch)
        .on(secrets::user_field_decrypt)
        .on(secrets::get_user_mfa_status)
        .on(secrets::set_users_mfa_status)
}

/// Creates a user.
async fn create_user(cx: &mut Cx, request: CreateUser) -> Result<UserDto> {
    let shows = Shows { custom_data: request.custom_data.is_some(), ..Shows::default() };
    let options = request.options.clone().unwrap_or_default();
    let otp = request.otp.clone();
    let view = users::create(cx, new_user(request, &options)?).await?;
    if let Some(otp) = &otp {
        factors::bring(cx, &secrets::new_otp(view.user.id, otp)).await?;
    }
    Ok(dto(cx, view, shows))
}

/// Creates several users.
async fn create_users_batch(cx: &mut Cx, request: CreateUsersBatch) -> Result<Vec<UserDto>> {
    let shows = Shows {
        custom_data: request.list.iter().any(|one| one.custom_data.is_some()),
        ..Shows::default()
    };
    let options = request.options.unwrap_or_default();
    let otps: Vec<_> = request.list.iter().map(|one| one.otp.clone()).collect();
    let new: Result<Vec<NewUser>> = (request.list.into_iter().enumerate())
        .map(|(n, one)| {
            new_user(one, &options).map_err(|error| error.within(format_args!("list[{n}]")))
        })
        .collect();
    let made = users::create_all(cx, new?).await?;
    for (n, (view, otp)) in made.iter().zip(&otps).enumerate() {
        if let Some(otp) = otp {
            let done = factors::bring(cx, &secrets::new_otp(view.user.id, otp)).await;
            done.map_err(|error| error.within(format_args!("list[{n}]")))?;
        }
    }
    Ok(made.into_iter().map(|view| dto(cx, view, shows)).collect())
}

/// Gets a user.
async fn get_user(cx: &mut Cx, request: GetUser) -> Result<UserDto> {
    let shows = Shows {
        custom_data: request.with_custom_data == Some(true),
        identities: request.with_identities == Some(true),
        department_ids: request.with_department_ids == Some(true),
        posts: request.with_post == Some(true),
    };
    let kind = key_kind(request.user_id_type);
    let view = users::by(cx, kind, named(&request.user_id)?).await?;
    let one = shown(cx, shows, vec![dto(cx, view, shows)]).await?;
    one.into_iter().next().ok_or_else(|| Error::new(Code::Internal))
}

/// Gets several users.
async fn get_user_batch(cx: &mut Cx, request: GetUserBatch) -> Result<Vec<UserDto>> {
    let shows = Shows {
        custom_data: request.with_custom_data == Some(true),
        identities: request.with_identities == Some(true),
        department_ids: request.with_department_ids == Some(true),
        posts: false,
    };
    batch::check_size("userIds", request.user_ids.len(), MAX_LIMIT as usize)?;
    let kind = key_kind(request.user_id_type);
    let found = users::several(cx, kind, &request.user_ids).await?;
    let list = found.into_iter().map(|view| dto(cx, view, shows)).collect();
    shown(cx, shows, list).await
}

/// Tells whether a key belongs to a user.
async fn is_user_exists(cx: &mut Cx, request: IsUserExists) -> Result<UserExists> {
    let keys: Vec<(KeyKind, &str)> = [
        (KeyKind::Username, &request.username),
        (KeyKind::Email, &request.email),
        (KeyKind::Phone, &request.phone),
        (KeyKind::ExternalId, &request.external_id),
    ]
    .into_iter()
    .filter_map(|(kind, text)| Some((kind, text.as_deref().filter(|t| !t.is_empty())?)))
    .collect();
    if keys.is_empty() {
        let field = "username, email, phone, externalId";
        return Err(Error::new(Code::FieldMissing).field(field));
    }
    Ok(UserExists { exists: users::exists(cx, &keys).await? })
}

/// The text that names a user; an empty one names nobody.
fn named(user_id: &str) -> Result<&str> {
    if user_id.is_empty() {
        return Err(Error::new(Code::FieldMissing).field("userId"));
    }
    Ok(user_id)
}

/// The id of the user who is named in this way.
async fn id_of(cx: &mut Cx, kind: Option<UserIdType>, user_id: &str) -> Result<UserId> {
    let kind = key_kind(kind);
    Ok(users::by(cx, kind, named(user_id)?).await?.user.id)
}

#[track_caller]
fn unsupported(field: &'static str) -> Error {
    Error::new(Code::OperationUnsupported).field(field).arg("operation", field)
}

fn key_kind(kind: Option<UserIdType>) -> KeyKind {
    match kind.unwrap_or_default() {
        UserIdType::UserId => KeyKind::UserId,
        UserIdType::ExternalId => KeyKind::ExternalId,
        UserIdType::Phone => KeyKind::Phone,
        UserIdType::Email => KeyKind::Email,
        UserIdType::Username => KeyKind::Username,
        UserIdType::Identity => KeyKind::Identity,
        UserIdType::SyncRelation => KeyKind::SyncRelation,
        UserIdType::CustomField => KeyKind::CustomField,
    }
}

fn new_user(request: CreateUser, options: &CreateUserOptions) -> Result<NewUser> {
    for (field, given) in [
        ("identities", request.identities.as_ref().is_some_and(|list| !list.is_empty())),
        ("departmentIds", request.department_ids.as_ref().is_some_and(|list| !list.is_empty())),
        ("tenantIds", request.tenant_ids.as_ref().is_some_and(|list| !list.is_empty())),
        ("identityNumber", request.identity_number.is_some()),
    ] {
        if given {
            return Err(unsupported(field));
        }
    }
    if let Some(notice) = &options.send_notification
        && (notice.send_email_notification == Some(true)
            || notice.send_phone_notification == Some(true))
    {
        return Err(unsupported("options.sendNotification"));
    }
    let sent = request.password.as_ref().map(|secret| Secret::new(secret.expose()));
    let (password, password_hash) =
        if options.keep_password == Some(true) { (None, sent) } else { (sent, None) };
    if password_hash.is_none() && request.salt.is_some() {
        let expected = "given with options.keepPassword";
        return Err(Error::new(Code::FieldInvalid).field("salt").arg("expected", expected));
    }
    Ok(NewUser {
        id: None,
        status: request.status.map(|status| status.text().to_lowercase()),
        profile: claims!(request),
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
        password,
        password_hash,
        password_salt: request.salt.as_ref().map(|salt| Secret::new(salt.expose())),
        generate_password: options.auto_generate_password == Some(true),
        transport: transport(options.password_encrypt_type)?,
        reset_on_first_signin: options.reset_password_on_first_login == Some(true),
        source: "admin",
    })
}
