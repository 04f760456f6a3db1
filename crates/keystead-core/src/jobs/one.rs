//! One claimed piece of work: done under a lease that is renewed, and ended one way or another.

use super::{LEASE_S, Runner};
use crate::core::Core;
use crate::cx::Cx;
use crate::outbox::{self, Outcome};
use keystead_model::{Code, Error, OutboxId, PoolId, Result};
use keystead_store::outbox as rows;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// How often a lease is renewed.
const RENEW: Duration = Duration::from_secs(5);
/// Work that takes longer hangs, and is tried again.
const LONGEST: Duration = Duration::from_secs(120);
/// Bytes of an error that are kept.
const KEPT_ERROR: usize = 500;

/// Does the work and writes down how it ended.
pub(super) async fn run(runner: &Runner, row: rows::Queued, attempt: Arc<AtomicI64>) {
    let lost = Lease { core: runner.core.clone(), row: (row.pool_id, row.id), attempt: &attempt };
    let ended = tokio::select! {
        ended = timeout(LONGEST, settle(runner, &row, &attempt)) => ended,
        () = lost.watch() => {
            tracing::warn!(id = %row.id, "another node has taken this work over");
            return;
        }
    };
    let ended = ended.unwrap_or_else(|_| {
        Err(Error::new(Code::Internal).caused_by(format!("it took more than {LONGEST:?}")))
    });
    if let Err(error) = ended {
        let failed = end(runner, &row, &attempt, Outcome::Later(error.log_line())).await;
        if let Err(error) = failed {
            tracing::warn!(id = %row.id, "its end could not be written: {}", error.log_line());
        }
    }
}

/// Does the work and settles it, with whatever its handler left open.
async fn settle(runner: &Runner, row: &rows::Queued, attempt: &AtomicI64) -> Result<()> {
    let mut cx = Cx::system(&runner.core, row.pool_id).await?;
    let job = outbox::open(&mut cx, runner.consumer, row)?;
    match (runner.handler)(&mut cx, &job).await? {
        outcome @ (Outcome::Done | Outcome::Void(_)) => {
            if let Outcome::Void(why) = outcome {
                tracing::info!(id = %row.id, event = row.event, why, "dropped");
            }
            rows::done(&mut cx.store(), row.id).await?;
            cx.settle().await?;
            cx.settled().await
        }
        outcome => {
            cx.rollback().await?;
            end(runner, row, attempt, outcome).await
        }
    }
}

/// Writes down that it failed: to be tried again later, or never.
async fn end(
    runner: &Runner,
    row: &rows::Queued,
    attempt: &AtomicI64,
    outcome: Outcome,
) -> Result<()> {
    let attempts = attempt.load(Ordering::SeqCst);
    let tried = usize::try_from(attempts).unwrap_or(usize::MAX);
    let wait = runner.retries.0.get(tried.saturating_sub(1)).copied();
    let (why, wait) = match outcome {
        Outcome::Never(why) => (why, None),
        Outcome::Later(why) => (why, wait),
        Outcome::Done | Outcome::Void(_) => return Ok(()),
    };
    let (why, now) = (shortened(&why), runner.core.clock.now());
    let (id, event) = (row.id, &row.event);
    let mut tx = runner.core.db.begin();
    let mut s = tx.scoped(row.pool_id);
    match wait {
        Some(s_later) => {
            tracing::warn!(%id, event, attempts, why, retry_in_s = s_later, "failed");
            let at = now.plus_seconds(s_later.into());
            rows::release(&mut s, (id, attempts), at, why).await?;
        }
        None => {
            tracing::error!(%id, event, attempts, why, "failed for good: it is a dead letter now");
            rows::bury(&mut s, (id, attempts), now, why).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn shortened(why: &str) -> &str {
    let end = why.char_indices().map(|(at, _)| at).find(|at| *at >= KEPT_ERROR);
    end.and_then(|end| why.get(..end)).unwrap_or(why)
}

/// A claim that is renewed while its work runs.
struct Lease<'a> {
    core: Arc<Core>,
    row: (PoolId, OutboxId),
    attempt: &'a Arc<AtomicI64>,
}

impl Lease<'_> {
    /// Renews until another node is found to have it.
    async fn watch(self) {
        loop {
            sleep(RENEW).await;
            // A task of its own: the work may hold this one's write transaction.
            let (core, row, attempt) = (self.core.clone(), self.row, self.attempt.clone());
            let renewed = tokio::spawn(async move { renew(&core, row, &attempt).await });
            match renewed.await {
                Ok(Ok(false)) => return,
                Ok(Ok(true)) | Err(_) => {}
                Ok(Err(error)) => {
                    tracing::warn!(id = %row.1, "a lease was not renewed: {}", error.log_line());
                }
            }
        }
    }
}

async fn renew(core: &Arc<Core>, row: (PoolId, OutboxId), attempt: &AtomicI64) -> Result<bool> {
    let mut tx = core.db.begin();
    let until = core.clock.now().plus_seconds(LEASE_S);
    let attempts = attempt.load(Ordering::SeqCst);
    let kept = rows::renew(&mut tx.scoped(row.0), row.1, attempts, until).await?;
    tx.commit().await?;
    Ok(kept > 0)
}
