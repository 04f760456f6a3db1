//! Switching access keys on and off, and deleting them: at once, on every node.

use super::{lookup, rows};
use crate::cx::Cx;
use keystead_model::{ChangeKind, Event, EventKind, Permission, Result};

/// Switches a key on or off.
///
/// # Errors
/// `access_key.unknown`; `permission.denied`.
pub async fn set_enabled(cx: &mut Cx, key_id: &str, enabled: bool) -> Result<()> {
    cx.require(Permission::AccessKeyUpdate)?;
    let (row, now) = (lookup::row(cx, key_id).await?, cx.now);
    if rows::set_enabled(&mut cx.store(), row.id, enabled, now).await? > 0 {
        let kind = match enabled {
            true => EventKind::AccessKeyEnabled,
            false => EventKind::AccessKeyDisabled,
        };
        changed(cx, &row, kind);
    }
    Ok(())
}

/// Deletes a key.
///
/// # Errors
/// `access_key.unknown`; `permission.denied`.
pub async fn delete(cx: &mut Cx, key_id: &str) -> Result<()> {
    cx.require(Permission::AccessKeyDelete)?;
    let row = lookup::row(cx, key_id).await?;
    if rows::delete(&mut cx.store(), row.id).await? > 0 {
        changed(cx, &row, EventKind::AccessKeyDeleted);
    }
    Ok(())
}

fn changed(cx: &mut Cx, row: &rows::AccessKey, kind: EventKind) {
    cx.note(ChangeKind::AccessKey, &row.key_id);
    cx.emit(Event::new(kind).on("access_key", row.id, Some(row.key_id.clone())));
}
