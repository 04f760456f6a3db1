//! Ending what a user holds: sessions, grants, refresh families.

use super::Writer;
use super::fields::label;
use crate::applications;
use crate::cx::Cx;
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, Permission, Result, SessionId, UserId,
};
use keystead_store::{grants, sessions, users as rows};

/// Ends every session of a user with all that hangs on it, but for the one to keep: the user's
/// generation grows, and the kept session and its grants are lifted to it. Joins the open
/// transaction. The caller emits the event that says why; `by` is its short form in the rows.
///
/// # Errors
/// `user.unknown`; faults of the store.
pub async fn end_sessions(
    cx: &mut Cx,
    user: UserId,
    keep: Option<SessionId>,
    by: &'static str,
) -> Result<()> {
    let now = cx.now;
    let mut s = cx.store();
    // First of all: whoever raises the generation of the same user at the same time waits here.
    let generation = rows::change::raise_generation(&mut s, user, now).await?;
    let generation = generation.ok_or_else(|| Error::new(Code::UserUnknown).field("userId"))?;
    sessions::end_of_user(&mut s, user, keep, by, now).await?;
    if let Some(keep) = keep {
        sessions::lift(&mut s, keep, user, generation).await?;
        cx.note(ChangeKind::Session, keep);
    }
    cx.note(ChangeKind::User, user);
    Ok(())
}

/// Signs users out: of these applications (their client ids), or of everything without any.
///
/// # Errors
/// `user.unknown`, `application.unknown` with the place in the list.
pub async fn kick(cx: &mut Cx, user: UserId, client_ids: &[String], by: Writer) -> Result<()> {
    by.require(cx, user, Permission::UserUpdate)?;
    let view = super::lookup::view(cx, user).await?;
    let mut of = Vec::with_capacity(client_ids.len());
    for (n, client_id) in client_ids.iter().enumerate() {
        let app = applications::by_client_id(cx, client_id)
            .await?
            .ok_or_else(|| Error::new(Code::ApplicationUnknown).field(format!("appIds[{n}]")))?;
        of.push(app.id);
    }
    let now = cx.now;
    for application in &of {
        grants::end_of_user(&mut cx.store(), user, *application, "kicked", now).await?;
    }
    if of.is_empty() {
        end_sessions(cx, user, None, "kicked").await?;
    } else {
        cx.note(ChangeKind::User, user);
    }
    let event = Event::new(EventKind::UserKicked).on("user", user, label(&view.user));
    cx.emit(event.detail(serde_json::json!({ "applications": client_ids })));
    Ok(())
}
