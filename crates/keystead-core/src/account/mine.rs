//! What belongs to the caller: their sign-ins and roles.

use super::me;
use crate::audit::{Category, EventView, Search, find};
use crate::cx::Cx;
use crate::identities::Identity;
use crate::roles::{self, RoleView};
use crate::users::past::{AppCard, MOST};
use keystead_model::{ApplicationId, EventKind, Page, PageRequest, Result, UserId};
use keystead_store::users::past as rows;
use std::collections::HashSet;

/// One page of the caller's sign-ins, those that were refused as well, newest first. Of the search
/// count application, address, success and time.
///
/// # Errors
/// `token.missing`; faults of the store.
pub async fn signins(cx: &mut Cx, search: Search, page: PageRequest) -> Result<Page<EventView>> {
    let me = me(cx)?.user;
    let search = Search {
        kinds: Some(vec![EventKind::SignedIn, EventKind::SigninRefused]),
        target: Some(me.to_string()),
        actor: None,
        ..search
    };
    find(cx, Category::User, &search, page).await
}

/// An application of the caller, and whether they are signed in to it now.
pub type MyApp = (AppCard, bool);

/// The applications that the caller signed in to, the last one first.
///
/// # Errors
/// `token.missing`; faults of the store.
pub async fn signed_in_to(cx: &mut Cx) -> Result<Vec<MyApp>> {
    let me = me(cx)?.user;
    let found = rows::applications(&mut cx.store(), me, MOST).await?;
    with_grants(cx, me, found).await
}

/// The applications that the caller may sign in to.
///
/// # Errors
/// `token.missing`; faults of the store.
pub async fn accessible(cx: &mut Cx) -> Result<Vec<MyApp>> {
    let me = me(cx)?.user;
    let found = rows::open_applications(&mut cx.store(), MOST).await?;
    with_grants(cx, me, found).await
}

async fn with_grants(cx: &mut Cx, me: UserId, found: Vec<AppCard>) -> Result<Vec<MyApp>> {
    let now = cx.now;
    let live: HashSet<ApplicationId> =
        rows::granted(&mut cx.store(), me, now).await?.into_iter().collect();
    Ok(found
        .into_iter()
        .map(|card| {
            let is = live.contains(&card.id);
            (card, is)
        })
        .collect())
}

/// The identities that are linked to the caller.
///
/// # Errors
/// `token.missing`; faults of the store.
pub async fn identities(cx: &mut Cx) -> Result<Vec<Identity>> {
    let me = me(cx)?.user;
    Ok(keystead_store::identities::of_user(&mut cx.store(), me).await?)
}

/// The roles that count for the caller now.
///
/// # Errors
/// `token.missing`, `namespace.unknown`.
pub async fn roles(cx: &mut Cx, namespace: Option<&str>) -> Result<Vec<RoleView>> {
    let me = me(cx)?.user;
    roles::of_user(cx, me, namespace).await
}
