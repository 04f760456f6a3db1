//! Users: update, delete, kick, resign.

use super::claims::claims;
use super::{Shows, dto, id_of, key_kind, unsupported};
use crate::v3::signin::transport;
use keystead_authing::v3::IsSuccess;
use keystead_authing::v3::users::{
    DeleteUsersBatch, KickUsers, NamedBy, ResignUser, ResignUserBatch, SendPasswordReset,
    UpdateUser, UpdateUserBatch, UpdateUserOptions, UserDto,
};
use keystead_authing::v3::words::UserIdType;
use keystead_core::Cx;
use keystead_core::users::{self, UserChange, Writer, batch};
use keystead_model::{Code, Error, Result, Secret};
use serde_json::{Map, Value};

const DONE: IsSuccess = IsSuccess { success: true };

/// Changes a user.
pub(super) async fn update_user(cx: &mut Cx, request: UpdateUser) -> Result<UserDto> {
    let options = request.options.clone().unwrap_or_default();
    let shows = Shows { custom_data: request.custom_data.is_some(), ..Shows::default() };
    let id = id_of(cx, options.user_id_type, &request.user_id).await?;
    let change = changes(request, &options)?;
    let view = users::update(cx, id, change, Writer::Administrator).await?;
    Ok(dto(cx, view, shows))
}

/// Changes several users.
pub(super) async fn update_user_batch(
    cx: &mut Cx,
    request: UpdateUserBatch,
) -> Result<Vec<UserDto>> {
    batch::check_size("list", request.list.len(), batch::ROWS_MAX)?;
    let options = request.options.unwrap_or_default();
    let kind = key_kind(options.user_id_type);
    let named: Vec<String> = request.list.iter().map(|one| one.user_id.clone()).collect();
    let ids = users::ids_of(cx, kind, &named, "list").await?;
    let mut list = Vec::with_capacity(ids.len());
    for (n, (id, one)) in ids.into_iter().zip(request.list).enumerate() {
        let change = changes(one, &options);
        list.push((id, change.map_err(|error| error.within(format_args!("list[{n}]")))?));
    }
    let changed = users::update_all(cx, list).await?;
    Ok(changed.into_iter().map(|view| dto(cx, view, Shows::default())).collect())
}

/// Deletes users.
pub(super) async fn delete_users_batch(
    cx: &mut Cx,
    request: DeleteUsersBatch,
) -> Result<IsSuccess> {
    let ids = several(cx, request.options, &request.user_ids).await?;
    users::delete(cx, &ids, Writer::Administrator).await?;
    Ok(DONE)
}

/// Signs a user out of applications.
pub(super) async fn kick_users(cx: &mut Cx, request: KickUsers) -> Result<IsSuccess> {
    batch::check_size("appIds", request.app_ids.len(), batch::ROWS_MAX)?;
    let kind = request.options.and_then(|options| options.user_id_type);
    let id = id_of(cx, kind, &request.user_id).await?;
    users::kick(cx, id, &request.app_ids, Writer::Administrator).await?;
    Ok(DONE)
}

/// Marks a user as having left.
pub(super) async fn resign_user(cx: &mut Cx, request: ResignUser) -> Result<IsSuccess> {
    let id = id_of(cx, request.user_id_type, &request.user_id).await?;
    users::resign(cx, &[id]).await?;
    Ok(DONE)
}

/// Marks several users as having left.
pub(super) async fn resign_user_batch(cx: &mut Cx, request: ResignUserBatch) -> Result<IsSuccess> {
    let named = NamedBy { user_id_type: request.user_id_type };
    let ids = several(cx, Some(named), &request.user_ids).await?;
    users::resign(cx, &ids).await?;
    Ok(DONE)
}

async fn several(
    cx: &mut Cx,
    named: Option<NamedBy>,
    user_ids: &[String],
) -> Result<Vec<keystead_model::UserId>> {
    batch::check_size("userIds", user_ids.len(), batch::ROWS_MAX)?;
    let kind: Option<UserIdType> = named.and_then(|named| named.user_id_type);
    users::ids_of(cx, key_kind(kind), user_ids, "userIds").await
}

fn changes(mut request: UpdateUser, options: &UpdateUserOptions) -> Result<UserChange> {
    let mut custom_data = match request.metadata.take() {
        None => Map::new(),
        Some(Value::Object(values)) => values,
        Some(_) => {
            let expected = "an object of custom fields";
            return Err(Error::new(Code::FieldInvalid).field("metadata").arg("expected", expected));
        }
    };
    // Both name custom fields; what is said twice counts as custom data.
    custom_data.extend(request.custom_data.take().unwrap_or_default());
    if request.identity_number.is_some() {
        return Err(unsupported("identityNumber"));
    }
    if options.send_password_reseted_notification.as_ref().is_some_and(asks_for_a_message) {
        return Err(unsupported("options.sendPasswordResetedNotification"));
    }
    if request.password.as_ref().is_some_and(|password| password.expose().is_empty()) {
        return Err(Error::new(Code::FieldMissing).field("password"));
    }
    let reset = options.reset_password_on_next_login.or(options.reset_password_on_first_login);
    Ok(UserChange {
        profile: claims!(request),
        status: request.status.map(|status| status.text().to_lowercase()),
        username: request.username,
        email: request.email,
        email_verified: request.email_verified,
        phone: request.phone,
        phone_country: request.phone_country_code,
        phone_verified: request.phone_verified,
        external_id: request.external_id,
        name: request.name,
        nickname: request.nickname,
        given_name: request.given_name,
        family_name: request.family_name,
        photo: request.photo,
        gender: request.gender.map(|gender| gender.text().to_owned()),
        locale: request.locale,
        custom_data,
        password: request.password.map(|secret| Secret::new(secret.expose())),
        transport: transport(options.password_encrypt_type)?,
        generate_password: options.auto_generate_password == Some(true),
        reset_on_next_signin: reset,
    })
}

fn asks_for_a_message(notice: &SendPasswordReset) -> bool {
    notice.send_default_email_notification == Some(true)
        || notice.send_default_phone_notification == Some(true)
        || notice.input_send_email_notification.is_some()
        || notice.input_send_phone_notification.is_some()
}
