//! Commits and disks that fail, on SQLite.

use super::place::{Place, add, on_sqlite_in_order};
use crate::db::Driver;
use crate::lite::Lite;
use crate::{Ack, Error, values};
use keystead_model::{Change, ChangeKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::yield_now;

fn lite(place: &Place) -> Arc<Lite> {
    match place.db.driver() {
        Driver::Lite(lite) => lite.clone(),
        Driver::Pg(_) => panic!("SQLite expected"),
    }
}

/// Lets every COMMIT fail until the flag falls.
async fn fail_commits(place: &Place) -> Arc<AtomicBool> {
    let failing = Arc::new(AtomicBool::new(true));
    let hook = failing.clone();
    let lite = lite(place);
    let mut writer = lite.writer().lock().await;
    writer.conn_mut().commit_hook(Some(move || hook.load(Ordering::SeqCst))).unwrap();
    failing
}

/// Releases three transactions into one group: they stand in line before the commit thread can.
async fn group(place: &Place) -> Vec<Ack> {
    let lite = lite(place);
    let first = lite.writer().lock().await;
    let mut tasks = Vec::new();
    for code in ["a", "b", "c"] {
        let (db, pool) = (place.db.clone(), place.pool);
        tasks.push(tokio::spawn(async move {
            let mut tx = db.begin();
            tx.note(Change::new(ChangeKind::User, code));
            add(&mut tx, pool, code).await.unwrap();
            tx.release()
        }));
        yield_now().await;
    }
    drop(first);
    let mut acks = Vec::new();
    for task in tasks {
        acks.push(task.await.unwrap());
    }
    acks
}

#[test]
fn a_failed_commit_is_told_to_the_whole_group() {
    on_sqlite_in_order(|place| async move {
        let failing = fail_commits(&place).await;
        for ack in group(&place).await {
            let told = ack.wait().await;
            assert!(matches!(told, Err(Error::Batch)), "{told:?}");
        }
        assert_eq!(place.codes().await, [""; 0]);
        assert_eq!(place.heard(), [""; 0]);

        failing.store(false, Ordering::SeqCst);
        for ack in group(&place).await {
            ack.wait().await.unwrap();
        }
        assert_eq!(place.codes().await, ["a", "b", "c"]);
        assert_eq!(place.heard(), ["a", "b", "c"]);
    });
}

#[test]
fn a_failed_commit_is_remembered() {
    on_sqlite_in_order(|place| async move {
        let failing = fail_commits(&place).await;
        let mut tx = place.begin();
        add(&mut tx, place.pool, "a").await.unwrap();
        tx.settle().await.unwrap();
        let read = tx.one::<(i64,)>("SELECT count(*) FROM pools", values![]).await;
        assert!(matches!(read, Err(Error::Batch)), "{read:?}");
        failing.store(false, Ordering::SeqCst);
        assert!(matches!(tx.settled().await, Err(Error::Batch)));
        assert!(matches!(tx.commit().await, Err(Error::Batch)));
    });
}

#[test]
fn a_refusal_that_rests_on_a_lost_neighbour_is_not_told() {
    on_sqlite_in_order(|place| async move {
        let failing = fail_commits(&place).await;
        let refused = Arc::new(AtomicBool::new(false));
        let lite = lite(&place);
        // Both queue while the writer is held, so that they share a group.
        let first = lite.writer().lock().await;
        let mut tasks = Vec::new();
        for _ in 0..2 {
            let (db, pool, refused) = (place.db.clone(), place.pool, refused.clone());
            tasks.push(tokio::spawn(async move {
                let mut tx = db.begin();
                match add(&mut tx, pool, "same").await {
                    Ok(_) => tx.commit().await,
                    Err(error) => {
                        assert!(error.conflict_index().is_some(), "{error}");
                        refused.store(true, Ordering::SeqCst);
                        tx.rollback().await
                    }
                }
            }));
            yield_now().await;
        }
        drop(first);
        for task in tasks {
            let told = task.await.unwrap();
            assert!(matches!(told, Err(Error::Batch)), "{told:?}");
        }
        assert!(refused.load(Ordering::SeqCst), "the second one saw the first one's row");
        failing.store(false, Ordering::SeqCst);
        assert_eq!(place.codes().await, [""; 0]);
    });
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    on_sqlite_in_order(|place| async move {
        let limit = |pages: i64| {
            let lite = lite(&place);
            async move {
                let writer = lite.writer().lock().await;
                let set = |_: &rusqlite::Row<'_>| Ok(());
                writer.conn().pragma_update_and_check(None, "max_page_count", pages, set).unwrap();
            }
        };
        // Never below the pages there are: SQLite then takes the present size.
        limit(1).await;
        let long = "x".repeat(2_000);
        let (mut stored, mut full) = (Vec::new(), 0);
        for n in 0..64 {
            let mut tx = place.begin();
            let code = format!("{n:02}{long}");
            match add(&mut tx, place.pool, &code).await {
                Ok(_) => {
                    tx.commit().await.unwrap();
                    stored.push(code);
                }
                Err(error) => {
                    assert!(matches!(error, Error::Full), "{error}");
                    tx.rollback().await.unwrap();
                    full += 1;
                }
            }
        }
        assert!(full > 0);
        assert_eq!(place.codes().await, stored);
        limit(1_000_000).await;
        let mut tx = place.begin();
        add(&mut tx, place.pool, &long).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(place.codes().await.len(), stored.len() + 1);
    });
}

#[test]
fn a_group_that_the_engine_rolled_back_is_told_so() {
    on_sqlite_in_order(|place| async move {
        let lite = lite(&place);
        let first = lite.writer().lock().await;
        let (db, pool) = (place.db.clone(), place.pool);
        let neighbour = tokio::spawn(async move {
            let mut tx = db.begin();
            add(&mut tx, pool, "a").await.unwrap();
            tx.commit().await
        });
        yield_now().await;
        let db = place.db.clone();
        let breaker = tokio::spawn(async move {
            // OR ROLLBACK ends the whole physical transaction, as a full disk may.
            let mut tx = db.begin();
            let text = "INSERT OR ROLLBACK INTO pools (id, name, code, secret_enc, created_at, \
                        updated_at) SELECT id, name, code, '', 0, 0 FROM pools";
            let failed = tx.execute(text, values![]).await;
            assert!(failed.unwrap_err().conflict_index().is_some());
            tx.rollback().await
        });
        yield_now().await;
        drop(first);
        breaker.await.unwrap().unwrap();
        assert!(matches!(neighbour.await.unwrap(), Err(Error::Batch)));
        let mut next = place.begin();
        add(&mut next, place.pool, "b").await.unwrap();
        next.commit().await.unwrap();
        assert_eq!(place.codes().await, ["b"]);
    });
}
