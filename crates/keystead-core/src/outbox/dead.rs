//! Dead letters of all pools, for operators: listed, and queued again.

use crate::core::Core;
use keystead_model::{Change, ChangeKind, Code, Error, Id, OutboxId, Result};
pub use keystead_store::outbox::DeadLetter;
use keystead_store::work::{self, outbox as rows};
use std::sync::Arc;

/// Most that one call lists, and that one transaction queues again.
const MOST: i64 = 50;
/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Which dead letters to queue again.
#[derive(Clone, Copy, Debug)]
pub enum Replay {
    /// This one.
    One(OutboxId),
    /// Every one there is.
    All,
}

/// Dead letters after this id, the oldest first.
///
/// # Errors
/// `field.range` for a limit outside 1 to 50; faults of the store.
pub async fn dead_letters(
    core: &Arc<Core>,
    after: Option<OutboxId>,
    limit: i64,
) -> Result<Vec<DeadLetter>> {
    if !(1..=MOST).contains(&limit) {
        let error = Error::new(Code::FieldRange).field("limit");
        return Err(error.arg("min", 1).arg("max", MOST));
    }
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    Ok(rows::dead_letters(&mut core.db.begin(), &after, limit).await?)
}

/// Queues dead letters again, each under its id, with every try before it; answers how many.
///
/// # Errors
/// `field.invalid` when there is no dead letter of this id; faults of the store.
pub async fn replay(core: &Arc<Core>, which: Replay) -> Result<u64> {
    if let Replay::One(id) = which {
        if queue(core, id, id).await? == 0 {
            let error = Error::new(Code::FieldInvalid).field("id");
            return Err(error.arg("expected", "the id of a dead letter"));
        }
        return Ok(1);
    }
    let (mut total, mut after) = (0, None);
    loop {
        let page = dead_letters(core, after, MOST).await?;
        let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(total) };
        total += queue(core, first.id, last.id).await?;
        // What dies again meanwhile is older than this, and is left for the next call.
        after = Some(last.id);
    }
}

/// Deletes the dead letters of all pools that died more than `days` days ago; answers how many.
///
/// # Errors
/// Faults of the store; what was deleted before stays deleted.
pub async fn clean_up(core: &Arc<Core>, days: u32) -> Result<u64> {
    let before = core.clock.now().plus_ms(-DAY_MS * i64::from(days));
    // An id says when its letter was queued, and none died before that.
    let before_id = Id::from_parts(u64::try_from(before.0).unwrap_or_default(), 0).to_string();
    Ok(work::forget_dead_letters(&core.db, (before, &before_id)).await?)
}

async fn queue(core: &Arc<Core>, from: OutboxId, to: OutboxId) -> Result<u64> {
    let mut tx = core.db.begin();
    let replayed = rows::replay(&mut tx, from, to, core.clock.now()).await?;
    tx.note(Change::new(ChangeKind::Jobs, "replay"));
    tx.commit().await?;
    Ok(replayed)
}
