//! Applying the users of a seed.

use super::{Report, SeedUser};
use crate::cx::Cx;
use crate::users::{self, KeyKind, NewUser, lookup};
use crate::{passwords, setup};
use keystead_model::{ChangeKind, Code, Error, Result, UserId};
use keystead_protocol::passwords as rules;
use keystead_store::{credentials, users as rows};

/// Makes the user or mends what differs; answers their id.
pub(super) async fn apply(cx: &mut Cx, seed: &SeedUser, report: &mut Report) -> Result<UserId> {
    if seed.password.is_some() && seed.password_hash.is_some() {
        let expected = "given without a password beside it";
        return Err(Error::new(Code::FieldInvalid)
            .field("password_hash")
            .arg("expected", expected));
    }
    let id = match find(cx, seed).await? {
        Some(user) => {
            if let Some(wanted) = seed.id.filter(|wanted| *wanted != user.id) {
                return Err(super::apply::other_id("id", &wanted, &user.id));
            }
            mend(cx, seed, &user, report).await?;
            user.id
        }
        None => {
            let view = users::create(cx, new_user(seed)).await?;
            cx.settle().await?;
            report.done.push(format!("made user {}", label(seed, view.user.id)));
            view.user.id
        }
    };
    hash(cx, seed, id, report).await?;
    if seed.administrator {
        let appointed = setup::appoint(cx, id).await?;
        // Also when nothing was to be done: the attempt has opened a transaction.
        cx.settle().await?;
        if appointed {
            report.done.push(format!("made user {} an administrator", label(seed, id)));
        }
    }
    cx.settled().await?;
    Ok(id)
}

async fn find(cx: &mut Cx, seed: &SeedUser) -> Result<Option<rows::User>> {
    let keys = [
        (KeyKind::UserId, seed.id.map(|id| id.to_string())),
        (KeyKind::Email, seed.email.clone()),
        (KeyKind::Username, seed.username.clone()),
        (KeyKind::Phone, seed.phone.clone()),
        (KeyKind::ExternalId, seed.external_id.clone()),
    ];
    for (kind, value) in keys {
        if let Some(value) = value
            && let Some(user) = lookup::find(cx, kind, &value).await?
        {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

fn new_user(seed: &SeedUser) -> NewUser {
    NewUser {
        id: seed.id,
        email: seed.email.clone(),
        email_verified: seed.email_verified,
        phone: seed.phone.clone(),
        phone_country: seed.phone_country.clone(),
        phone_verified: seed.phone_verified,
        username: seed.username.clone(),
        external_id: seed.external_id.clone(),
        name: seed.name.clone(),
        nickname: seed.nickname.clone(),
        password: seed.password.clone(),
        source: "import",
        ..NewUser::default()
    }
}

async fn mend(cx: &mut Cx, seed: &SeedUser, user: &rows::User, report: &mut Report) -> Result<()> {
    let name = seed.name.clone().or_else(|| user.name.clone());
    let nickname = seed.nickname.clone().or_else(|| user.nickname.clone());
    let verified =
        (user.email_verified || seed.email_verified, user.phone_verified || seed.phone_verified);
    let same = name == user.name
        && nickname == user.nickname
        && verified == (user.email_verified, user.phone_verified);
    let now = cx.now;
    if !same {
        let facts = rows::SeedFacts { name, nickname, verified };
        rows::mend(&mut cx.store(), user.id, &facts, now).await?;
        users::terms::refresh(cx, user.id).await?;
        report.done.push(format!("changed user {}", label(seed, user.id)));
    }
    if let Some(password) = &seed.password
        && passwords::prove(cx, Some(user.id), password).await?.is_none()
    {
        cx.settle().await?;
        let names = [seed.username.as_deref(), seed.email.as_deref(), seed.name.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        let new = passwords::prepare(cx, password, &names).await?;
        passwords::set(cx, user.id, &new, None).await?;
        cx.note(ChangeKind::User, user.id);
        report.done.push(format!("changed the password of user {}", label(seed, user.id)));
    }
    cx.settle().await
}

/// A password that comes as a hash is taken as it is, if we can verify it later.
async fn hash(cx: &mut Cx, seed: &SeedUser, id: UserId, report: &mut Report) -> Result<()> {
    let Some(hash) = &seed.password_hash else { return Ok(()) };
    if !rules::is_known_hash(hash.expose()) || rules::is_weak(hash.expose()) {
        let expected = "Argon2id, bcrypt, scrypt, PBKDF2 or SHA-crypt";
        return Err(Error::new(Code::FieldInvalid)
            .field("password_hash")
            .arg("expected", expected));
    }
    let stored = credentials::password(&mut cx.store(), id).await?;
    if stored.and_then(|row| row.hash).is_some_and(|own| own.same_as(hash.expose())) {
        return Ok(());
    }
    passwords::set(cx, id, &passwords::import(hash, None)?, None).await?;
    cx.note(ChangeKind::User, id);
    cx.settle().await?;
    report.done.push(format!("set the password hash of user {}", label(seed, id)));
    Ok(())
}

fn label(seed: &SeedUser, id: UserId) -> String {
    seed.email.clone().or_else(|| seed.username.clone()).unwrap_or_else(|| id.to_string())
}
