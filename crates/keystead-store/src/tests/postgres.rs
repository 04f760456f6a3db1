//! What PostgreSQL alone can do to us.

use super::place::{Heard, Place, add, beside, on_empty_postgres, on_postgres};
use crate::{Db, Error, Target, values};
use keystead_model::{Change, ChangeKind, Secret};

#[test]
fn a_connection_lost_at_commit_is_unknown_and_its_notes_are_applied() {
    on_postgres(|place| async move {
        let mut tx = place.begin();
        add(&mut tx, place.pool, "a").await.unwrap();
        let pid = "SELECT CAST(pg_backend_pid() AS BIGINT)";
        let (pid,) = tx.one::<(i64,)>(pid, values![]).await.unwrap();
        beside(&place.target, &format!("SELECT pg_terminate_backend({pid})")).await;
        // Without a note nothing stands between this and COMMIT.
        let told = tx.commit().await;
        assert!(matches!(told, Err(Error::Unknown)), "{told:?}");
        let mut next = place.begin();
        add(&mut next, place.pool, "b").await.unwrap();
        next.commit().await.unwrap();
        assert_eq!(place.codes().await, ["b"]);
    });
}

#[test]
fn a_row_that_other_transactions_hold_is_waited_for_in_vain() {
    on_postgres(|place| async move {
        let mut holder = place.begin();
        let text = "UPDATE pools SET name = 'B' WHERE id = $1";
        holder.scoped(place.pool).execute(text, values![]).await.unwrap();
        let (db, pool) = (place.db.clone(), place.pool);
        let late = tokio::spawn(async move {
            let mut tx = db.begin();
            tx.execute("SET LOCAL lock_timeout = 20", values![]).await.unwrap();
            tx.scoped(pool).execute(text, values![]).await
        });
        let late = late.await.unwrap();
        assert!(matches!(late, Err(Error::Busy)), "{late:?}");
        holder.commit().await.unwrap();
    });
}

#[test]
fn a_statement_that_takes_too_long_is_cut_off() {
    on_postgres(|place| async move {
        let mut tx = place.begin();
        tx.execute("SET LOCAL statement_timeout = 20", values![]).await.unwrap();
        let slow = "UPDATE pools SET name = 'slow' WHERE pg_sleep(30) IS NOT NULL";
        let cut = tx.execute(slow, values![]).await;
        assert!(matches!(cut, Err(Error::Timeout)), "{cut:?}");
    });
}

#[test]
fn every_connection_has_its_limits() {
    on_postgres(|place| async move {
        let mut tx = place.begin();
        for (name, value) in [
            ("lock_timeout", "5s"),
            ("statement_timeout", "30s"),
            ("idle_in_transaction_session_timeout", "1min"),
            ("transaction_isolation", "read committed"),
            ("application_name", "keystead"),
        ] {
            let text = "SELECT current_setting($1)";
            let (found,) = tx.one::<(String,)>(text, values![name]).await.unwrap();
            assert_eq!(found, value, "{name}");
        }
    });
}

#[test]
fn an_exhausted_pool_refuses_its_holder_and_serves_the_next() {
    on_empty_postgres(|target| async move {
        let Target::Pg { url, .. } = target else { panic!("PostgreSQL expected") };
        let place = Place::open(Target::Pg { url, connections: 1 }).await;
        let mut holder = place.begin();
        add(&mut holder, place.pool, "a").await.unwrap();
        let nested = add(&mut place.begin(), place.pool, "b").await;
        assert!(matches!(nested, Err(Error::Nested)), "{nested:?}");
        let (db, pool) = (place.db.clone(), place.pool);
        let next = tokio::spawn(async move {
            let mut tx = db.begin();
            add(&mut tx, pool, "c").await?;
            tx.commit().await
        });
        tokio::task::yield_now().await;
        // Its own reads use the connection it has; after settling they wait for the commit.
        assert_eq!(super::place::codes(&mut holder, place.pool).await, ["a"]);
        holder.scoped(place.pool).note(Change::new(ChangeKind::User, "a"));
        holder.settle().await.unwrap();
        holder.settled().await.unwrap();
        next.await.unwrap().unwrap();
        assert_eq!(place.codes().await, ["a", "c"]);
    });
}

#[test]
fn nodes_that_start_together_migrate_once() {
    on_empty_postgres(|target| async move {
        let open = || Db::open(target.clone(), Heard::default().listener());
        let nodes = tokio::join!(open(), open(), open());
        let (a, b, c) = (nodes.0.unwrap(), nodes.1.unwrap(), nodes.2.unwrap());
        for db in [&a, &b, &c] {
            let text = "SELECT count(*) FROM schema_migrations";
            assert_eq!(db.begin().one::<(i64,)>(text, values![]).await.unwrap(), (1,));
        }
        beside(&target, "INSERT INTO schema_migrations VALUES (9000, '7.7.7', 0)").await;
        let newer = open().await.unwrap_err();
        assert!(matches!(newer, Error::Newer { found: 9_000, .. }), "{newer}");
        assert!(newer.to_string().contains("7.7.7"), "{newer}");
    });
}

#[test]
fn a_server_that_is_not_there_is_said_without_its_password() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for (url, unreachable) in [
        ("postgres://me:hunter2@127.0.0.1:1/x", true),
        ("postgres://me:hunter2@127.0.0.1:x/x", false),
        ("hunter2", false),
    ] {
        let target = Target::Pg { url: Secret::new(url), connections: 1 };
        let error = runtime.block_on(Db::open(target, Heard::default().listener())).unwrap_err();
        assert_eq!(matches!(error, Error::Unreachable(_)), unreachable, "{error:?}");
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{error}");
    }
}
