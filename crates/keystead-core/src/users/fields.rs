//! What creating and updating users check alike: keys, texts, the index a conflict names.

use crate::cx::Cx;
use keystead_model::{
    Code, Error, Result,
    keys::{email_key, phone_key, username_key},
};
use keystead_store::{OnConflict, users as rows};
use serde_json::{Map, Value};

/// Longest text of a field, in characters.
const TEXT_MAX: usize = 1_024;
/// Longest id of the caller's own system, in characters: it is an index's key.
const EXTERNAL_ID_MAX: usize = 255;
/// Letters of the genders.
const GENDERS: &[&str] = &["M", "F", "U"];

/// What identifies a user, as it was sent.
#[derive(Debug)]
pub(super) struct Identifiers<'a> {
    pub username: Option<&'a str>,
    pub email: Option<&'a str>,
    pub phone: Option<&'a str>,
    pub phone_country: Option<&'a str>,
    pub external_id: Option<&'a str>,
}

/// The normal forms of what identifies a user; at least one is needed.
pub(super) fn keys(cx: &Cx, of: &Identifiers<'_>) -> Result<rows::UserKeys> {
    let settings = cx.settings();
    let given = |text: Option<&'_ str>| text.filter(|t| !t.trim().is_empty()).map(str::to_owned);
    let keys = rows::UserKeys {
        username: given(of.username)
            .map(|name| username_key(&name, settings.username_case_sensitive))
            .transpose()?,
        email: given(of.email).map(|email| email_key(&email)).transpose()?,
        phone: given(of.phone)
            .map(|phone| phone_key(&phone, of.phone_country, &settings.phone_country))
            .transpose()?,
    };
    if keys.phone.is_none() && given(of.phone_country).is_some() {
        return Err(Error::new(Code::FieldMissing).field("phone"));
    }
    let none = keys.username.is_none() && keys.email.is_none() && keys.phone.is_none();
    if none && given(of.external_id).is_none() {
        return Err(Code::UserIdentifierMissing.into());
    }
    Ok(keys)
}

/// Refuses a text that is too long or holds control characters, naming its field.
pub(super) fn check_text(name: &'static str, text: &str) -> Result<()> {
    let max = if name == "externalId" { EXTERNAL_ID_MAX } else { TEXT_MAX };
    if text.chars().count() > max || text.contains('\0') {
        return Err(Error::new(Code::FieldInvalid)
            .field(name)
            .arg("expected", format!("<= {max}")));
    }
    Ok(())
}

/// Refuses texts of a profile that are too long, naming the field.
pub(super) fn check_profile(profile: &Map<String, Value>) -> Result<()> {
    for (name, value) in profile {
        if let Some(text) = value.as_str() {
            check_text("profile", text).map_err(|error| error.field(name.clone()))?;
        }
    }
    Ok(())
}

/// Refuses a gender that is none of `M`, `F`, `U`.
pub(super) fn check_gender(gender: &str) -> Result<()> {
    if GENDERS.contains(&gender) {
        return Ok(());
    }
    Err(Error::new(Code::FieldInvalid).field("gender").arg("expected", "M, F, U"))
}

/// The refusal that a taken identifier means.
pub(super) fn taken<T>(written: keystead_store::Result<T>) -> Result<T> {
    let field = |code: Code, field: &'static str| Error::new(code).field(field);
    Ok(written
        .on_conflict("users_directory_id_email_key_key", field(Code::EmailTaken, "email"))
        .on_conflict("users_directory_id_username_key_key", field(Code::UsernameTaken, "username"))
        .on_conflict("users_directory_id_phone_key_key", field(Code::PhoneTaken, "phone"))
        .on_conflict("users_pool_id_external_id_key", field(Code::ExternalIdTaken, "externalId"))?)
}

/// How the audit log names a user: by the first of their identifiers.
pub(super) fn label(user: &rows::User) -> Option<String> {
    Some(super::label(user))
}
