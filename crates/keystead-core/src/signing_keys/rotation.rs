//! The turn of keys (`signin.md` 5.6): a new key is published long before it signs, an old one
//! stays published until the last token under it is over. Run by a job, never by a request.

use super::{generate, generate_transport};
use crate::core::Core;
use crate::cx::Cx;
use keystead_model::{
    Algorithm, ChangeKind, Code, Error, Event, EventKind, Millis, PoolId, Result, Settings,
    SigningKeyId,
};
use keystead_store::signing_keys::{self as rows, SigningKey};
use keystead_store::work;
use std::sync::Arc;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A key signs only after it has been published this long: longer than anybody keeps the key set.
pub(super) const PUBLISHED_MS: i64 = 10 * MINUTE_MS;

/// The rhythm of one kind of key, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rhythm {
    pub purpose: &'static str,
    pub alg: &'static str,
    /// From the begin of its use to that of its successor's.
    period_ms: i64,
    /// From the publication of a key to its use.
    pub ahead_ms: i64,
    /// From the end of its use to its removal.
    kept_ms: i64,
}

impl Rhythm {
    /// Keys that sign. They stay until the longest life that any setting allows is over.
    pub fn signing(algorithm: Algorithm) -> Self {
        Self {
            purpose: "sig",
            alg: algorithm.name(),
            period_ms: 90 * DAY_MS,
            ahead_ms: 48 * HOUR_MS,
            kept_ms: longest_life_ms() + HOUR_MS,
        }
    }

    /// The key that opens transported passwords: old clients keep the public half for long.
    const TRANSPORT: Self = Self {
        purpose: "password",
        alg: super::TRANSPORT_ALG,
        period_ms: 365 * DAY_MS,
        ahead_ms: HOUR_MS,
        kept_ms: 90 * DAY_MS,
    };

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        Algorithm::ASYMMETRIC.into_iter().map(Self::signing).chain([Self::TRANSPORT])
    }

    /// Whether a key is of this kind.
    pub fn fits(self, key: &SigningKey) -> bool {
        key.r#use == self.purpose && key.alg == self.alg
    }

    /// A successor is due when a key has been in use since before this.
    const fn since(self, now: Millis) -> Millis {
        now.plus_ms(self.ahead_ms - self.period_ms)
    }
}

fn longest_life_ms() -> i64 {
    let lives = Settings::ROWS
        .iter()
        .filter(|row| ["access_token_life_s", "id_token_life_s"].contains(&row.name));
    lives.filter_map(|row| row.range).map(|(_, longest)| longest * 1_000).max().unwrap_or(0)
}

/// Turns the keys of every pool that is due. A pool whose keys cannot be turned stops no other.
///
/// # Errors
/// Faults of the store while it is asked which pools are due.
pub async fn run(core: &Arc<Core>) -> Result<()> {
    let mut after: Option<PoolId> = None;
    loop {
        let now = core.clock.now();
        let since = (Rhythm::signing(Algorithm::Rs256).since(now), Rhythm::TRANSPORT.since(now));
        let due = work::pools_with_due_keys(&core.db, after, since, now).await?;
        let Some(last) = due.last() else { return Ok(()) };
        after = Some(*last);
        for pool in due {
            if let Err(error) = turn(core, pool).await {
                tracing::error!(%pool, "keys could not be turned: {}", error.log_line());
            }
        }
    }
}

/// Takes the steps that are due for a pool's keys: removes what is over, publishes successors,
/// puts published ones into use.
///
/// # Errors
/// Faults of the store, of the keys.
pub async fn turn(core: &Arc<Core>, pool: PoolId) -> Result<()> {
    let mut cx = Cx::system(core, pool).await?;
    let now = cx.now;
    let keys = rows::list(&mut cx.store()).await?;
    if keys.iter().any(|key| key.gone_at.is_some_and(|gone| gone <= now)) {
        rows::remove_gone(&mut cx.store(), now).await?;
        cx.note(ChangeKind::SigningKeys, pool);
        cx.settle().await?;
    }
    for rhythm in Rhythm::all() {
        let of = |state| keys.iter().find(|key| rhythm.fits(key) && key.state == state);
        match (of("active"), of("next")) {
            (active, Some(next)) if next.active_from <= now => {
                activate(&mut cx, rhythm, active.map(|key| key.id), next.id).await?;
            }
            (Some(active), None) if active.active_from <= rhythm.since(now) => {
                let in_turn = active.active_from.plus_ms(rhythm.period_ms);
                publish(&mut cx, rhythm, in_turn.max(now.plus_ms(rhythm.ahead_ms))).await?;
            }
            _ => {}
        }
    }
    cx.settled().await
}

/// Publishes a successor that comes into use at `active_from`.
pub(super) async fn publish(cx: &mut Cx, rhythm: Rhythm, active_from: Millis) -> Result<()> {
    let made = make(cx, rhythm).await?;
    let next = SigningKey { state: "next".to_owned(), active_from, ..made };
    // Another node may have published one meanwhile.
    cx.store().serial("signing_keys").await?;
    let keys = rows::list(&mut cx.store()).await?;
    if keys.iter().any(|key| rhythm.fits(key) && key.state == "next") {
        return cx.rollback().await;
    }
    let now = cx.now;
    rows::insert(&mut cx.store(), &next, now).await?;
    told(cx, EventKind::SigningKeyPublished, next.id);
    cx.settle().await
}

/// Makes a key, active from now. That takes long, and so happens with no transaction open.
pub(super) async fn make(cx: &mut Cx, rhythm: Rhythm) -> Result<SigningKey> {
    cx.before_slow_work()?;
    let (core, pool, now) = (cx.core.clone(), cx.pool.clone(), cx.now);
    let id: SigningKeyId = cx.id()?;
    let made = tokio::task::spawn_blocking(move || match Algorithm::from_name(rhythm.alg) {
        Some(algorithm) => generate(&pool.keys, &core.random, id, algorithm, now),
        None => generate_transport(&pool.keys, &core.random, id, now),
    });
    made.await.map_err(|e| Error::new(Code::Internal).caused_by(e))?
}

/// Puts a published key into use in one transaction; the other one is retired.
async fn activate(
    cx: &mut Cx,
    rhythm: Rhythm,
    active: Option<SigningKeyId>,
    next: SigningKeyId,
) -> Result<()> {
    let now = cx.now;
    let mut s = cx.store();
    if let Some(active) = active {
        rows::retire(&mut s, active, now, now.plus_ms(rhythm.kept_ms)).await?;
    }
    if rows::activate(&mut s, next, now, now.plus_ms(-PUBLISHED_MS)).await? == 0 {
        return cx.rollback().await;
    }
    told(cx, EventKind::SigningKeyActivated, next);
    cx.settle().await
}

pub(super) fn told(cx: &mut Cx, kind: EventKind, key: SigningKeyId) {
    let pool = cx.pool.id;
    cx.note(ChangeKind::SigningKeys, pool);
    cx.emit(Event::new(kind).on("signing_key", key, None));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retired_key_outlives_every_token() {
        assert_eq!(longest_life_ms(), 14 * DAY_MS);
        for rhythm in Rhythm::all() {
            assert!(rhythm.kept_ms > longest_life_ms(), "{}", rhythm.alg);
            assert!(rhythm.ahead_ms > PUBLISHED_MS && rhythm.period_ms > rhythm.ahead_ms);
            // Two keys of one kind wait at most, so the published set stays small.
            assert!(rhythm.period_ms > rhythm.kept_ms);
        }
    }
}
