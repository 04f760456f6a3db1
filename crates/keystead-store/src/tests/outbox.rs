//! The outbox: one claim at a time, taken over when its lease is over, buried and brought back.

use super::on_both;
use super::place::{Place, id};
use crate::outbox::{self, NewWork, Queued};
use crate::work::{forget_dead_letters, outbox as work};
use keystead_model::{Id, Millis, OutboxId};
use std::sync::Arc;

on_both! {
    two_nodes_never_claim_the_same, a_lease_that_is_over_is_taken_over,
    what_dies_is_listed_and_brought_back, dead_letters_go_when_their_days_are_over
}

const LEASE: i64 = 20_000;

async fn add(place: &Place, consumer: &str, at: i64) -> OutboxId {
    let id = OutboxId(id());
    let mut tx = place.begin();
    let new = NewWork { id, event: "e", consumer, sealed_enc: "s", now: Millis(at) };
    outbox::insert(&mut tx.scoped(place.pool), &new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn claim(place: &Place, now: i64, limit: i64) -> Vec<Queued> {
    let mut tx = place.begin();
    let until = Millis(now + LEASE);
    let claimed = work::claim(&mut tx, "mail", Millis(now), until, limit).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn two_nodes_never_claim_the_same(place: Place) {
    for n in 0..40 {
        add(&place, if n % 4 == 0 { "sms" } else { "mail" }, n).await;
    }
    let place = Arc::new(place);
    let claims: Vec<_> = (0..8)
        .map(|_| {
            let place = place.clone();
            tokio::spawn(async move { claim(&place, 100, 5).await })
        })
        .collect();
    let mut all: Vec<OutboxId> = Vec::new();
    for claimed in claims {
        all.extend(claimed.await.unwrap().iter().map(|work| work.id));
    }
    let claimed = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), claimed, "something was claimed twice");
    let rest: usize = claim(&place, 100, 100).await.len();
    assert_eq!(claimed + rest, 30);
    assert!(claim(&place, 100, 100).await.is_empty());
    assert!(work::is_due(&mut place.begin(), "sms", Millis(100)).await.unwrap());
    assert!(!work::is_due(&mut place.begin(), "mail", Millis(100)).await.unwrap());
}

async fn a_lease_that_is_over_is_taken_over(place: Place) {
    let id = add(&place, "mail", 0).await;
    let first = claim(&place, 10, 1).await.remove(0);
    assert_eq!((first.id, first.attempts), (id, 1));
    let mut tx = place.begin();
    let mut s = tx.scoped(place.pool);
    assert_eq!(outbox::renew(&mut s, id, 1, Millis(30_000)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(claim(&place, 29_999, 1).await.is_empty());
    let second = claim(&place, 30_000, 1).await.remove(0);
    assert_eq!((second.id, second.attempts), (id, 2));
    // The first is too late to do anything with it but to say that it is done.
    let mut tx = place.begin();
    let mut s = tx.scoped(place.pool);
    assert_eq!(outbox::renew(&mut s, id, 1, Millis(99_000)).await.unwrap(), 0);
    assert_eq!(outbox::release(&mut s, (id, 1), Millis(1), "x").await.unwrap(), 0);
    assert_eq!(outbox::bury(&mut s, (id, 1), Millis(1), "x").await.unwrap(), 0);
    assert_eq!(outbox::release(&mut s, (id, 2), Millis(40_000), "x").await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(claim(&place, 39_999, 1).await.is_empty());
    assert_eq!(claim(&place, 40_000, 1).await.remove(0).attempts, 3);
    // The only node of a database starts again.
    let mut tx = place.begin();
    assert_eq!(work::end_leases(&mut tx, "mail", Millis(40_001)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(claim(&place, 40_001, 1).await.remove(0).attempts, 4);
    let mut tx = place.begin();
    assert_eq!(outbox::done(&mut tx.scoped(place.pool), id).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

async fn dead_letters_go_when_their_days_are_over(place: Place) {
    for (n, (queued, died)) in [(1_000, 6_000), (1_000, 9_000), (8_000, 9_500)].iter().enumerate() {
        let id = OutboxId(Id::from_parts(*queued, n as u64 + 1));
        let mut tx = place.begin();
        let mut s = tx.scoped(place.pool);
        let new = NewWork { id, event: "e", consumer: "x", sealed_enc: "s", now: Millis(1) };
        outbox::insert(&mut s, &new).await.unwrap();
        assert_eq!(outbox::bury(&mut s, (id, 0), Millis(*died), "refused").await.unwrap(), 1);
        tx.commit().await.unwrap();
    }
    let before = Millis(8_500);
    let before_id = Id::from_parts(8_500, 0).to_string();
    let gone = forget_dead_letters(&place.db, (before, &before_id)).await.unwrap();
    assert_eq!(gone, 1, "one was brought back meanwhile and died again");
    assert_eq!(work::dead_letters(&mut place.begin(), "", 9).await.unwrap().len(), 2);
    let gone = forget_dead_letters(&place.db, (Millis(9_500), &before_id)).await.unwrap();
    assert_eq!(gone, 1);
}

async fn what_dies_is_listed_and_brought_back(place: Place) {
    let ids = [add(&place, "mail", 0).await, add(&place, "mail", 0).await];
    for work in claim(&place, 5, 9).await {
        let mut tx = place.begin();
        let claim = (work.id, work.attempts);
        let buried = outbox::bury(&mut tx.scoped(place.pool), claim, Millis(6), "refused").await;
        assert_eq!(buried.unwrap(), 1);
        tx.commit().await.unwrap();
    }
    assert!(claim(&place, 1_000_000, 9).await.is_empty());
    let dead = work::dead_letters(&mut place.begin(), "", 9).await.unwrap();
    assert_eq!(dead.iter().map(|d| d.id).collect::<Vec<_>>(), ids);
    assert_eq!(dead[0].last_error.as_deref(), Some("refused"));
    assert_eq!((dead[0].attempts, dead[0].died_at), (1, Millis(6)));
    let after = work::dead_letters(&mut place.begin(), &ids[0].to_string(), 9).await.unwrap();
    assert_eq!(after.len(), 1);
    let mut tx = place.begin();
    assert_eq!(work::replay(&mut tx, ids[0], ids[0], Millis(7)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let again = claim(&place, 7, 9).await.remove(0);
    assert_eq!((again.id, again.attempts), (ids[0], 1));
    assert_eq!(again.sealed_enc.as_deref(), Some("s"));
    let mut tx = place.begin();
    assert_eq!(work::replay(&mut tx, ids[0], ids[1], Millis(7)).await.unwrap(), 1);
    assert!(work::dead_letters(&mut tx, "", 9).await.unwrap().is_empty());
    tx.commit().await.unwrap();
}
