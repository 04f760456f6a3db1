//! Changing a user: one allow-list for each kind of writer.

use super::fields::{self, Identifiers};
use super::{UserView, Writer, ends, lookup, status, terms};
use crate::custom_fields::{self, Target};
use crate::cx::Cx;
use crate::passwords::{self, NewPassword, Transport};
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, Permission, Result, Secret, UserId, keys::email_key,
};
use keystead_store::users::{self as rows, User};
use serde_json::{Map, Value, json};

/// What changes; `None` leaves a field as it is, an empty text clears it.
#[derive(Debug, Default)]
pub struct UserChange {
    /// The state to bring the user to.
    pub status: Option<String>,
    /// User name.
    pub username: Option<String>,
    /// E-mail address; a new one is not verified, unless `email_verified` says so.
    pub email: Option<String>,
    /// Whether the address was proved.
    pub email_verified: Option<bool>,
    /// Phone number; a new one is not verified, unless `phone_verified` says so.
    pub phone: Option<String>,
    /// Country code of the phone number.
    pub phone_country: Option<String>,
    /// Whether the number was proved.
    pub phone_verified: Option<bool>,
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
    /// Claims that no index needs; null or an empty text removes one.
    pub profile: Map<String, Value>,
    /// Values of declared custom fields.
    pub custom_data: Map<String, Value>,
    /// A new password, as it was sent; sessions end with it.
    pub password: Option<Secret>,
    /// How the password was encrypted on its way.
    pub transport: Transport,
    /// Whether a password that nobody knows takes the place of the old one.
    pub generate_password: bool,
    /// Whether the next sign-in asks for another password.
    pub reset_on_next_signin: Option<bool>,
}

/// Changes a user. Everything is checked before anything is written; a new password is hashed
/// before the transaction opens, so none may be open.
///
/// # Errors
/// `user.unknown`; `field.read_only` for what this writer may not change; a malformed or taken
/// identifier; `user.status_transition`; `password.weak`; `permission.denied`.
pub async fn update(cx: &mut Cx, id: UserId, change: UserChange, by: Writer) -> Result<UserView> {
    let password = prepare(cx, id, &change, by).await?;
    write(cx, id, change, by, password).await
}

/// The slow part: who may change what, and the hash of a new password.
pub(super) async fn prepare(
    cx: &mut Cx,
    id: UserId,
    change: &UserChange,
    by: Writer,
) -> Result<Option<NewPassword>> {
    by.require(cx, id, Permission::UserUpdate)?;
    allow(change, by)?;
    let sent = match &change.password {
        Some(sent) => passwords::receive(cx, sent.clone(), change.transport, true)?,
        None if change.generate_password => return passwords::generate(cx).await.map(Some),
        None => return Ok(None),
    };
    let user = lookup::view(cx, id).await?.user;
    let names = [
        change.username.as_ref().or(user.username.as_ref()),
        change.email.as_ref().or(user.email.as_ref()),
        change.name.as_ref().or(user.name.as_ref()),
    ];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    passwords::prepare(cx, &sent, &names).await.map(Some)
}

/// The writing part; joins the open transaction.
pub(super) async fn write(
    cx: &mut Cx,
    id: UserId,
    mut change: UserChange,
    by: Writer,
    password: Option<NewPassword>,
) -> Result<UserView> {
    // Two changes of one user at once: the second reads what the first has written.
    cx.store().serial(&format!("user {id}")).await?;
    let before = lookup::view(cx, id).await?.user;
    let mut user = before.clone();
    let reset = change.reset_on_next_signin;
    let custom_data = std::mem::take(&mut change.custom_data);
    let mut changed = apply(cx, &mut user, change)?;
    if !custom_data.is_empty() {
        let documents = custom_fields::write(cx, Target::User, id.0, &custom_data, by).await?;
        (user.user_data, user.admin_data) = documents;
        changed.push("customData");
    }
    if !changed.is_empty() {
        user.updated_at = cx.now;
        let keys = fields::keys(cx, &identifiers(&user))?;
        fields::taken(rows::change::update(&mut cx.store(), &user, &keys).await)?;
        let words = terms::of(&user);
        if words != terms::of(&before) {
            rows::set_terms(&mut cx.store(), id, &words, false).await?;
        }
    }
    if user.status != before.status {
        moved(cx, &before, &user).await?;
    }
    settle_password(cx, id, password, reset).await?;
    let kind = match by {
        Writer::Administrator => EventKind::UserUpdated,
        Writer::Myself => EventKind::ProfileUpdated,
    };
    let event = Event::new(kind).on("user", id, fields::label(&user));
    cx.emit(event.detail(json!({ "fields": changed })));
    lookup::view(cx, id).await
}

