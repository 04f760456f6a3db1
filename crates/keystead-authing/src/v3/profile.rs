//! A user's own profile and how well it is secured.

use super::users::{Shows, dto, shown};
use keystead_authing::v3::profile::{GetProfile, GetSecurityLevel, SecurityLevel, UpdateProfile};
use keystead_authing::v3::users::UserDto;
use keystead_core::Cx;
use keystead_core::account::{profile, security};
use keystead_core::users::UserChange;
use keystead_model::{Code, Error, Result};
use keystead_web::Routes;
use serde_json::{Map, Value};

/// The rows of the profile.
pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(get_profile).on(update_profile).on(get_security_level)
}

async fn get_profile(cx: &mut Cx, request: GetProfile) -> Result<UserDto> {
    let shows = Shows {
        custom_data: request.with_custom_data == Some(true),
        identities: request.with_identities == Some(true),
        department_ids: request.with_department_ids == Some(true),
        ..Shows::default()
    };
    let view = profile::get(cx).await?;
    let one = shown(cx, shows, vec![dto(cx, view, shows)]).await?;
    one.into_iter().next().ok_or_else(|| Error::new(Code::Internal))
}

async fn update_profile(cx: &mut Cx, request: UpdateProfile) -> Result<UserDto> {
    if request.identity_number.is_some() {
        let field = "identityNumber";
        return Err(Error::new(Code::OperationUnsupported).field(field).arg("operation", field));
    }
    let shows = Shows { custom_data: request.custom_data.is_some(), ..Shows::default() };
    let view = profile::update(cx, change(request)).await?;
    Ok(dto(cx, view, shows))
}

/// What people may change of themselves, as the domain calls it.
fn change(request: UpdateProfile) -> UserChange {
    let claims = [
        ("birthdate", request.birthdate),
        ("country", request.country),
        ("province", request.province),
        ("city", request.city),
        ("address", request.address),
        ("street_address", request.street_address),
        ("postal_code", request.postal_code),
        ("company", request.company),
    ];
    let claims = claims.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
    let claims: Map<String, Value> = claims.map(|(name, text)| (name, text.into())).collect();
    UserChange {
        username: request.username,
        external_id: request.external_id,
        name: request.name,
        nickname: request.nickname,
        photo: request.photo,
        gender: request.gender.map(|gender| gender.text().to_owned()),
        profile: claims,
        custom_data: request.custom_data.unwrap_or_default(),
        ..UserChange::default()
    }
}

async fn get_security_level(cx: &mut Cx, _: GetSecurityLevel) -> Result<SecurityLevel> {
    let protection = security::protection(cx).await?;
    Ok(SecurityLevel {
        password_security_level: protection.password_level.unwrap_or_default(),
        // There are no second factors yet.
        mfa_enrolled: false,
        password_set: protection.password,
        email_binded: protection.email,
        phone_binded: protection.phone,
        security_score: protection.score(),
    })
}
