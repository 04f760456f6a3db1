//! Notes: applied after the commit whoever still lives, never without one.

use super::on_both;
use super::place::{Place, add};
use keystead_model::{Change, ChangeKind};

on_both! {
    notes_come_after_the_commit,
    notes_come_though_the_handler_is_gone,
    notes_are_dropped_with_the_transaction,
    notes_need_no_write,
    a_listener_that_panics_harms_nobody,
}

fn note(key: &str) -> Change {
    Change::new(ChangeKind::User, key)
}

async fn notes_come_after_the_commit(place: Place) {
    let mut tx = place.begin();
    tx.scoped(place.pool).note(note("before"));
    add(&mut tx, place.pool, "a").await.unwrap();
    tx.note(note("bare"));
    assert!(tx.pending());
    assert_eq!(place.heard(), [""; 0]);
    tx.commit().await.unwrap();
    assert!(!tx.pending());
    assert_eq!(place.heard(), ["before", "bare"]);
}

async fn notes_come_though_the_handler_is_gone(place: Place) {
    let (db, pool) = (place.db.clone(), place.pool);
    let task = tokio::spawn(async move {
        let mut tx = db.begin();
        add(&mut tx, pool, "a").await.unwrap();
        tx.scoped(pool).note(note("a"));
        drop(tx.release());
        std::future::pending::<()>().await;
    });
    while place.codes().await.is_empty() {
        tokio::task::yield_now().await;
    }
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    while place.heard().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(place.heard(), ["a"]);
}

async fn notes_are_dropped_with_the_transaction(place: Place) {
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    tx.note(note("rolled back"));
    tx.rollback().await.unwrap();
    tx.commit().await.unwrap();

    add(&mut tx, place.pool, "a").await.unwrap();
    tx.note(note("failed"));
    add(&mut tx, place.pool, "a").await.unwrap_err();
    tx.rollback().await.unwrap();

    add(&mut tx, place.pool, "a").await.unwrap();
    tx.note(note("dropped"));
    drop(tx);

    let mut last = place.begin();
    add(&mut last, place.pool, "a").await.unwrap();
    last.note(note("last"));
    last.commit().await.unwrap();
    assert_eq!(place.heard(), ["last"]);
}

async fn notes_need_no_write(place: Place) {
    let mut tx = place.begin();
    tx.scoped(place.pool).note(note("a"));
    tx.commit().await.unwrap();
    assert_eq!(place.heard(), ["a"]);
}

async fn a_listener_that_panics_harms_nobody(place: Place) {
    let listener = std::sync::Arc::new(|_: &[Change]| panic!("wanted"));
    let db = crate::Db::open(place.target.clone(), listener).await.unwrap();
    for code in ["a", "b"] {
        let mut tx = db.begin();
        add(&mut tx, place.pool, code).await.unwrap();
        tx.note(note(code));
        tx.commit().await.unwrap();
    }
    assert_eq!(place.codes().await, ["a", "b"]);
}