/// What this writer may not change, by the wire's names.
fn allow(change: &UserChange, by: Writer) -> Result<()> {
    if by == Writer::Administrator {
        return Ok(());
    }
    let refused = [
        ("status", change.status.is_some()),
        ("email", change.email.is_some()),
        ("emailVerified", change.email_verified.is_some()),
        ("phone", change.phone.is_some() || change.phone_country.is_some()),
        ("phoneVerified", change.phone_verified.is_some()),
        ("password", change.password.is_some() || change.generate_password),
        ("resetPasswordOnNextLogin", change.reset_on_next_signin.is_some()),
    ];
    match refused.into_iter().find(|(_, given)| *given) {
        Some((field, _)) => Err(Error::new(Code::FieldReadOnly).field(field)),
        None => Ok(()),
    }
}

/// Puts the change into the row; answers the names of what differs.
fn apply(cx: &Cx, user: &mut User, change: UserChange) -> Result<Vec<&'static str>> {
    let before = user.clone();
    if let Some(to) = change.status {
        status::check(&user.status, &to)?;
        if to != user.status {
            (user.status, user.status_at) = (to, cx.now);
        }
    }
    addresses(
        user,
        (change.email, change.email_verified),
        (change.phone, change.phone_country, change.phone_verified),
    )?;
    let texts = [
        ("username", &mut user.username, change.username),
        ("externalId", &mut user.external_id, change.external_id),
        ("name", &mut user.name, change.name),
        ("nickname", &mut user.nickname, change.nickname),
        ("givenName", &mut user.given_name, change.given_name),
        ("familyName", &mut user.family_name, change.family_name),
        ("photo", &mut user.photo, change.photo),
        ("locale", &mut user.locale, change.locale),
    ];
    for (name, place, new) in texts {
        if let Some(new) = new {
            fields::check_text(name, &new)?;
            *place = given(new);
        }
    }
    if let Some(gender) = change.gender {
        fields::check_gender(&gender)?;
        user.gender = gender;
    }
    fields::check_profile(&change.profile)?;
    merge(&mut user.profile, change.profile);
    Ok(differences(&before, user))
}

type PhoneChange = (Option<String>, Option<String>, Option<bool>);

fn addresses(
    user: &mut User,
    (email, email_verified): (Option<String>, Option<bool>),
    (phone, country, phone_verified): PhoneChange,
) -> Result<()> {
    if let Some(email) = email {
        let email = given(email).map(|email| email_key(&email)).transpose()?;
        user.email_verified &= email == user.email;
        user.email = email;
    }
    if let Some(verified) = email_verified {
        user.email_verified = verified && user.email.is_some();
    }
    let before = (user.phone.clone(), user.phone_country.clone());
    if let Some(country) = country {
        user.phone_country = given(country);
    }
    if let Some(phone) = phone {
        user.phone = given(phone);
        if user.phone.is_none() {
            user.phone_country = None;
        }
    }
    user.phone_verified &= before == (user.phone.clone(), user.phone_country.clone());
    if let Some(verified) = phone_verified {
        user.phone_verified = verified && user.phone.is_some();
    }
    Ok(())
}

fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

