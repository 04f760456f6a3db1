//! The people of the pool, made before the loads: lists are read from many.

use crate::callers::{management, once};
use crate::server::Running;
use anyhow::Result;
use tokio::task::JoinSet;

/// Users of one call.
const BATCH: usize = 50;
/// Calls at once: they share commits.
const AT_ONCE: usize = 16;

/// Makes this many users without a password.
///
/// # Errors
/// A call was refused.
pub async fn make(server: &Running, count: usize) -> Result<()> {
    let mut tasks = JoinSet::new();
    for task in 0..AT_ONCE {
        let calls = count.div_ceil(BATCH).saturating_sub(task).div_ceil(AT_ONCE);
        let (at, mut caller) = (server.target.at, management::create_users(&server.site, BATCH));
        tasks.spawn(async move {
            for _ in 0..calls {
                let answer = once(at, &mut caller).await?;
                anyhow::ensure!(answer.get("statusCode") == Some(&200.into()), "{answer}");
            }
            Ok(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}
