//! Sessions: the browser's, found by its cookie, and how they end.

use crate::applications::{self, App};
use crate::cx::Cx;
use crate::seal::purpose_hash;
use keystead_model::{ChangeKind, Event, EventKind, Millis, Result, Secret, SessionId};
use keystead_store::{grants, sessions as rows, users as user_rows};
use serde_json::json;
use std::sync::Arc;

pub use rows::Session;

const PURPOSE: &str = "session";
/// A session's use is written once in this time at most.
const TOUCH_MS: i64 = 60_000;

/// The live session of this cookie, and its user.
#[derive(Clone, Debug)]
pub struct Current {
    /// The session.
    pub session: Session,
    /// Its user.
    pub user: user_rows::User,
}

/// The hash under which a cookie's session is found.
#[must_use]
pub fn cookie_hash(cookie: &str) -> String {
    purpose_hash(PURPOSE, cookie)
}

/// The live session of a browser's cookie; `None` when it ended, idled out, or its user may not
/// sign in any more.
///
/// # Errors
/// Faults of the store.
pub async fn current(cx: &mut Cx, cookie: Option<&str>) -> Result<Option<Current>> {
    let Some(cookie) = cookie else { return Ok(None) };
    let now = cx.now;
    let mut s = cx.store();
    let Some(session) = rows::by_secret(&mut s, &cookie_hash(cookie)).await? else {
        return Ok(None);
    };
    let over = session.ended_at.is_some() || now >= session.idle_at || now >= session.expires_at;
    let Some(facts) = user_rows::facts(&mut s, session.user_id).await?.filter(|_| !over) else {
        return Ok(None);
    };
    let keystead_store::row::Join3(user, _, security) = facts;
    if security.generation != session.generation || !crate::users::is_active(&user, now) {
        return Ok(None);
    }
    Ok(Some(Current { session, user }))
}

/// Notes the use of a session, once a minute at most; joins the open transaction.
///
/// # Errors
/// Faults of the store.
pub async fn touch(cx: &mut Cx, session: &Session) -> Result<()> {
    let now = cx.now;
    if now.since(session.seen_at) < TOUCH_MS {
        return Ok(());
    }
    let idle_at = idle_end(cx, session.expires_at);
    rows::touch(&mut cx.store(), session.id, now, idle_at).await?;
    cx.note(ChangeKind::Session, session.id);
    Ok(())
}

/// Ends a session with its grants; families end with their grants.
///
/// # Errors
/// Faults of the store.
pub async fn end(cx: &mut Cx, session: SessionId, by: &str) -> Result<()> {
    let now = cx.now;
    let mut s = cx.store();
    let user = rows::end(&mut s, session, by, now).await?;
    grants::end_of_session(&mut s, session, by, now).await?;
    if let Some(user) = user {
        let detail = json!({ "session": session, "by": by });
        cx.emit(Event::new(EventKind::SignedOut).on("user", user, None).detail(detail));
    }
    cx.note(ChangeKind::Session, session);
    Ok(())
}

/// The applications that this session signed in to.
///
/// # Errors
/// Faults of the store.
pub async fn applications(cx: &mut Cx, session: SessionId) -> Result<Vec<Arc<App>>> {
    let clients = grants::clients_of_session(&mut cx.store(), session).await?;
    let mut all = Vec::with_capacity(clients.len());
    for client in clients {
        // From the cache.
        all.extend(applications::by_client_id(cx, &client).await?);
    }
    Ok(all)
}

/// A new cookie's value and the hash it is stored under.
///
/// # Errors
/// `internal` when randomness is missing.
pub fn new_cookie(cx: &Cx) -> Result<(Secret, String)> {
    let secret = cx.core.random.token()?;
    let hash = cookie_hash(secret.expose());
    Ok((secret, hash))
}

/// When a session used now idles out, never after its end.
#[must_use]
pub fn idle_end(cx: &Cx, expires_at: Millis) -> Millis {
    let idle = cx.now.plus_seconds(i64::from(cx.settings().session_idle_minutes) * 60);
    idle.min(expires_at)
}
