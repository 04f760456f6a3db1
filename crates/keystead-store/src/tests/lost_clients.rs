//! Futures dropped while a statement runs or a place in the queue is held.

use super::on_both;
use super::place::{Place, add, on_empty_postgres};
use crate::{Target, values};
use std::time::Duration;
use tokio::time::{sleep, timeout};

on_both! { a_waiter_that_goes_leaves_the_queue }

async fn a_waiter_that_goes_leaves_the_queue(place: Place) {
    let mut holder = place.begin();
    add(&mut holder, place.pool, "a").await.unwrap();
    holder.scoped(place.pool).serial("k").await.unwrap();
    let waiters = (0..12).map(|n| {
        let (db, pool) = (place.db.clone(), place.pool);
        tokio::spawn(async move {
            let mut tx = db.begin();
            let work = async {
                tx.scoped(pool).serial("k").await?;
                add(&mut tx, pool, &format!("b{n:02}")).await?;
                tx.commit().await
            };
            // Every second one loses patience.
            let patience = Duration::from_millis(if n % 2 == 0 { 10 } else { 60_000 });
            timeout(patience, work).await
        })
    });
    let waiters: Vec<_> = waiters.collect();
    sleep(Duration::from_millis(100)).await;
    holder.commit().await.unwrap();
    let mut stored = vec!["a".to_owned()];
    for (n, waiter) in waiters.into_iter().enumerate() {
        match waiter.await.unwrap() {
            Ok(done) => {
                done.unwrap();
                stored.push(format!("b{n:02}"));
            }
            Err(_) => assert_eq!(n % 2, 0),
        }
    }
    assert_eq!(stored.len(), 7);
    assert_eq!(place.codes().await, stored);
}

#[test]
fn statements_dropped_half_way_give_their_connections_back_clean() {
    on_empty_postgres(|target| async move {
        let Target::Pg { url, .. } = target else { panic!("PostgreSQL expected") };
        let place = Place::open(Target::Pg { url, connections: 2 }).await;
        for round in 0..3 {
            let tasks = [0, 1].map(|n| {
                let (db, pool) = (place.db.clone(), place.pool);
                tokio::spawn(async move {
                    let mut tx = db.begin();
                    if n == 0 {
                        add(&mut tx, pool, "lost").await.unwrap();
                    }
                    let slow = "UPDATE pools SET name = 'slow' WHERE pg_sleep(0.2) IS NOT NULL";
                    tx.execute(slow, values![]).await
                })
            });
            sleep(Duration::from_millis(50)).await;
            for task in tasks {
                task.abort();
                assert!(task.await.unwrap_err().is_cancelled());
            }
            let mut next = place.begin();
            add(&mut next, place.pool, &format!("{round}")).await.unwrap();
            next.commit().await.unwrap();
        }
        assert_eq!(place.codes().await, ["0", "1", "2"]);
        let text = "SELECT name FROM pools WHERE id = $1";
        let mut tx = place.begin();
        let (name,) = tx.scoped(place.pool).one::<(String,)>(text, values![]).await.unwrap();
        assert_eq!(name, "A");
        let text = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND state LIKE 'idle in transaction%'";
        assert_eq!(tx.one::<(i64,)>(text, values![]).await.unwrap(), (0,));
    });
}
