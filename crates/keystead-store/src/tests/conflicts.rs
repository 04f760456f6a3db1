//! Conflicts and other refusals, the same on both engines.

use super::on_both;
use super::place::{Place, add, id};
use crate::{Error, Result, values};

on_both! {
    conflicts_name_their_index,
    a_missing_parent_is_refused_at_once,
    a_missing_value_is_refused,
    to_go_on_after_a_conflict_do_nothing,
    what_postgres_cannot_store_is_refused_by_both,
}

async fn twice(place: &Place, text: &'static str, values: &[crate::Value<'_>]) -> Result<()> {
    let mut tx = place.begin();
    tx.scoped(place.pool).execute(text, values).await.unwrap();
    let second = tx.scoped(place.pool).execute(text, values).await;
    tx.rollback().await.unwrap();
    second.map(|_| ())
}

async fn conflicts_name_their_index(place: Place) {
    let mut tx = place.begin();
    tx.execute("CREATE TABLE words (word TEXT, owner TEXT)", values![]).await.unwrap();
    tx.execute("CREATE UNIQUE INDEX words_lower_key ON words (lower(word))", values![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let (fixed, user) = (id(), id());
    let cases = [
        (
            "pools_code_key",
            twice(
                &place,
                "INSERT INTO pools (id, name, code, secret_enc, created_at, updated_at) \
                 SELECT CAST(count(*) AS TEXT), $1, 'code', '', 0, 0 FROM pools",
                values![],
            )
            .await,
        ),
        (
            "settings_pkey",
            twice(
                &place,
                "INSERT INTO settings (pool_id, scope, created_at, updated_at) \
                 VALUES ($1, 'pool', 0, 0)",
                values![],
            )
            .await,
        ),
        (
            "tombstones_pkey",
            twice(
                &place,
                "INSERT INTO tombstones (pool_id, id, kind, target_id, created_at) \
                 SELECT $1, $2, 'a', CAST(count(*) AS TEXT), 0 FROM tombstones",
                values![fixed],
            )
            .await,
        ),
        (
            "words_lower_key",
            twice(&place, "INSERT INTO words (owner, word) VALUES ($1, 'Word')", values![]).await,
        ),
        (
            "seen_pkey",
            twice(
                &place,
                "INSERT INTO seen (pool_id, kind, key_hash, expires_at) VALUES ($1, 'a', $2, 0)",
                values![user],
            )
            .await,
        ),
    ];
    for (index, result) in cases {
        let error = result.unwrap_err();
        assert_eq!(error.conflict_index(), Some(index), "{error}");
    }
}

async fn a_missing_parent_is_refused_at_once(place: Place) {
    let mut tx = place.begin();
    let refused = tx
        .scoped(place.pool)
        .execute(
            "INSERT INTO roles (pool_id, id, namespace_id, code, name, created_at, updated_at) \
             VALUES ($1, 'r', 'nowhere', 'r', 'r', 0, 0)",
            values![],
        )
        .await;
    assert!(matches!(refused, Err(Error::Check(_))), "{refused:?}");
}

async fn a_missing_value_is_refused(place: Place) {
    let mut tx = place.begin();
    let nothing: Option<&str> = None;
    let refused = tx
        .scoped(place.pool)
        .execute("UPDATE pools SET name = $2 WHERE id = $1", values![nothing])
        .await;
    assert!(matches!(refused, Err(Error::Check(_))), "{refused:?}");
}

async fn to_go_on_after_a_conflict_do_nothing(place: Place) {
    let mut tx = place.begin();
    let text = "INSERT INTO seen (pool_id, kind, key_hash, expires_at) VALUES ($1, 'a', $2, 0) \
                ON CONFLICT (pool_id, kind, key_hash) DO NOTHING RETURNING kind";
    let mut s = tx.scoped(place.pool);
    assert!(s.optional::<(String,)>(text, values!["k"]).await.unwrap().is_some());
    assert!(s.optional::<(String,)>(text, values!["k"]).await.unwrap().is_none());
    tx.commit().await.unwrap();
}

async fn what_postgres_cannot_store_is_refused_by_both(place: Place) {
    let mut tx = place.begin();
    let refused = add(&mut tx, place.pool, "a\0b").await;
    assert!(matches!(refused, Err(Error::Nul)), "{refused:?}");
}
