//! Making a user.

use crate::cx::Cx;
use crate::passwords::{self, Transport};
use crate::users::UserView;
use keystead_model::{
    Code, Error, Event, EventKind, Id, Permission, Result, Secret, UserId,
    keys::{email_key, phone_key, username_key},
};
use keystead_store::{OnConflict, users as rows};
use serde_json::{Map, Value, json};

/// What a new user is made of; every field may be absent, but one must identify the user.
#[derive(Debug, Default)]
pub struct NewUser {
    /// Their id; a new one without.
    pub id: Option<UserId>,
    /// `activated`, `suspended` …; activated without.
    pub status: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the address was proved.
    pub email_verified: bool,
    /// Phone number.
    pub phone: Option<String>,
    /// Country code of the phone number.
    pub phone_country: Option<String>,
    /// Whether the number was proved.
    pub phone_verified: bool,
    /// Id in the caller's own system.
    pub external_id: Option<String>,
    /// Full name.
    pub name: Option<String>,
    /// Nickname.
    pub nickname: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Address of a picture.
    pub photo: Option<String>,
    /// `M`, `F` or `U`.
    pub gender: Option<String>,
    /// Language tag.
    pub locale: Option<String>,
    /// Claims that no index needs, by their OpenID Connect or snake-case name.
    pub profile: Map<String, Value>,
    /// Values of declared custom fields.
    pub custom_data: Map<String, Value>,
    /// Password, as it was sent.
    pub password: Option<Secret>,
    /// How the password was encrypted on its way.
    pub transport: Transport,
    /// The password must be changed at the first sign-in.
    pub reset_on_first_signin: bool,
    /// `admin`, `register`, `import`.
    pub source: &'static str,
}

/// Longest text of a profile field, in characters.
const TEXT_MAX: usize = 1_024;

/// Makes a user. Everything is checked before anything is written.
///
/// # Errors
/// `user.identifier_missing`, a malformed or taken identifier, `password.weak`,
/// `custom_field.unknown`; `permission.denied` for callers that are no administrators.
pub async fn create(cx: &mut Cx, new: NewUser) -> Result<UserView> {
    cx.require(Permission::UserCreate)?;
    make(cx, new).await
}

/// Makes a user, whoever asks.
pub(crate) async fn make(cx: &mut Cx, new: NewUser) -> Result<UserView> {
    if let Some(key) = new.custom_data.keys().next() {
        return Err(Error::new(Code::CustomFieldUnknown)
            .field(format!("customData.{key}"))
            .arg("name", key));
    }
    let keys = identify(cx, &new)?;
    check_texts(&new)?;
    let password = match &new.password {
        Some(sent) => {
            let password = passwords::receive(cx, sent.clone(), new.transport, true)?;
            let names = [new.username.as_deref(), new.email.as_deref(), new.name.as_deref()];
            let names: Vec<&str> = names.into_iter().flatten().collect();
            Some(passwords::prepare(cx, &password, &names).await?)
        }
        None => None,
    };
    let id = match new.id {
        Some(id) => id,
        None => cx.id()?,
    };
    let reset = new.reset_on_first_signin.then_some("first");
    let row = row_of(cx, id, new)?;
    insert(cx, &row, &keys).await?;
    if let Some(password) = &password {
        passwords::set(cx, id, password, reset).await?;
    }
    cx.emit(Event::new(EventKind::UserCreated).on("user", id, label(&row)));
    let facts = rows::facts(&mut cx.store(), id).await?;
    facts.map(UserView::from).ok_or_else(|| Error::new(Code::Internal))
}

fn identify(cx: &Cx, new: &NewUser) -> Result<rows::UserKeys> {
    let settings = cx.settings();
    let given = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty());
    let keys = rows::UserKeys {
        username: given(&new.username)
            .map(|name| username_key(&name, settings.username_case_sensitive))
            .transpose()?,
        email: given(&new.email).map(|email| email_key(&email)).transpose()?,
        phone: given(&new.phone)
            .map(|p| phone_key(&p, new.phone_country.as_deref(), &settings.phone_country))
            .transpose()?,
    };
    let none = keys.username.is_none() && keys.email.is_none() && keys.phone.is_none();
    if none && given(&new.external_id).is_none() {
        return Err(Code::UserIdentifierMissing.into());
    }
    Ok(keys)
}

fn check_texts(new: &NewUser) -> Result<()> {
    let texts = [
        ("name", &new.name),
        ("nickname", &new.nickname),
        ("givenName", &new.given_name),
        ("familyName", &new.family_name),
        ("photo", &new.photo),
        ("locale", &new.locale),
        ("externalId", &new.external_id),
    ];
    let long = |text: &str| text.chars().count() > TEXT_MAX;
    let wrong = texts.into_iter().find(|(_, text)| text.as_deref().is_some_and(long));
    let wrong = wrong.map(|(name, _)| name.to_owned()).or_else(|| {
        let found = new.profile.iter().find(|(_, value)| value.as_str().is_some_and(long));
        found.map(|(name, _)| name.clone())
    });
    match wrong {
        Some(name) => Err(Error::new(Code::FieldInvalid)
            .field(name)
            .arg("expected", format!("<= {TEXT_MAX}"))),
        None => Ok(()),
    }
}

fn row_of(cx: &Cx, id: UserId, new: NewUser) -> Result<rows::User> {
    let given = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    let source = if new.source.is_empty() { "admin" } else { new.source };
    Ok(rows::User {
        id,
        directory_id: cx.pool.directory,
        status: new.status.unwrap_or_else(|| "activated".to_owned()),
        status_at: cx.now,
        source: source.to_owned(),
        source_id: None,
        register_source: Vec::new(),
        username: given(new.username),
        email: given(new.email).map(|email| email_key(&email)).transpose()?,
        email_verified: new.email_verified,
        phone: given(new.phone),
        phone_country: given(new.phone_country),
        phone_verified: new.phone_verified,
        external_id: given(new.external_id),
        name: given(new.name),
        nickname: given(new.nickname),
        given_name: given(new.given_name),
        family_name: given(new.family_name),
        photo: given(new.photo),
        gender: new.gender.unwrap_or_else(|| "U".to_owned()),
        locale: given(new.locale),
        profile: Value::Object(new.profile),
        user_data: json!({}),
        admin_data: json!({}),
        expires_at: None,
        created_at: cx.now,
        updated_at: cx.now,
    })
}

async fn insert(cx: &mut Cx, row: &rows::User, keys: &rows::UserKeys) -> Result<()> {
    let qualified = format!("auth0|{}", row.id);
    rows::insert(&mut cx.store(), row, keys, &qualified)
        .await
        .on_conflict("users_directory_id_email_key_key", Code::EmailTaken)
        .on_conflict("users_directory_id_username_key_key", Code::UsernameTaken)
        .on_conflict("users_directory_id_phone_key_key", Code::PhoneTaken)
        .on_conflict("users_pool_id_external_id_key", Code::ExternalIdTaken)
        .map_err(|error| {
            let error = Error::from(error);
            match error.code() {
                Code::EmailTaken => error.field("email"),
                Code::UsernameTaken => error.field("username"),
                Code::PhoneTaken => error.field("phone"),
                Code::ExternalIdTaken => error.field("externalId"),
                _ => error,
            }
        })
}

fn label(user: &rows::User) -> Option<String> {
    [&user.username, &user.email, &user.phone, &user.external_id]
        .into_iter()
        .flatten()
        .next()
        .cloned()
}

/// The id with this text, for look-ups by id.
#[must_use]
pub fn parse_id(text: &str) -> Option<UserId> {
    text.parse::<Id>().ok().map(UserId)
}
