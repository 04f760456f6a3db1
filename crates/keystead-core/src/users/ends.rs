//! Ending what a user holds: sessions, grants, refresh families.

use crate::cx::Cx;
use keystead_model::{ChangeKind, Code, Error, Result, SessionId, UserId};
use keystead_store::{sessions, users as rows};

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
