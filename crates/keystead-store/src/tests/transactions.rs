//! What a transaction keeps, drops, sees and refuses.

use super::on_both;
use super::place::{Place, add, codes};
use crate::{Ack, Error, values};

on_both! {
    a_commit_is_seen_by_all,
    a_dropped_transaction_leaves_nothing,
    a_panic_leaves_nothing,
    a_dropped_future_leaves_nothing,
    an_error_ends_the_transaction,
    an_error_of_a_read_inside_ends_it_too,
    own_writes_are_seen_after_settle,
    waiting_for_oneself_is_refused,
    reads_see_only_what_is_committed,
    a_second_transaction_of_one_task_is_refused,
    two_transactions_in_one_join_are_refused,
    serial_makes_check_then_act_exact,
    many_writers_are_all_stored,
    a_released_transaction_is_stored_though_nobody_waits,
    nothing_to_do_is_done,
    close_waits_for_what_was_released,
}

async fn a_commit_is_seen_by_all(place: Place) {
    let mut tx = place.begin();
    assert!(!tx.writing());
    add(&mut tx, place.pool, "a").await.unwrap();
    assert!(tx.writing());
    tx.commit().await.unwrap();
    assert!(!tx.writing());
    assert_eq!(place.codes().await, ["a"]);
    place.db.ping().await.unwrap();
}

async fn a_dropped_transaction_leaves_nothing(place: Place) {
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    drop(tx);
    let mut next = place.begin();
    add(&mut next, place.pool, "b").await.unwrap();
    next.commit().await.unwrap();
    assert_eq!(place.codes().await, ["b"]);
}

async fn a_panic_leaves_nothing(place: Place) {
    let (db, pool) = (place.db.clone(), place.pool);
    let task = tokio::spawn(async move {
        let mut tx = db.begin();
        add(&mut tx, pool, "a").await.unwrap();
        panic!("wanted");
    });
    assert!(task.await.unwrap_err().is_panic());
    let mut next = place.begin();
    add(&mut next, place.pool, "b").await.unwrap();
    next.commit().await.unwrap();
    assert_eq!(place.codes().await, ["b"]);
}

async fn a_dropped_future_leaves_nothing(place: Place) {
    let (db, pool) = (place.db.clone(), place.pool);
    let (written, wait) = tokio::sync::oneshot::channel();
    let task = tokio::spawn(async move {
        let mut tx = db.begin();
        add(&mut tx, pool, "a").await.unwrap();
        written.send(()).unwrap();
        std::future::pending::<()>().await;
    });
    wait.await.unwrap();
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    let mut next = place.begin();
    add(&mut next, place.pool, "b").await.unwrap();
    next.commit().await.unwrap();
    assert_eq!(place.codes().await, ["b"]);
}

async fn an_error_ends_the_transaction(place: Place) {
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    let error = add(&mut tx, place.pool, "a").await.unwrap_err();
    assert_eq!(error.conflict_index(), Some("namespaces_pool_id_code_key"));
    assert!(!tx.writing());
    let read = tx.one::<(i64,)>("SELECT count(*) FROM namespaces", values![]).await;
    assert!(matches!(read, Err(Error::Aborted)), "{read:?}");
    let write = add(&mut tx, place.pool, "b").await;
    assert!(matches!(write, Err(Error::Aborted)), "{write:?}");
    assert!(matches!(tx.serial("a").await, Err(Error::Aborted)));
    assert!(matches!(tx.settle().await, Err(Error::Aborted)));
    assert!(matches!(tx.commit().await, Err(Error::Aborted)));
    tx.rollback().await.unwrap();
    assert_eq!(place.codes().await, [""; 0]);
    add(&mut tx, place.pool, "c").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(place.codes().await, ["c"]);
}

async fn an_error_of_a_read_inside_ends_it_too(place: Place) {
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    let none = "SELECT code FROM namespaces WHERE code = 'nobody'";
    tx.one::<(String,)>(none, values![]).await.unwrap_err();
    assert!(matches!(tx.commit().await, Err(Error::Aborted)));
    tx.rollback().await.unwrap();
    assert_eq!(place.codes().await, [""; 0]);
}

async fn own_writes_are_seen_after_settle(place: Place) {
    let mut tx = place.begin();
    for n in 0..20 {
        add(&mut tx, place.pool, &format!("{n:02}")).await.unwrap();
        assert_eq!(codes(&mut tx, place.pool).await.len(), n + 1);
        tx.settle().await.unwrap();
        assert!(!tx.writing());
        assert_eq!(codes(&mut tx, place.pool).await.len(), n + 1);
    }
    add(&mut tx, place.pool, "not settled").await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(codes(&mut tx, place.pool).await.len(), 20);
}

