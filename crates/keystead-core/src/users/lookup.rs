//! Finding users: by any of their keys, and in pages.

use crate::custom_fields;
use crate::cx::Cx;
use crate::identities;
use crate::users::UserView;
use keystead_model::{
    Code, Error, Permission, Result, UserId,
    keys::{email_key, phone_key, username_key},
};
use keystead_store::list::people;
use keystead_store::users::{self as rows, UserKey};
use std::collections::{HashMap, HashSet};

/// By which kind of key a caller names a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyKind {
    /// The user's id.
    #[default]
    UserId,
    /// The id in the caller's own system.
    ExternalId,
    /// The phone number.
    Phone,
    /// The e-mail address.
    Email,
    /// The user name.
    Username,
    /// An identity at an upstream provider: `<connection>:<id there>`.
    Identity,
    /// A record of a synchronised system: `<kind of system>:<id there>`.
    SyncRelation,
    /// A value of a unique custom field: `<key>:<value>`.
    CustomField,
}

impl KeyKind {
    /// Whether the name stands in another table than users do.
    const fn is_indirect(self) -> bool {
        matches!(self, Self::Identity | Self::SyncRelation | Self::CustomField)
    }
}

/// The user with this key, for an administrator.
///
/// # Errors
/// `user.unknown`, also for the id of another pool's user; `field.invalid` for what cannot be an
/// address or a number.
pub async fn by(cx: &mut Cx, kind: KeyKind, value: &str) -> Result<UserView> {
    cx.require(Permission::UserRead)?;
    let unknown = || Error::new(Code::UserUnknown).field("userId");
    if kind == KeyKind::UserId {
        // One read: the row with all that goes with it is found by the id itself.
        return view(cx, super::create::parse_id(value).ok_or_else(unknown)?).await;
    }
    if matches!(kind, KeyKind::Email | KeyKind::Phone) && key_of(cx, kind, value).is_none() {
        let expected = if kind == KeyKind::Email { "name@example.com" } else { "+8613800000000" };
        return Err(Error::new(Code::FieldInvalid).field("userId").arg("expected", expected));
    }
    let user = find(cx, kind, value).await?.ok_or_else(unknown)?;
    view(cx, user.id).await
}

/// The user with this id and the facts that go with them.
///
/// # Errors
/// `user.unknown`.
pub(crate) async fn view(cx: &mut Cx, id: keystead_model::UserId) -> Result<UserView> {
    let facts = rows::facts(&mut cx.store(), id).await?;
    facts.map(UserView::from).ok_or_else(|| Error::new(Code::UserUnknown).field("userId"))
}

/// The users with these keys, for an administrator; those that are not there are left out.
///
/// # Errors
/// Faults of the store.
pub async fn several(cx: &mut Cx, kind: KeyKind, values: &[String]) -> Result<Vec<UserView>> {
    cx.require(Permission::UserRead)?;
    if kind.is_indirect() {
        let meant = meant(cx, kind, values).await?;
        let ids = values.iter().filter_map(|value| meant.get(value));
        let ids: Vec<String> = ids.map(ToString::to_string).collect();
        return Box::pin(several(cx, KeyKind::UserId, &ids)).await;
    }
    let keys: Vec<(UserKey, String)> =
        values.iter().filter_map(|value| key_of(cx, kind, value)).collect();
    let Some((column, _)) = keys.first() else { return Ok(Vec::new()) };
    let (column, mut keys) = (*column, keys.into_iter().map(|(_, k)| k).collect::<Vec<String>>());
    let mut seen = HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    let found = people::by_keys(&mut cx.store(), column, &keys).await?;
    let mut found: Vec<UserView> = found.into_iter().map(UserView::from).collect();
    // In the order of the question.
    let place = |view: &UserView| {
        let own = own_key(cx, kind, view);
        keys.iter().position(|key| own.as_deref() == Some(key))
    };
    found.sort_by_cached_key(place);
    Ok(found)
}

