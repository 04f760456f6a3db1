//! Setting, receiving and proving passwords.

use crate::cx::Cx;
use crate::hash_pool::within_cap;
use keystead_model::{
    Code, CredentialId, Error, Event, EventKind, Id, Permission, Result, Secret, UserId,
};
use keystead_protocol::passwords::{self as rules, policy};
use keystead_protocol::transport;
use keystead_store::credentials::Kept;
use keystead_store::{credentials, users};
use std::collections::HashMap;

/// How a client encrypted a password before sending it (V3 contract, section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// Not at all; TLS does.
    #[default]
    Plain,
    /// RSA PKCS#1 v1.5 under the pool's published key, base64.
    Rsa,
}

/// The password that was sent. At a door that proves a password a bad ciphertext becomes a
/// pseudo-random text, so that its answer is no oracle; `setting` says the door sets one, then it
/// is an error.
///
/// # Errors
/// `password.undecryptable`.
pub fn receive(cx: &Cx, sent: Secret, how: Transport, setting: bool) -> Result<Secret> {
    if how == Transport::Plain {
        return Ok(sent);
    }
    let bad = || Error::new(Code::PasswordUndecryptable).field("password");
    let key = cx.pool.keys.keyed_hash(crate::seal::Label::Code, "transport");
    let opened = transport::decrypt(&cx.pool.signing.transport(), sent.expose(), key.as_bytes())
        .map_err(|_| bad())?;
    if setting && !opened.sound {
        return Err(bad());
    }
    Ok(opened.password)
}

/// The published key under which clients may encrypt passwords, as PEM.
///
/// # Errors
/// `internal` when the pool has none.
pub fn transport_key(cx: &Cx) -> Result<String> {
    let keys = cx.pool.signing.transport();
    let newest = keys.first().ok_or_else(|| Error::new(Code::Internal))?;
    newest.public_pem().map_err(|e| Error::new(Code::Internal).caused_by(e))
}

/// A password that was checked against the policy and hashed, ready to be written.
#[derive(Debug)]
pub struct NewPassword {
    hash: Secret,
    level: Option<i64>,
}

/// Where weak hashes belong (`Aad` of the seal); the row is named by its user, whose only one it
/// is.
const COLUMN: &str = "credentials.secret_enc";

/// Checks a new password by the pool's policy.
///
/// # Errors
/// `password.weak` with the rule, `password.too_long`.
pub fn check(cx: &Cx, password: &Secret, own_names: &[&str]) -> Result<()> {
    within_cap(password)?;
    policy::check(cx.settings().password_policy, password.expose(), own_names)
        .map_err(|rule| Error::new(Code::PasswordWeak).field("password").arg("rule", rule.key()))
}

/// Whether a user has a password.
///
/// # Errors
/// Faults of the store.
pub async fn has(cx: &mut Cx, user: UserId) -> Result<bool> {
    Ok(credentials::password(&mut cx.store(), user).await?.is_some())
}

/// Checks a new password by the pool's policy and hashes it; no transaction may be open.
///
/// # Errors
/// `password.weak` with the rule, `password.too_long`, `busy`.
pub async fn prepare(cx: &mut Cx, password: &Secret, own_names: &[&str]) -> Result<NewPassword> {
    cx.before_slow_work()?;
    check(cx, password, own_names)?;
    let hash = cx.core.hashing.hash(password, cx.core.random.bytes()?).await?;
    Ok(NewPassword { hash, level: Some(i64::from(rules::strength(password.expose()))) })
}

/// A password that comes as a hash (`signin.md` 7.3): taken as it is, if we can verify it later.
/// A bare digest may have its salt beside it.
///
/// # Errors
/// `password.hash_unusable` for an unknown kind, or one that costs more than the bounds allow.
pub fn import(hash: &Secret, salt: Option<&Secret>) -> Result<NewPassword> {
    let salt = salt.map(Secret::expose).filter(|salt| !salt.is_empty());
    let hash = rules::import(hash.expose(), salt).map_err(|error| {
        Error::new(Code::PasswordHashUnusable).field("password").caused_by(error.to_string())
    })?;
    Ok(NewPassword { hash: Secret::new(hash), level: None })
}

