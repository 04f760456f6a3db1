//! The feed: what one node commits, another hears.

use super::place::{Heard, Place, add, beside, beside_server, on_postgres, on_sqlite};
use crate::{Db, Feed};
use keystead_model::{Change, ChangeKind};
use std::time::Duration;
use tokio::time::sleep;

async fn until(mut done: impl FnMut() -> bool) {
    while !done() {
        sleep(Duration::from_millis(5)).await;
    }
}

/// A second node beside the place's own.
async fn node(place: &Place) -> (Db, Feed, Heard) {
    let db = Db::open(place.target.clone(), Heard::default().listener()).await.unwrap();
    let heard = Heard::default();
    let feed = db.spawn_feed(heard.listener());
    until(|| feed.is_fresh()).await;
    (db, feed, heard)
}

#[test]
fn the_only_node_is_always_fresh() {
    on_sqlite(|place| async move {
        let feed = place.db.spawn_feed(Heard::default().listener());
        assert!(feed.is_fresh());
    });
}

#[test]
fn another_node_hears_what_is_committed_and_nothing_else() {
    on_postgres(|place| async move {
        let (_db, _feed, heard) = node(&place).await;
        let mut tx = place.begin();
        add(&mut tx, place.pool, "a").await.unwrap();
        tx.scoped(place.pool).note(Change::new(ChangeKind::User, "rolled back"));
        tx.rollback().await.unwrap();
        add(&mut tx, place.pool, "a").await.unwrap();
        tx.scoped(place.pool).note(Change::new(ChangeKind::User, "with a row"));
        tx.note(Change::new(ChangeKind::Jobs, "bare"));
        tx.commit().await.unwrap();
        let has = |key: &str| heard.keys().iter().any(|k| k == key);
        until(|| has("with a row") && has("bare")).await;
        assert!(!has("rolled back"));

        let text = "SELECT pool_id, kind, key FROM changes";
        let rows = place.begin().list::<(String, String, String)>(text, &[]).await.unwrap();
        let row = (place.pool.to_string(), "user".to_owned(), "with a row".to_owned());
        assert_eq!(rows, [row]);
    });
}

#[test]
fn the_poll_finds_what_no_notification_told() {
    on_postgres(|place| async move {
        let (_db, _feed, heard) = node(&place).await;
        let insert = format!(
            "INSERT INTO changes (id, pool_id, kind, key, at) SELECT 'x' || k, '{}', k, 'by ' || k,
             CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) - age
             FROM (VALUES ('user', 0), ('unknown', 0), ('grant', 60000)) AS v (k, age)",
            place.pool
        );
        beside(&place.target, &insert).await;
        until(|| heard.keys().len() > 1).await;
        // Three polls later it is still told once, and neither the unknown nor the old one.
        sleep(Duration::from_millis(1_300)).await;
        // A new connection begins with everything forgotten.
        assert_eq!(heard.keys(), ["*", "by user"]);
    });
}

#[test]
fn a_lost_feed_says_so_and_comes_back() {
    on_postgres(|place| async move {
        let (_db, feed, heard) = node(&place).await;
        let name = place.database();
        beside_server(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
        beside_server(&format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        ))
        .await;
        until(|| !feed.is_fresh()).await;
        beside_server(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
        until(|| feed.is_fresh()).await;
        let mut tx = place.begin();
        add(&mut tx, place.pool, "a").await.unwrap();
        tx.scoped(place.pool).note(Change::new(ChangeKind::User, "back"));
        tx.commit().await.unwrap();
        until(|| heard.keys().iter().any(|key| key == "back")).await;
        let forgotten = heard.keys().iter().filter(|key| *key == "*").count();
        assert!(forgotten >= 2, "told again after the gap: {forgotten}");
    });
}

#[test]
fn the_notes_of_a_pool_that_goes_do_not_hold_it() {
    on_postgres(|place| async move {
        let mut tx = place.begin();
        let mut s = tx.scoped(place.pool);
        s.execute("DELETE FROM pools WHERE id = $1", &[]).await.unwrap();
        s.note(Change::new(ChangeKind::Pool, place.pool));
        tx.commit().await.unwrap();
        assert_eq!(place.heard(), [place.pool.to_string()]);
    });
}
