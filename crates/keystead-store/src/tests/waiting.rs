//! Who waits for whom: the order of writers, and how long anybody waits.

use super::place::{Place, add, id, on_sqlite};
use crate::{Db, Error, Target, values};
use keystead_model::PoolId;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A SQLite database on a runtime whose clock jumps ahead whenever everybody waits.
fn with_jumping_clock<F: Future<Output = ()>>(case: impl FnOnce(Db, PoolId) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystead.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let place = Place::open(Target::Lite { path }).await;
        tokio::time::pause();
        case(place.db.clone(), place.pool).await;
    });
}

#[test]
fn writers_are_served_in_the_order_they_came() {
    with_jumping_clock(|db, pool| async move {
        let mut first = db.begin();
        add(&mut first, pool, "first").await.unwrap();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for n in 0..40 {
            let (db, order) = (db.clone(), order.clone());
            tasks.push(tokio::spawn(async move {
                let mut tx = db.begin();
                add(&mut tx, pool, &format!("{n:02}")).await.unwrap();
                order.lock().unwrap().push(n);
                tx.settle().await.unwrap();
            }));
            tokio::task::yield_now().await;
        }
        first.settle().await.unwrap();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..40).collect::<Vec<_>>());
    });
}

#[test]
fn nobody_waits_for_ever_for_the_writer() {
    with_jumping_clock(|db, pool| async move {
        let mut holder = db.begin();
        add(&mut holder, pool, "a").await.unwrap();
        let late = tokio::spawn({
            let db = db.clone();
            async move { add(&mut db.begin(), pool, "b").await }
        });
        let late = late.await.unwrap();
        assert!(matches!(late, Err(Error::Timeout)), "{late:?}");
        holder.settle().await.unwrap();
    });
}

#[test]
fn a_lock_of_another_process_ends_in_busy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keystead.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let place = Place::open(Target::Lite { path: path.clone() }).await;
        tokio::time::pause();
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let late = add(&mut place.begin(), place.pool, "a").await;
        assert!(matches!(late, Err(Error::Busy)), "{late:?}");
        // Reads never noticed, and the next writer goes on.
        assert_eq!(place.codes().await, [""; 0]);
        other.execute_batch("ROLLBACK").unwrap();
        let mut tx = place.begin();
        add(&mut tx, place.pool, "b").await.unwrap();
        assert_eq!(super::place::codes(&mut tx, place.pool).await, ["b"]);
        tx.settle().await.unwrap();
    });
}

#[test]
fn a_lock_of_another_process_is_waited_for() {
    on_sqlite(|place| async move {
        let other = rusqlite::Connection::open(place.path()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let writer = tokio::spawn({
            let (db, pool) = (place.db.clone(), place.pool);
            async move {
                let mut tx = db.begin();
                add(&mut tx, pool, "a").await?;
                tx.commit().await
            }
        });
        for _ in 0..20 {
            assert_eq!(place.codes().await, [""; 0]);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        other.execute_batch("ROLLBACK").unwrap();
        writer.await.unwrap().unwrap();
        assert_eq!(place.codes().await, ["a"]);
    });
}

#[test]
fn the_log_stays_short_under_load() {
    on_sqlite(|place| async move {
        let text = "INSERT INTO settings (pool_id, scope, scope_id, document, created_at, \
                    updated_at) VALUES ($1, 'x', $2, $3, 0, 0)";
        let document = "x".repeat(200_000);
        for _ in 0..400 {
            let mut tx = place.begin();
            let values = values![id(), document.as_str()];
            tx.scoped(place.pool).execute(text, values).await.unwrap();
            tx.commit().await.unwrap();
        }
        // 80 MB were written; the log was started again each time it was copied.
        let log = place.path().with_extension("db-wal");
        let length = std::fs::metadata(log).unwrap().len();
        assert!(length < 60 << 20, "{length}");
    });
}
