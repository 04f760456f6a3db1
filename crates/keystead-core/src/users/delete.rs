//! Deleting users: rows go, a tombstone and the audit log stay (`model.md` 0).

use super::fields::label;
use super::{Writer, batch};
use crate::cx::Cx;
use keystead_model::{ChangeKind, Code, Event, EventKind, Permission, Result, UserId};
use keystead_store::tombstones::{self, Tombstone};
use keystead_store::{administrators, subjects, users as rows};
use std::collections::HashSet;

/// Deletes users with everything that hangs on them; all or none. Joins the open transaction.
///
/// # Errors
/// `user.unknown` with the place in the list; `administrator.last` when the pool would be left
/// without one.
pub async fn delete(cx: &mut Cx, ids: &[UserId], by: Writer) -> Result<()> {
    for id in ids {
        by.require(cx, *id, Permission::UserDelete)?;
    }
    if ids.len() > 1 {
        batch::in_turn(cx).await?;
    }
    let had_administrator = administrators::any(&mut cx.store()).await?;
    if had_administrator {
        // Two callers that delete the last two administrators see one another here.
        cx.store().serial("administrator").await?;
    }
    let mut seen = HashSet::new();
    for (n, id) in ids.iter().enumerate().filter(|(_, id)| seen.insert(**id)) {
        let one = one(cx, *id, by).await;
        one.map_err(|error| match error.code() {
            Code::UserUnknown => error.field(format!("userIds[{n}]")),
            _ => error,
        })?;
    }
    if had_administrator && !administrators::any(&mut cx.store()).await? {
        return Err(Code::AdministratorLast.into());
    }
    Ok(())
}

async fn one(cx: &mut Cx, id: UserId, by: Writer) -> Result<()> {
    let user = super::lookup::view(cx, id).await?.user;
    let label = label(&user);
    let stone = Tombstone {
        id: cx.id()?,
        kind: "user".to_owned(),
        target_id: id.to_string(),
        label: label.clone(),
        created_at: cx.now,
    };
    let actor = cx.principal.actor().id();
    let mut s = cx.store();
    subjects::forget(&mut s, "user", &id.to_string()).await?;
    rows::change::delete(&mut s, id).await?;
    rows::change::count(&mut s, user.status == "archived", id, -1).await?;
    tombstones::insert(&mut s, &stone, actor.as_deref()).await?;
    let kind = match by {
        Writer::Administrator => EventKind::UserDeleted,
        Writer::Myself => EventKind::AccountDeleted,
    };
    cx.emit(Event::new(kind).on("user", id, label));
    cx.note(ChangeKind::User, id);
    Ok(())
}