/// The stored hashes of these users, for a move to another system; who has no password has none.
///
/// # Errors
/// `secret.hidden` where the pool does not give them out; `user.unknown` with the place in
/// `userIds`.
pub async fn export(cx: &mut Cx, users: &[UserId]) -> Result<Vec<Option<Secret>>> {
    cx.require(Permission::UserUpdate)?;
    if !cx.settings().password_hashes_shown {
        let setting = "password_hashes_shown";
        return Err(Error::new(Code::SecretHidden).arg("setting", setting));
    }
    let ids: Vec<Id> = users.iter().map(|user| user.0).collect();
    let mut found = HashMap::new();
    for row in credentials::passwords(&mut cx.store(), &ids).await? {
        found.insert(row.user_id, hash_of(cx, &row)?);
    }
    for user in users {
        cx.emit(Event::new(EventKind::PasswordExported).on("user", user, None));
    }
    Ok(users.iter().map(|user| found.remove(user).flatten()).collect())
}

/// The hash of a row, opened where it rests sealed.
fn hash_of(cx: &Cx, row: &credentials::Password) -> Result<Option<Secret>> {
    match (&row.hash, &row.secret_enc) {
        (Some(hash), _) => Ok(Some(hash.clone())),
        (None, Some(sealed)) => {
            cx.pool.keys.open_text(COLUMN, &row.user_id.to_string(), sealed).map(Some)
        }
        (None, None) => Ok(None),
    }
}

/// A password that nobody knows, hashed: its owner chooses one of their own by the way for
/// forgotten ones. No transaction may be open.
///
/// # Errors
/// `busy`, `internal` when randomness is missing.
pub async fn generate(cx: &mut Cx) -> Result<NewPassword> {
    cx.before_slow_work()?;
    let password = cx.core.random.token()?;
    let hash = cx.core.hashing.hash(&password, cx.core.random.bytes()?).await?;
    Ok(NewPassword { hash, level: Some(i64::from(rules::strength(password.expose()))) })
}

/// Writes a prepared password. `reset` says why its owner must choose another at the next
/// sign-in (`first`, `forced`), if so.
///
/// # Errors
/// Faults of the store.
pub async fn set(
    cx: &mut Cx,
    user: UserId,
    new: &NewPassword,
    reset: Option<&'static str>,
) -> Result<()> {
    let id: CredentialId = cx.id()?;
    let now = cx.now;
    let sealed = match rules::is_weak(new.hash.expose()) {
        true => {
            let plain = new.hash.expose().as_bytes();
            Some(cx.pool.keys.seal(&cx.core.random, COLUMN, &user.to_string(), plain)?)
        }
        false => None,
    };
    let kept = sealed.as_deref().map_or(Kept::Hash(&new.hash), Kept::Sealed);
    let mut s = cx.store();
    credentials::set_password(&mut s, id, user, kept, now).await?;
    users::password_set(&mut s, user, new.level, reset, now).await?;
    Ok(())
}

/// A state of a credential that proved somebody.
#[derive(Clone, Copy, Debug)]
pub struct CredentialUse {
    id: CredentialId,
    version: i64,
}

/// The credential that the password fits; `None` when it fits none. An unknown user, or one
/// without a password, costs the same work. A hash of an older kind is replaced after a right
/// proof.
///
/// # Errors
/// `busy` when too many wait.
pub async fn prove(
    cx: &mut Cx,
    user: Option<UserId>,
    password: &Secret,
) -> Result<Option<CredentialUse>> {
    // The same statement for known and unknown accounts.
    let none = UserId(keystead_model::Id::from_bytes([0; 12]));
    let stored = credentials::password(&mut cx.store(), user.unwrap_or(none)).await?;
    cx.before_slow_work()?;
    let hash = match &stored {
        Some(row) => hash_of(cx, row)?,
        None => None,
    };
    let core = cx.core.clone();
    let right = core.hashing.verify(hash.as_ref(), password).await?;
    let (Some(row), Some(hash), true) = (&stored, hash, right) else { return Ok(None) };
    let mut version = row.version;
    if rules::needs_rehash(hash.expose(), rules::Params::STANDARD) {
        let hash = core.hashing.hash(password, core.random.bytes()?).await?;
        let now = cx.now;
        version += i64::from(credentials::rehash(&mut cx.store(), row, &hash, now).await? > 0);
    }
    Ok(Some(CredentialUse { id: row.id, version }))
}

/// Notes the use of a credential in the settling transaction; `false` when it changed since it
/// was proved.
///
/// # Errors
/// Faults of the store.
pub async fn used(cx: &mut Cx, by: &CredentialUse) -> Result<bool> {
    let now = cx.now;
    Ok(credentials::used(&mut cx.store(), by.id, by.version, now).await? == 1)
}
