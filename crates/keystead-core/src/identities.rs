//! Identities: who users are at upstream providers (`signin.md` 8).

use crate::cx::Cx;
use crate::users::lookup;
use keystead_model::{Code, Error, Event, EventKind, Id, Permission, Result, UserId};
use keystead_store::OnConflict;
use keystead_store::connections::{self, Connection};
use keystead_store::{identities as rows, users};
use serde_json::{Value, json};
use std::collections::HashMap;

pub use rows::Identity;

/// Characters of a user's id at a provider.
const SUBJECT_MAX: usize = 255;

/// The identities of a user, the oldest first.
///
/// # Errors
/// Faults of the store.
pub async fn of_user(cx: &mut Cx, user: UserId) -> Result<Vec<Identity>> {
    cx.require(Permission::UserRead)?;
    Ok(rows::of_user(&mut cx.store(), user).await?)
}

/// The identities of these users, by user, for callers who may see these users.
///
/// # Errors
/// Faults of the store.
pub async fn of_users(cx: &mut Cx, users: &[UserId]) -> Result<HashMap<UserId, Vec<Identity>>> {
    let ids: Vec<Id> = users.iter().map(|user| user.0).collect();
    let mut by_user: HashMap<UserId, Vec<Identity>> = HashMap::new();
    for one in rows::of_users(&mut cx.store(), &ids).await? {
        by_user.entry(one.user_id).or_default().push(one);
    }
    Ok(by_user)
}

/// An identity that an administrator gives to a user.
#[derive(Debug)]
pub struct NewIdentity<'a> {
    /// The connection, by its id or name.
    pub connection: &'a str,
    /// The user's id at the provider.
    pub subject: &'a str,
    /// What kind of id it is.
    pub kind: &'a str,
}

/// Gives a user an identity, as an administrator: from then on it signs this user in. Who has it
/// already keeps it.
///
/// # Errors
/// `user.unknown`, `connection.unknown`, `field.invalid`; `identity.taken` when another user has
/// it.
pub async fn link(cx: &mut Cx, user: UserId, new: &NewIdentity<'_>) -> Result<()> {
    cx.require(Permission::UserUpdate)?;
    let length = new.subject.chars().count();
    if !(1..=SUBJECT_MAX).contains(&length) || new.subject.chars().any(char::is_control) {
        let expected = format!("1..{SUBJECT_MAX}");
        return Err(Error::new(Code::FieldInvalid).field("userIdInIdp").arg("expected", expected));
    }
    let owner = lookup::view(cx, user).await?.user;
    let connection = connection(cx, new.connection).await?;
    let issuer = issuer(&connection);
    let has = rows::owners(&mut cx.store(), &issuer, &[new.subject]).await?;
    if has.iter().any(|(_, own)| *own == user) {
        return Ok(());
    }
    let profile = json!({ "id": new.subject, "type": new.kind });
    let row = rows::NewIdentity {
        id: cx.id()?,
        user,
        connection: connection.id,
        issuer: &issuer,
        subject: new.subject,
        provider: connection.provider.as_deref().unwrap_or(&connection.kind),
        profile: &profile,
        linked_by: "admin",
        now: cx.now,
    };
    let taken = Error::new(Code::IdentityTaken).field("userIdInIdp");
    let index = "identities_pool_id_issuer_subject_key";
    rows::insert(&mut cx.store(), &row).await.on_conflict(index, taken)?;
    changed(cx, EventKind::IdentityLinked, &owner, &connection);
    Ok(())
}

/// Takes the identities of a connection from a user, as an administrator.
///
/// # Errors
/// `user.unknown`, `connection.unknown`, `identity.unknown` when the user has none there;
/// `signin.last_way` when nothing else would let the user in.
pub async fn unlink(cx: &mut Cx, user: UserId, named: &str) -> Result<()> {
    cx.require(Permission::UserUpdate)?;
    let owner = lookup::view(cx, user).await?.user;
    let connection = connection(cx, named).await?;
    let mut s = cx.store();
    s.serial(&format!("user {user}")).await?;
    if rows::delete(&mut s, user, connection.id).await? == 0 {
        return Err(Error::new(Code::IdentityUnknown).field("extIdpId"));
    }
    if !users::has_way_in(&mut s, user).await? {
        return Err(Error::new(Code::LastWayIn).field("extIdpId"));
    }
    changed(cx, EventKind::IdentityUnlinked, &owner, &connection);
    Ok(())
}

/// The users who have these identities, each given as `<connection>:<id there>`.
pub(crate) async fn owners(cx: &mut Cx, named: &[String]) -> Result<HashMap<String, UserId>> {
    let all = connections::upstream(&mut cx.store()).await?;
    let mut wanted: HashMap<String, Vec<(&str, &String)>> = HashMap::new();
    for name in named {
        let Some((connection, subject)) = name.split_once(':') else { continue };
        if let Some(found) = all.iter().find(|one| is_named(one, connection)) {
            wanted.entry(issuer(found)).or_default().push((subject, name));
        }
    }
    let mut owners = HashMap::new();
    for (issuer, names) in wanted {
        let subjects: Vec<&str> = names.iter().map(|(subject, _)| *subject).collect();
        let found = rows::owners(&mut cx.store(), &issuer, &subjects).await?;
        let found: HashMap<String, UserId> = found.into_iter().collect();
        let known = names
            .into_iter()
            .filter_map(|(subject, name)| Some((name.clone(), *found.get(subject)?)));
        owners.extend(known);
    }
    Ok(owners)
}

/// Who vouches for what comes through a connection: the issuer of its settings, else itself.
fn issuer(connection: &Connection) -> String {
    match connection.config.get("issuer").and_then(Value::as_str) {
        Some(issuer) => issuer.to_owned(),
        None => format!("{}:{}", connection.kind, connection.id),
    }
}

async fn connection(cx: &mut Cx, named: &str) -> Result<Connection> {
    let all = connections::upstream(&mut cx.store()).await?;
    let found = all.into_iter().find(|one| is_named(one, named));
    found.ok_or_else(|| Error::new(Code::ConnectionUnknown).field("extIdpId"))
}

fn is_named(connection: &Connection, name: &str) -> bool {
    connection.id.to_string() == name || connection.name == name
}

fn changed(cx: &mut Cx, kind: EventKind, owner: &users::User, connection: &Connection) {
    let event = Event::new(kind).on("user", owner.id, Some(crate::users::label(owner)));
    cx.emit(event.detail(json!({ "connection": connection.name })));
}
