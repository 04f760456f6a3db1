//! The first start: the pool `main`, and the one-time link for the first administrator.

use crate::core::Core;
use crate::cx::Cx;
use crate::pools::{self, NewPool};
use crate::seal::purpose_hash;
use crate::users::{self, NewUser, UserView};
use keystead_model::{Code, Event, EventKind, OneTimeSecretId, PoolId, Result, Secret};
use keystead_store::{administrators, doors, one_time_secrets as rows};
use std::sync::Arc;

const PURPOSE: &str = "link.setup";
/// Seconds the link works.
const LIFE_S: i64 = 3_600;

/// The default pool; it is made when there is none.
///
/// # Errors
/// Faults of the store.
pub async fn default_pool(core: &Arc<Core>) -> Result<PoolId> {
    match doors::first_pool(&mut core.db.begin()).await? {
        Some(pool) => Ok(pool),
        None => pools::create(core, first_pool(), None).await,
    }
}

/// What the default pool is made of.
pub(crate) fn first_pool() -> NewPool {
    let code = doors::FIRST_POOL.to_owned();
    NewPool { id: None, code, name: "Keystead".to_owned(), secret: None }
}

/// A new set-up link's secret, unless the pool has an administrator.
///
/// # Errors
/// Faults of the store.
pub async fn link(cx: &mut Cx) -> Result<Option<Secret>> {
    if administrators::any(&mut cx.store()).await? {
        return Ok(None);
    }
    let secret = cx.core.random.token()?;
    let id: OneTimeSecretId = cx.id()?;
    let new = rows::NewSecret {
        id,
        purpose: PURPOSE,
        secret_hash: &purpose_hash(PURPOSE, secret.expose()),
        user: None,
        application: None,
        grant: None,
        binding: None,
        data_enc: None,
        now: cx.now,
        expires_at: cx.now.plus_seconds(LIFE_S),
    };
    rows::insert(&mut cx.store(), &new).await?;
    cx.settle().await?;
    cx.settled().await?;
    Ok(Some(secret))
}

/// Whether a set-up link still works; looking does not use it up.
///
/// # Errors
/// `setup.link_invalid`.
pub async fn check(cx: &mut Cx, secret: &str) -> Result<()> {
    let now = cx.now;
    let row = rows::find(&mut cx.store(), PURPOSE, &purpose_hash(PURPOSE, secret)).await?;
    let works = row.is_some_and(|row| row.consumed_at.is_none() && now < row.expires_at);
    if works && !administrators::any(&mut cx.store()).await? {
        Ok(())
    } else {
        Err(Code::SetupLinkInvalid.into())
    }
}

/// Makes the first administrator; the link is used up with it, by one of any number of callers.
///
/// # Errors
/// `setup.link_invalid`, or what is wrong with address or password: then the link still works.
pub async fn create_administrator(
    cx: &mut Cx,
    secret: &str,
    email: &str,
    password: Secret,
) -> Result<UserView> {
    check(cx, secret).await?;
    cx.principal = crate::Principal::System;
    let new = NewUser {
        email: Some(email.to_owned()),
        email_verified: true,
        password: Some(password),
        source: "admin",
        ..NewUser::default()
    };
    let view = users::create(cx, new).await?;
    let now = cx.now;
    // In the transaction of the user: if the link was used meanwhile, the user goes as well.
    let taken =
        rows::consume(&mut cx.store(), PURPOSE, &purpose_hash(PURPOSE, secret), now).await?;
    // Two links may be alive: the second to come finds the first's administrator.
    cx.store().serial("administrator").await?;
    if taken.is_none() || administrators::any(&mut cx.store()).await? {
        cx.rollback().await?;
        return Err(Code::SetupLinkInvalid.into());
    }
    appoint(cx, view.user.id).await?;
    cx.settle().await?;
    Ok(view)
}

/// Makes a user an administrator of the pool; joins the open transaction. Says whether they were
/// none before.
///
/// # Errors
/// Faults of the store.
pub async fn appoint(cx: &mut Cx, user: keystead_model::UserId) -> Result<bool> {
    let (id, now) = (cx.id()?, cx.now);
    let made = administrators::insert(&mut cx.store(), id, user, now).await?;
    if made > 0 {
        cx.emit(Event::new(EventKind::AdministratorCreated).on("user", user, None));
    }
    Ok(made > 0)
}
