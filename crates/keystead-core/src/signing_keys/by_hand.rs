//! What an operator does with a pool's keys: look at them, turn them early, take one back at once
//! (`signin.md` 5.6).

use super::rotation::{PUBLISHED_MS, Rhythm, make, publish, told};
use crate::cx::Cx;
use keystead_model::{
    Algorithm, ChangeKind, Code, Error, Event, EventKind, Millis, Result, SigningKeyId,
};
use keystead_store::grants;
use keystead_store::signing_keys::{self as rows, SigningKey};
use serde_json::json;

/// A key as operators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyView {
    /// Its id, the `kid`.
    pub id: SigningKeyId,
    /// `sig` for a key that signs tokens, `password` for one that opens transported passwords.
    pub purpose: String,
    /// Its algorithm's JOSE name.
    pub alg: String,
    /// `next`, `active` or `retired`.
    pub state: String,
    /// Since when, or from when on, it is in use.
    pub active_from: Millis,
    /// When a retired one is removed.
    pub gone_at: Option<Millis>,
}

impl From<SigningKey> for KeyView {
    fn from(key: SigningKey) -> Self {
        Self {
            id: key.id,
            purpose: key.r#use,
            alg: key.alg,
            state: key.state,
            active_from: key.active_from,
            gone_at: key.gone_at,
        }
    }
}

/// What taking a key back did.
#[derive(Clone, Debug)]
pub struct Revoked {
    /// The key as it was.
    pub key: KeyView,
    /// Which key came into use in its place; none when it was not in use.
    pub successor: Option<SigningKeyId>,
}

/// Every key that is published or used, the first made first.
///
/// # Errors
/// Faults of the store.
pub async fn list(cx: &mut Cx) -> Result<Vec<KeyView>> {
    let keys = rows::list(&mut cx.store()).await?;
    Ok(keys.into_iter().map(KeyView::from).collect())
}

/// Publishes successors of the keys that sign by `algorithm`, or of all that sign, before their
/// turn. They come into use after 48 hours or, with `soon`, after ten minutes: by then nobody keeps
/// a key set without them. One that waits already comes no later than that. Settles by itself.
///
/// # Errors
/// `field.invalid` for an algorithm without a published key; faults of the store.
pub async fn rotate(cx: &mut Cx, algorithm: Option<Algorithm>, soon: bool) -> Result<Vec<KeyView>> {
    let algorithms = match algorithm {
        None => Algorithm::ASYMMETRIC.to_vec(),
        Some(one) if Algorithm::ASYMMETRIC.contains(&one) => vec![one],
        Some(_) => return Err(wrong("algorithm", "RS256, ES256 or EdDSA")),
    };
    for rhythm in algorithms.into_iter().map(Rhythm::signing) {
        let ahead_ms = if soon { PUBLISHED_MS } else { rhythm.ahead_ms };
        let from = cx.now.plus_ms(ahead_ms);
        let keys = rows::list(&mut cx.store()).await?;
        match keys.iter().find(|key| rhythm.fits(key) && key.state == "next") {
            None => publish(cx, rhythm, from).await?,
            Some(next) if next.active_from > from => {
                rows::bring_forward(&mut cx.store(), next.id, from).await?;
                told(cx, EventKind::SigningKeyPublished, next.id);
                cx.settle().await?;
            }
            Some(_) => {}
        }
    }
    cx.settled().await?;
    list(cx).await
}

/// Takes a key back: it is unpublished at once, whatever it signed is refused here, and what it
/// closed is not opened. In the place of one in use comes its successor, or a new key, which
/// relying parties that keep the key set do not know yet. Joins the open transaction.
///
/// # Errors
/// `field.invalid` when the pool has no such key, `busy` when it is just being turned; faults of
/// the store.
pub async fn revoke(cx: &mut Cx, id: SigningKeyId) -> Result<Revoked> {
    let before = find(cx, id).await?;
    let rhythm = Rhythm::all().find(|rhythm| rhythm.fits(&before));
    let rhythm = rhythm.ok_or_else(|| wrong("id", "a key of an algorithm of this version"))?;
    // A retired key is not used again, so that it needs no successor.
    let spare = match before.state.as_str() {
        "retired" => None,
        _ => Some(make(cx, rhythm).await?),
    };
    cx.store().serial("signing_keys").await?;
    let key = find(cx, id).await?;
    let now = cx.now;
    if rows::remove(&mut cx.store(), id, &key.state).await? == 0 {
        return Err(Code::Busy.into());
    }
    told(cx, EventKind::SigningKeyRevoked, id);
    let successor = match spare.filter(|_| key.state == "active") {
        Some(spare) => Some(succeed(cx, rhythm, spare, now).await?),
        None => None,
    };
    Ok(Revoked { key: key.into(), successor })
}

/// Puts the waiting key into use, or else `spare`.
async fn succeed(
    cx: &mut Cx,
    rhythm: Rhythm,
    spare: SigningKey,
    now: Millis,
) -> Result<SigningKeyId> {
    let keys = rows::list(&mut cx.store()).await?;
    let next = keys.iter().find(|key| rhythm.fits(key) && key.state == "next");
    let id = match next {
        Some(next) => {
            // However short it has been published: the other one may sign nothing more.
            rows::activate(&mut cx.store(), next.id, now, now).await?;
            next.id
        }
        None => {
            rows::insert(&mut cx.store(), &spare, now).await?;
            spare.id
        }
    };
    told(cx, EventKind::SigningKeyActivated, id);
    Ok(id)
}

/// Ends every grant of the pool that was made until now, with all its tokens; people stay signed
/// in to the pool itself. Settles by itself, some hundred grants at a time; answers how many.
///
/// # Errors
/// Faults of the store; what was ended before stays ended.
pub async fn end_grants(cx: &mut Cx) -> Result<u64> {
    let (pool, now, mut total) = (cx.pool.id, cx.now, 0);
    let mut after = None;
    loop {
        let ended = grants::end_of_pool(&mut cx.store(), after, "operator", now).await?;
        after = ended.iter().max().copied();
        total += u64::try_from(ended.len()).unwrap_or_default();
        cx.note(ChangeKind::Pool, pool);
        if after.is_none() {
            break;
        }
        cx.settle().await?;
    }
    let event = Event::new(EventKind::GrantsEnded).on("pool", pool, Some(cx.pool.code.clone()));
    cx.emit(event.detail(json!({ "grants": total })));
    cx.settle().await?;
    cx.settled().await?;
    Ok(total)
}

async fn find(cx: &mut Cx, id: SigningKeyId) -> Result<SigningKey> {
    let keys = rows::list(&mut cx.store()).await?;
    let found = keys.into_iter().find(|key| key.id == id);
    found.ok_or_else(|| wrong("id", "the id of a key of this pool"))
}

fn wrong(field: &'static str, expected: &'static str) -> Error {
    Error::new(Code::FieldInvalid).field(field).arg("expected", expected)
}