/// The ids of users named in one way, for an operation on all of them.
///
/// # Errors
/// `user.unknown` with the place in `field`.
pub async fn ids_of(
    cx: &mut Cx,
    kind: KeyKind,
    values: &[String],
    field: &str,
) -> Result<Vec<UserId>> {
    if kind.is_indirect() {
        cx.require(Permission::UserRead)?;
        let meant = meant(cx, kind, values).await?;
        let known = values.iter().enumerate().map(|(n, value)| {
            let unknown = || Error::new(Code::UserUnknown).field(format!("{field}[{n}]"));
            meant.get(value).copied().ok_or_else(unknown)
        });
        return known.collect();
    }
    let found = several(cx, kind, values).await?;
    let by_key: HashMap<String, UserId> =
        found.iter().filter_map(|view| Some((own_key(cx, kind, view)?, view.user.id))).collect();
    values
        .iter()
        .enumerate()
        .map(|(n, value)| {
            let known = key_of(cx, kind, value).and_then(|(_, key)| by_key.get(&key).copied());
            known.ok_or_else(|| Error::new(Code::UserUnknown).field(format!("{field}[{n}]")))
        })
        .collect()
}

/// Whether one of these keys belongs to a user.
///
/// # Errors
/// Faults of the store.
pub async fn exists(cx: &mut Cx, keys: &[(KeyKind, &str)]) -> Result<bool> {
    cx.require(Permission::UserRead)?;
    for (kind, value) in keys {
        if find(cx, *kind, value).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The user with this key, whoever asks; a malformed key is nobody's.
pub(crate) async fn find(cx: &mut Cx, kind: KeyKind, value: &str) -> Result<Option<rows::User>> {
    if kind.is_indirect() {
        let meant = meant(cx, kind, &[value.to_owned()]).await?;
        let Some(id) = meant.get(value) else { return Ok(None) };
        return Ok(rows::by_key(&mut cx.store(), UserKey::Id, &id.to_string()).await?);
    }
    match key_of(cx, kind, value) {
        Some((column, key)) => Ok(rows::by_key(&mut cx.store(), column, &key).await?),
        None => Ok(None),
    }
}

/// The users whom names of other tables mean.
async fn meant(cx: &mut Cx, kind: KeyKind, names: &[String]) -> Result<HashMap<String, UserId>> {
    match kind {
        KeyKind::Identity => identities::owners(cx, names).await,
        KeyKind::CustomField => custom_fields::owners(cx, names).await,
        // There are no synchronised systems yet.
        _ => Ok(HashMap::new()),
    }
}

/// The column and the normal form by which a user is looked up; `None` for a malformed key.
fn key_of(cx: &Cx, kind: KeyKind, value: &str) -> Option<(UserKey, String)> {
    let settings = cx.settings();
    match kind {
        KeyKind::UserId => super::create::parse_id(value).map(|id| (UserKey::Id, id.to_string())),
        KeyKind::ExternalId => Some((UserKey::ExternalId, value.to_owned())),
        KeyKind::Email => email_key(value).ok().map(|key| (UserKey::Email, key)),
        KeyKind::Phone => {
            phone_key(value, None, &settings.phone_country).ok().map(|key| (UserKey::Phone, key))
        }
        KeyKind::Username => username_key(value, settings.username_case_sensitive)
            .ok()
            .map(|key| (UserKey::Username, key)),
        KeyKind::Identity | KeyKind::SyncRelation | KeyKind::CustomField => None,
    }
}

/// A user's own key of this kind.
fn own_key(cx: &Cx, kind: KeyKind, view: &UserView) -> Option<String> {
    let user = &view.user;
    match kind {
        KeyKind::UserId => Some(user.id.to_string()),
        KeyKind::ExternalId => user.external_id.clone(),
        KeyKind::Email => user.email.clone(),
        KeyKind::Username => user
            .username
            .as_deref()
            .and_then(|name| username_key(name, cx.settings().username_case_sensitive).ok()),
        KeyKind::Phone => user.phone.as_deref().and_then(|phone| {
            phone_key(phone, user.phone_country.as_deref(), &cx.settings().phone_country).ok()
        }),
        KeyKind::Identity | KeyKind::SyncRelation | KeyKind::CustomField => None,
    }
}
