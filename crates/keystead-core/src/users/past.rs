//! What a user did, and who is gone.

use crate::applications;
use crate::cx::Cx;
use keystead_model::{
    ApplicationId, Code, Error, Millis, Page, PageRequest, Permission, Result, UserId,
};
use keystead_store::users::past as rows;
use std::collections::HashMap;

pub use rows::AppCard;

/// Rows of the lists that no dialect pages.
pub(crate) const MOST: i64 = 500;

/// Which sign-ins are asked for.
#[derive(Debug, Default)]
pub struct HistoryQuery {
    /// Through this application only, by its client id.
    pub client_id: Option<String>,
    /// From this address only.
    pub ip: Option<String>,
    /// Not before.
    pub from: Option<Millis>,
    /// Not after.
    pub to: Option<Millis>,
}

/// A sign-in of a user.
#[derive(Debug)]
pub struct Signin {
    /// The application; none when it is gone.
    pub application: Option<AppCard>,
    /// From which address.
    pub ip: Option<String>,
    /// With which user agent.
    pub user_agent: Option<String>,
    /// When.
    pub at: Millis,
}

/// One page of a user's sign-ins, newest first.
///
/// # Errors
/// `application.unknown`; faults of the store.
pub async fn history(
    cx: &mut Cx,
    user: UserId,
    query: &HistoryQuery,
    page: PageRequest,
) -> Result<Page<Signin>> {
    cx.require(Permission::UserRead)?;
    let application = match &query.client_id {
        Some(client_id) => Some(application(cx, client_id).await?),
        None => None,
    };
    let of = rows::SigninsOf {
        user,
        application,
        ip: query.ip.as_deref().unwrap_or_default(),
        from: query.from.unwrap_or(Millis(0)),
        to: query.to.unwrap_or(Millis(i64::MAX)),
    };
    let mut s = cx.store();
    let total = rows::signins_total(&mut s, &of).await?;
    let found = rows::signins(&mut s, &of, page.limit(), page.offset()).await?;
    let ids: Vec<ApplicationId> = found.iter().filter_map(|one| one.application_id).collect();
    let cards = keystead_store::list::people::app_cards(&mut s, &ids).await?;
    let cards: HashMap<ApplicationId, AppCard> =
        cards.into_iter().map(|card| (card.id, card)).collect();
    let rows = found.into_iter().map(|one| Signin {
        application: one.application_id.and_then(|id| cards.get(&id).cloned()),
        ip: one.ip,
        user_agent: one.user_agent,
        at: one.created_at,
    });
    Ok(Page { total, rows: rows.collect() })
}

/// The applications a user signed in to, the last one first.
///
/// # Errors
/// Faults of the store.
pub async fn signed_in_to(cx: &mut Cx, user: UserId) -> Result<Vec<AppCard>> {
    cx.require(Permission::UserRead)?;
    Ok(rows::applications(&mut cx.store(), user, MOST).await?)
}

/// The applications a user may sign in to.
///
/// # Errors
/// Faults of the store.
pub async fn accessible(cx: &mut Cx) -> Result<Vec<AppCard>> {
    cx.require(Permission::UserRead)?;
    Ok(rows::open_applications(&mut cx.store(), MOST).await?)
}

/// The kinds of factors a user has: `password`, `totp`, `sms`, `email`, `passkey`.
///
/// # Errors
/// Faults of the store.
pub async fn factors(cx: &mut Cx, user: UserId) -> Result<Vec<String>> {
    cx.require(Permission::UserRead)?;
    Ok(rows::factors(&mut cx.store(), user).await?)
}

/// Whether a user is signed in to an application now.
///
/// # Errors
/// `application.unknown`; faults of the store.
pub async fn is_signed_in(cx: &mut Cx, user: UserId, client_id: &str) -> Result<bool> {
    cx.require(Permission::UserRead)?;
    let (application, now) = (application(cx, client_id).await?, cx.now);
    Ok(rows::has_grant(&mut cx.store(), user, application, now).await?)
}

/// One page of who was archived or deleted since, by when.
///
/// # Errors
/// Faults of the store.
pub async fn gone(
    cx: &mut Cx,
    since: Option<Millis>,
    page: PageRequest,
) -> Result<Page<(UserId, Millis)>> {
    cx.require(Permission::UserRead)?;
    let since = since.unwrap_or(Millis(0));
    let mut s = cx.store();
    let total = rows::gone_total(&mut s, since).await?;
    Ok(Page { total, rows: rows::gone(&mut s, since, page.limit(), page.offset()).await? })
}

async fn application(cx: &mut Cx, client_id: &str) -> Result<ApplicationId> {
    let app = applications::by_client_id(cx, client_id).await?;
    let app = app.ok_or_else(|| Error::new(Code::ApplicationUnknown).field("appId"))?;
    Ok(app.id)
}