async fn waiting_for_oneself_is_refused(place: Place) {
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    tx.settle().await.unwrap();
    add(&mut tx, place.pool, "b").await.unwrap();
    let waited = tx.settled().await;
    // On PostgreSQL the second write has waited for the first commit already.
    assert!(matches!(waited, Ok(()) | Err(Error::Nested)), "{waited:?}");
    tx.commit().await.unwrap();
    assert_eq!(place.codes().await, ["a", "b"]);
}

async fn reads_see_only_what_is_committed(place: Place) {
    let mut writer = place.begin();
    let mut reader = place.begin();
    assert_eq!(codes(&mut reader, place.pool).await, [""; 0]);
    add(&mut writer, place.pool, "a").await.unwrap();
    assert_eq!(codes(&mut reader, place.pool).await, [""; 0]);
    writer.commit().await.unwrap();
    assert_eq!(codes(&mut reader, place.pool).await, ["a"]);
}

async fn a_second_transaction_of_one_task_is_refused(place: Place) {
    let mut first = place.begin();
    add(&mut first, place.pool, "a").await.unwrap();
    let mut second = place.begin();
    let refused = add(&mut second, place.pool, "b").await;
    assert!(matches!(refused, Err(Error::Nested)), "{refused:?}");
    first.settle().await.unwrap();
    add(&mut second, place.pool, "b").await.unwrap();
    let refused = add(&mut first, place.pool, "c").await;
    assert!(matches!(refused, Err(Error::Nested)), "{refused:?}");
    drop(second);
    add(&mut first, place.pool, "c").await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(place.codes().await, ["a", "c"]);
}

async fn two_transactions_in_one_join_are_refused(place: Place) {
    let one = async |code: &str| {
        let mut tx = place.begin();
        add(&mut tx, place.pool, code).await?;
        tokio::task::yield_now().await;
        tx.commit().await
    };
    let (a, b) = tokio::join!(one("a"), one("b"));
    assert!(matches!((&a, &b), (Ok(()), Err(Error::Nested))), "{a:?} {b:?}");
}

async fn serial_makes_check_then_act_exact(place: Place) {
    place.zero("k").await;
    let tasks = (0..32).map(|_| {
        let (db, pool) = (place.db.clone(), place.pool);
        tokio::spawn(async move {
            for _ in 0..10 {
                let mut tx = db.begin();
                let mut s = tx.scoped(pool);
                s.serial("k").await.unwrap();
                let read = "SELECT n FROM counters WHERE pool_id = $1 AND key = 'k'";
                let (n,) = s.one::<(i64,)>(read, values![]).await.unwrap();
                let write = "UPDATE counters SET n = $2 WHERE pool_id = $1 AND key = 'k'";
                s.execute(write, values![n + 1]).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let (n,) = place.begin().one::<(i64,)>("SELECT n FROM counters", values![]).await.unwrap();
    assert_eq!(n, 320);
}

async fn many_writers_are_all_stored(place: Place) {
    let tasks = (0..32).map(|task| {
        let (db, pool) = (place.db.clone(), place.pool);
        tokio::spawn(async move {
            for n in 0..8 {
                let mut tx = db.begin();
                add(&mut tx, pool, &format!("{task}-{n}-a")).await.unwrap();
                add(&mut tx, pool, &format!("{task}-{n}-b")).await.unwrap();
                // Every fourth one is given up half way.
                if n % 4 == 0 { tx.rollback().await } else { tx.commit().await }.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(place.codes().await.len(), 32 * 6 * 2);
}

async fn a_released_transaction_is_stored_though_nobody_waits(place: Place) {
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    drop(tx.release());
    drop(tx);
    while place.codes().await.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(place.codes().await, ["a"]);
}

async fn nothing_to_do_is_done(place: Place) {
    let mut tx = place.begin();
    tx.settle().await.unwrap();
    tx.settled().await.unwrap();
    tx.commit().await.unwrap();
    tx.rollback().await.unwrap();
    assert!(matches!(tx.release(), Ack::Done(Ok(()))));
}

async fn close_waits_for_what_was_released(place: Place) {
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    let ack = tx.release();
    drop(tx);
    place.db.clone().close().await.unwrap();
    ack.wait().await.unwrap();
    let target = place.target.clone();
    drop(place.db);
    let again = Place::open(target).await;
    let text = "SELECT code FROM namespaces";
    let (code,) = again.begin().one::<(String,)>(text, values![]).await.unwrap();
    assert_eq!(code, "a");
}