fn merge(profile: &mut Value, change: Map<String, Value>) {
    let mut all = profile.as_object().cloned().unwrap_or_default();
    for (name, value) in change {
        if value.is_null() || value.as_str().is_some_and(str::is_empty) {
            all.remove(&name);
        } else {
            all.insert(name, value);
        }
    }
    *profile = Value::Object(all);
}

fn differences(a: &User, b: &User) -> Vec<&'static str> {
    [
        ("status", a.status != b.status),
        ("username", a.username != b.username),
        ("email", a.email != b.email),
        ("emailVerified", a.email_verified != b.email_verified),
        ("phone", (&a.phone, &a.phone_country) != (&b.phone, &b.phone_country)),
        ("phoneVerified", a.phone_verified != b.phone_verified),
        ("externalId", a.external_id != b.external_id),
        ("name", a.name != b.name),
        ("nickname", a.nickname != b.nickname),
        ("givenName", a.given_name != b.given_name),
        ("familyName", a.family_name != b.family_name),
        ("photo", a.photo != b.photo),
        ("gender", a.gender != b.gender),
        ("locale", a.locale != b.locale),
        ("profile", a.profile != b.profile),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect()
}

fn identifiers(user: &User) -> Identifiers<'_> {
    Identifiers {
        username: user.username.as_deref(),
        email: user.email.as_deref(),
        phone: user.phone.as_deref(),
        phone_country: user.phone_country.as_deref(),
        external_id: user.external_id.as_deref(),
    }
}

/// What follows from another state: counts, and the end of sessions of who may not sign in.
async fn moved(cx: &mut Cx, before: &User, user: &User) -> Result<()> {
    let archived = |user: &User| user.status == "archived";
    if archived(before) != archived(user) {
        let mut s = cx.store();
        // Always in this order: two users who change places would wait for each other.
        for counts_archived in [true, false] {
            let by = if counts_archived == archived(user) { 1 } else { -1 };
            rows::change::count(&mut s, counts_archived, user.id, by).await?;
        }
    }
    if before.status == "activated" {
        ends::end_sessions(cx, user.id, None, "status").await?;
    }
    cx.note(ChangeKind::User, user.id);
    Ok(())
}

async fn settle_password(
    cx: &mut Cx,
    id: UserId,
    password: Option<NewPassword>,
    reset: Option<bool>,
) -> Result<()> {
    let now = cx.now;
    let why = (reset == Some(true)).then_some("forced");
    match (password, reset) {
        (Some(password), _) => {
            passwords::set(cx, id, &password, why).await?;
            ends::end_sessions(cx, id, None, "password").await?;
            cx.emit(Event::new(EventKind::PasswordSet).on("user", id, None));
        }
        (None, Some(_)) => {
            rows::change::set_reset(&mut cx.store(), id, why, now).await?;
        }
        (None, None) => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_42_what_people_may_not_change_of_themselves() {
        let refused = |change: UserChange| {
            let error = allow(&change, Writer::Myself).unwrap_err();
            assert_eq!(error.code(), Code::FieldReadOnly);
            assert!(allow(&change, Writer::Administrator).is_ok());
            error.field_name().unwrap().to_owned()
        };
        let text = || Some("x".to_owned());
        for (change, field) in [
            (UserChange { status: text(), ..UserChange::default() }, "status"),
            (UserChange { email: text(), ..UserChange::default() }, "email"),
            (UserChange { phone: text(), ..UserChange::default() }, "phone"),
            (UserChange { email_verified: Some(true), ..UserChange::default() }, "emailVerified"),
            (UserChange { password: Some(Secret::new("x")), ..UserChange::default() }, "password"),
        ] {
            assert_eq!(refused(change), field);
        }
        let change = UserChange { nickname: text(), ..UserChange::default() };
        assert!(allow(&change, Writer::Myself).is_ok());
    }

    #[test]
    fn profiles_are_merged_and_emptied() {
        let mut profile = json!({ "company": "A", "city": "B" });
        let change = json!({ "company": "", "city": null, "region": "C" });
        merge(&mut profile, change.as_object().cloned().unwrap());
        assert_eq!(profile, json!({ "region": "C" }));
    }
}
