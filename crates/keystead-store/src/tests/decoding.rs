//! Values in, values out, the same on both engines.

use super::on_both;
use super::place::{Place, add, id};
use crate::row::Join;
use crate::{Error, row, sql, values};
use keystead_model::{Id, Millis};
use serde_json::json;

on_both! {
    every_type_comes_back,
    parameters_may_stand_in_any_order,
    returning_does_all_its_work,
    rows_of_a_join_stand_side_by_side,
    values_and_rows_that_do_not_fit_are_refused,
    a_scoped_text_must_use_the_pool,
    more_parameters_than_names,
}

row! { things;
    /// One column of each type.
    #[derive(PartialEq)]
    struct Thing {
        id: Id,
        name: Option<String>,
        at: Millis,
        small: u32,
        on: bool,
        data: serde_json::Value,
        words: Vec<String>,
        raw: Option<Vec<u8>>,
    }
}

async fn every_type_comes_back(place: Place) {
    let mut tx = place.begin();
    tx.execute(
        "CREATE TABLE things (id TEXT COLLATE \"binary\" PRIMARY KEY, name TEXT, at BIGINT, \
         small BIGINT, \"on\" BOOLEAN, data TEXT, words TEXT, raw BYTEA)",
        values![],
    )
    .await
    .unwrap();
    let things = [
        Thing {
            id: id(),
            name: Some("Zoë ☃ '$1' \"".into()),
            at: Millis(i64::MAX),
            small: u32::MAX,
            on: true,
            data: json!({"a": [1, null, "ü"], "b": {}}),
            words: vec!["x, \"y\"".into(), String::new()],
            raw: Some(vec![0, 255, 39]),
        },
        Thing {
            id: id(),
            name: None,
            at: Millis(i64::MIN),
            small: 0,
            on: false,
            data: json!(null),
            words: vec![],
            raw: None,
        },
    ];
    let text = sql!("INSERT INTO things VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    for t in &things {
        let values = values![t.id, &t.name, t.at, t.small, t.on, &t.data, &t.words, &t.raw];
        assert_eq!(tx.execute(text, values).await.unwrap(), 1);
    }
    let text = "SELECT id, name, at, small, \"on\", data, words, raw FROM things ORDER BY id";
    assert_eq!(tx.list::<Thing>(text, values![]).await.unwrap(), things);
    let text = "SELECT count(*) FROM things WHERE \"on\" = $2 AND raw = $1";
    let raw: &[u8] = &[0, 255, 39];
    assert_eq!(tx.one::<(i64,)>(text, values![raw, true]).await.unwrap(), (1,));
}

async fn parameters_may_stand_in_any_order(place: Place) {
    let mut tx = place.begin();
    let text = "INSERT INTO seen (key_hash, kind, expires_at, pool_id) VALUES ($3, $2, $4, $1)";
    tx.scoped(place.pool).execute(text, values!["kind", "hash", 7_i64]).await.unwrap();
    let text = "SELECT kind, key_hash, expires_at FROM seen \
                WHERE expires_at = $2 AND $2 = expires_at AND pool_id = $1";
    let row = tx.scoped(place.pool).one::<(String, String, i64)>(text, values![7_i64]).await;
    assert_eq!(row.unwrap(), ("kind".into(), "hash".into(), 7));
}

async fn returning_does_all_its_work(place: Place) {
    let mut tx = place.begin();
    for code in ["a", "b", "c"] {
        add(&mut tx, place.pool, code).await.unwrap();
    }
    let text = "UPDATE namespaces SET name = code WHERE pool_id = $1 RETURNING code";
    let first = tx.scoped(place.pool).optional::<(String,)>(text, values![]).await.unwrap();
    assert!(first.is_some());
    let text = "SELECT count(*) FROM namespaces WHERE name = code";
    assert_eq!(tx.one::<(i64,)>(text, values![]).await.unwrap(), (3,));
    let text = "DELETE FROM namespaces WHERE pool_id = $1 AND code <> 'a'";
    assert_eq!(tx.scoped(place.pool).execute(text, values![]).await.unwrap(), 2);
    assert_eq!(tx.scoped(place.pool).execute(text, values![]).await.unwrap(), 0);
}

async fn rows_of_a_join_stand_side_by_side(place: Place) {
    row! {
        struct Named { id: Id, code: String }
    }
    let mut tx = place.begin();
    add(&mut tx, place.pool, "a").await.unwrap();
    let text = sql!(
        "SELECT {n.Named}, p.id, p.code FROM namespaces n JOIN pools p ON p.id = n.pool_id \
         WHERE p.id = $1",
        Named
    );
    let Join(left, right) =
        tx.scoped(place.pool).one::<Join<Named, Named>>(text, values![]).await.unwrap();
    assert_eq!((left.code.as_str(), right.id), ("a", place.pool.0));
    assert_ne!(left.id, right.id);
}

async fn values_and_rows_that_do_not_fit_are_refused(place: Place) {
    let mut tx = place.begin();
    let text = "SELECT code FROM pools WHERE id = $1";
    for values in [values![], values!["a", "b"]] {
        let error = tx.optional::<(String,)>(text, values).await.unwrap_err();
        assert!(error.to_string().contains("values"), "{error}");
    }
    let pool = place.pool;
    let wide = tx.optional::<(String, String)>(text, values![pool]).await.unwrap_err();
    assert!(wide.to_string().contains("takes more"), "{wide}");
    let kind = tx.optional::<(i64,)>(text, values![pool]).await.unwrap_err();
    assert!(kind.to_string().contains("code holds a text"), "{kind}");
    let none = tx.one::<(String,)>(text, values!["nobody"]).await.unwrap_err();
    assert!(matches!(none, Error::Other(_)), "{none}");
}

async fn a_scoped_text_must_use_the_pool(place: Place) {
    let mut tx = place.begin();
    let text = "SELECT code FROM pools";
    let error = tx.scoped(place.pool).list::<(String,)>(text, values![]).await.unwrap_err();
    assert!(error.to_string().contains("the pool as $1"), "{error}");
}

async fn more_parameters_than_names(place: Place) {
    let names: Vec<String> = (1..=40).map(|n| format!("CAST(${n} AS BIGINT)")).collect();
    let text: &'static str = format!("SELECT {}", names.join(" + 2 * ")).leak();
    let values: Vec<_> = (1..=40_i64).map(crate::Value::from).collect();
    let (sum,) = place.begin().one::<(i64,)>(text, &values).await.unwrap();
    assert_eq!(sum, 1 + 2 * (2..=40).sum::<i64>());
}
