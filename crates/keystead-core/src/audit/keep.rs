//! How long events are kept.

use super::Category;
use crate::core::Core;
use crate::cx::Cx;
use keystead_model::{Id, PoolId, Result};
use keystead_store::{doors, work};
use std::sync::Arc;

/// Pools that are read at a time.
const POOLS: i64 = 500;
/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Deletes the events that are older than their pool keeps them. The answer is their number.
///
/// # Errors
/// Faults of the store; what was deleted before stays deleted.
pub async fn clean_up(core: &Arc<Core>) -> Result<u64> {
    let mut total = 0;
    for page in 0.. {
        let pools = doors::pools(&mut core.db.begin(), POOLS, page * POOLS).await?;
        for (pool, ..) in &pools {
            total += clean_up_pool(core, *pool).await?;
        }
        if pools.len() < usize::try_from(POOLS).unwrap_or_default() {
            break;
        }
    }
    Ok(total)
}

async fn clean_up_pool(core: &Arc<Core>, pool: PoolId) -> Result<u64> {
    let (days, now) = {
        let cx = Cx::system(core, pool).await?;
        (cx.settings().audit_days, cx.now)
    };
    if days == 0 {
        return Ok(0);
    }
    let before = now.plus_ms(-DAY * i64::from(days));
    let before_id = Id::from_parts(u64::try_from(before.0).unwrap_or_default(), 0).to_string();
    let mut total = 0;
    for category in Category::ALL {
        total += work::forget_events(&core.db, pool, category.text(), (before, &before_id)).await?;
    }
    Ok(total)
}
