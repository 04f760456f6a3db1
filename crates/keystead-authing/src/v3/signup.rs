//! `signup`: the payload that `connection` names becomes an account.

use super::caller::{application, email, needed, phone};
use super::signin::transport;
use super::users::{Shows, dto};
use keystead_authing::secret::Secret as Sent;
use keystead_authing::v3::signin::PassCodePayload;
use keystead_authing::v3::signup::{
    SignUp, SignUpConnection, SignUpOptions, SignUpPassword, SignUpProfile,
};
use keystead_authing::v3::users::UserDto;
use keystead_core::Cx;
use keystead_core::one_time::Address;
use keystead_core::signup::{self, Completion};
use keystead_core::users::NewUser;
use keystead_model::{Code, Error, Result, Secret};
use serde_json::{Map, Value};

/// Signs a user up.
pub(super) async fn sign_up(cx: &mut Cx, request: SignUp) -> Result<UserDto> {
    let options = request.options.unwrap_or_default();
    cx.request.claim(options.client_ip.as_deref());
    let mut new = new_user(request.profile.unwrap_or_default());
    new.transport = transport(options.password_encrypt_type)?;
    let app = application(cx).await?;
    let view = match request.connection {
        SignUpConnection::Password => {
            let payload = needed(request.password_payload, "passwordPayload")?;
            name(&mut new, payload)?;
            signup::by_password(cx, app.as_deref(), new, &completion(&options)).await?
        }
        SignUpConnection::Passcode => {
            let payload = needed(request.pass_code_payload, "passCodePayload")?;
            let address = proved(cx, &payload)?;
            new.password = options.password_for_phone_pass_code.as_ref().map(own);
            let code = payload.pass_code.expose();
            let completion = completion(&options);
            signup::by_code(cx, app.as_deref(), (&address, code), new, &completion).await?
        }
    };
    Ok(dto(cx, view, Shows::default()))
}

fn own(secret: &Sent) -> Secret {
    Secret::new(secret.expose())
}

fn completion(options: &SignUpOptions) -> Completion {
    let code = |code: &Option<Sent>| code.as_ref().map(|code| code.expose().to_owned());
    Completion {
        email_code: code(&options.email_pass_code_for_information_completion),
        phone_code: code(&options.phone_pass_code_for_information_completion),
    }
}

/// Puts the payload's names and password into the new user.
fn name(new: &mut NewUser, payload: SignUpPassword) -> Result<()> {
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    let (username, email) = (given(payload.username), given(payload.email));
    if username.is_none() && email.is_none() {
        return Err(Error::new(Code::FieldMissing).field("passwordPayload.email"));
    }
    new.username = username;
    new.email = email.or(new.email.take());
    new.password = Some(own(&payload.password));
    Ok(())
}

/// The address that a code proves: of the payload's two the one that stands there.
pub(super) fn proved(cx: &Cx, payload: &PassCodePayload) -> Result<Address> {
    match (&payload.email, &payload.phone) {
        (Some(text), _) => email(text, "passCodePayload.email"),
        (None, text) => {
            let text = text.as_deref().unwrap_or_default();
            let country = payload.phone_country_code.as_deref();
            phone(cx, text, country, "passCodePayload.phone")
        }
    }
}

fn new_user(profile: SignUpProfile) -> NewUser {
    let claims = [
        ("company", profile.company),
        ("middle_name", profile.middle_name),
        ("profile", profile.profile),
        ("preferred_username", profile.preferred_username),
        ("website", profile.website),
        ("birthdate", profile.birthdate),
        ("zoneinfo", profile.zoneinfo),
        ("address", profile.address),
        ("formatted", profile.formatted),
        ("street_address", profile.street_address),
        ("city", profile.locality),
        ("region", profile.region),
        ("postal_code", profile.postal_code),
        ("country", profile.country),
        ("device", profile.device),
        ("browser", profile.browser),
    ];
    let claims = claims.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)));
    let claims: Map<String, Value> = claims.map(|(name, text)| (name, text.into())).collect();
    NewUser {
        email: profile.email,
        phone: profile.phone,
        phone_country: profile.phone_country_code,
        name: profile.name,
        nickname: profile.nickname,
        given_name: profile.given_name,
        family_name: profile.family_name,
        photo: profile.photo,
        gender: profile.gender.map(|gender| gender.text().to_owned()),
        locale: profile.locale,
        profile: claims,
        custom_data: profile.custom_data.unwrap_or_default(),
        ..NewUser::default()
    }
}
