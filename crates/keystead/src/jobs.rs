//! Work that no request waits for: the queued, and the clean-up by the minute and by the day.

use keystead_core::jobs::{self as runner, Retries};
use keystead_core::signing_keys::rotation;
use keystead_core::{Core, audit, outbox};
use keystead_store::work;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How often rows whose time is over are deleted.
const CLEAN_UP: Duration = Duration::from_secs(60);
/// How often old events of the audit logs are deleted, counted in clean-ups: once an hour.
const AUDIT_EVERY: u64 = 60;
/// How often the database looks at its statistics, counted in clean-ups: once a day.
const OPTIMIZE_EVERY: u64 = 24 * 60;

/// How queued work is tried again, and for how long what failed for good is kept.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The pauses between tries.
    pub retries: Retries,
    /// Days a dead letter is kept.
    pub dead_days: u32,
}

/// Runs the queued work, the turn of keys and the clean-up until it is dropped.
pub async fn run(core: Arc<Core>, queue: Queue) {
    tokio::join!(runner::run(core.clone(), queue.retries), by_the_minute(core, queue.dead_days));
}

/// A failure is logged, and the next round tries again.
async fn by_the_minute(core: Arc<Core>, dead_days: u32) {
    let mut minute = interval(CLEAN_UP);
    minute.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 1_u64.. {
        minute.tick().await;
        if let Err(error) = rotation::run(&core).await {
            tracing::warn!("keys could not be turned: {}", error.log_line());
        }
        match work::clean_up(&core.db, core.clock.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "cleaned up"),
            Err(error) => tracing::warn!(%error, "the clean-up failed"),
        }
        match outbox::clean_up(&core, dead_days).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old dead letters were deleted"),
            Err(error) => {
                tracing::warn!("the clean-up of dead letters failed: {}", error.log_line());
            }
        }
        if round.is_multiple_of(AUDIT_EVERY) {
            match audit::clean_up(&core).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "old events of the audit logs were deleted"),
                Err(error) => tracing::warn!(?error, "the clean-up of the audit logs failed"),
            }
        }
        if round.is_multiple_of(OPTIMIZE_EVERY)
            && let Err(error) = core.db.optimize().await
        {
            tracing::warn!(%error, "the database's statistics could not be renewed");
        }
    }
}
