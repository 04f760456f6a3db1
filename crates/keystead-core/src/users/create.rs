//! Making a user.

use crate::custom_fields::{self, Target};
use crate::cx::Cx;
use crate::passwords::{self, NewPassword, Transport};
use crate::users::fields::{self, Identifiers};
use crate::users::{UserView, Writer, status, terms};
use keystead_model::{
    Code, Error, Event, EventKind, Id, Permission, Result, Secret, UserId, keys::email_key,
};
use keystead_store::users as rows;
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
    /// A password that is a hash already, instead of `password`.
    pub password_hash: Option<Secret>,
    /// The salt of a hash that is a bare digest.
    pub password_salt: Option<Secret>,
    /// Whether a password that nobody knows is made.
    pub generate_password: bool,
    /// The password must be changed at the first sign-in.
    pub reset_on_first_signin: bool,
    /// `admin`, `register`, `import`.
    pub source: &'static str,
}

/// Makes a user. Everything is checked before anything is written.
///
/// # Errors
/// `user.identifier_missing`, a malformed or taken identifier, `password.weak`,
/// `password.hash_unusable`, `custom_field.unknown`; `permission.denied` for callers that are no
/// administrators.
pub async fn create(cx: &mut Cx, new: NewUser) -> Result<UserView> {
    cx.require(Permission::UserCreate)?;
    make(cx, new).await
}

/// Makes a user, whoever asks.
pub(crate) async fn make(cx: &mut Cx, new: NewUser) -> Result<UserView> {
    let ready = prepare(cx, new).await?;
    write(cx, ready).await
}

/// A user whose every part was checked, ready to be written.
#[derive(Debug)]
pub(crate) struct Ready {
    row: rows::User,
    keys: rows::UserKeys,
    password: Option<NewPassword>,
    reset: Option<&'static str>,
    custom_data: Map<String, Value>,
}

/// The slow part: checks everything and hashes the password.
pub(crate) async fn prepare(cx: &mut Cx, mut new: NewUser) -> Result<Ready> {
    let identifiers = Identifiers {
        username: new.username.as_deref(),
        email: new.email.as_deref(),
        phone: new.phone.as_deref(),
        phone_country: new.phone_country.as_deref(),
        external_id: new.external_id.as_deref(),
    };
    let keys = fields::keys(cx, &identifiers)?;
    check_texts(&new)?;
    if let Some(status) = &new.status {
        status::check("activated", status)?;
    }
    let password = password(cx, &new).await?;
    let id = match new.id {
        Some(id) => id,
        None => cx.id()?,
    };
    let reset = new.reset_on_first_signin.then_some("first");
    let custom_data = std::mem::take(&mut new.custom_data);
    Ok(Ready { row: row_of(cx, id, new)?, keys, password, reset, custom_data })
}

async fn password(cx: &mut Cx, new: &NewUser) -> Result<Option<NewPassword>> {
    let plain = match (&new.password, &new.password_hash) {
        (Some(_), Some(_)) => {
            return Err(Error::new(Code::FieldInvalid).field("password").arg("expected", "1"));
        }
        (None, Some(hash)) => return passwords::import(hash, new.password_salt.as_ref()).map(Some),
        (None, None) if new.generate_password => return passwords::generate(cx).await.map(Some),
        (None, None) => return Ok(None),
        (Some(plain), None) => plain,
    };
    let password = passwords::receive(cx, plain.clone(), new.transport, true)?;
    let names = [new.username.as_deref(), new.email.as_deref(), new.name.as_deref()];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    passwords::prepare(cx, &password, &names).await.map(Some)
}

/// The writing part; joins the open transaction.
pub(crate) async fn write(cx: &mut Cx, ready: Ready) -> Result<UserView> {
    let Ready { mut row, keys, password, reset, custom_data } = ready;
    let id = row.id;
    if !custom_data.is_empty() {
        let by = if row.source == "register" { Writer::Myself } else { Writer::Administrator };
        let documents = custom_fields::write(cx, Target::User, id.0, &custom_data, by).await?;
        (row.user_data, row.admin_data) = documents;
    }
    let qualified = format!("auth0|{id}");
    fields::taken(rows::insert(&mut cx.store(), &row, &keys, &qualified).await)?;
    rows::set_terms(&mut cx.store(), id, &terms::of(&row), true).await?;
    if let Some(password) = &password {
        passwords::set(cx, id, password, reset).await?;
    } else if reset.is_some() {
        let now = cx.now;
        rows::change::set_reset(&mut cx.store(), id, reset, now).await?;
    }
    cx.emit(Event::new(EventKind::UserCreated).on("user", id, fields::label(&row)));
    let facts = rows::facts(&mut cx.store(), id).await?;
    facts.map(UserView::from).ok_or_else(|| Error::new(Code::Internal))
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
    for (name, text) in texts {
        fields::check_text(name, text.as_deref().unwrap_or_default())?;
    }
    fields::check_gender(new.gender.as_deref().unwrap_or("U"))?;
    fields::check_profile(&new.profile)
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

/// The id with this text, for look-ups by id.
#[must_use]
pub fn parse_id(text: &str) -> Option<UserId> {
    text.parse::<Id>().ok().map(UserId)
}
