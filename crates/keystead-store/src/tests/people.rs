//! Lists of users: their texts run on both engines, and their plans name an index (row 63).

use super::place::{Place, id, on_postgres, on_sqlite};
use crate::list::people::{self, Bound, Field, Filter, Keyword, Op, Sort};
use crate::users::{self, User, UserKeys};
use crate::{Tx, connections};
use keystead_model::{ConnectionId, Millis, UserId};
use serde_json::json;

#[test]
fn lists_on_sqlite() {
    on_sqlite(lists);
}

#[test]
fn lists_on_postgres() {
    on_postgres(lists);
}

async fn directory(tx: &mut Tx, place: &Place) -> ConnectionId {
    let directory = ConnectionId(id());
    connections::insert(&mut tx.scoped(place.pool), directory, "d", "local", Millis(1))
        .await
        .unwrap();
    directory
}

async fn add(tx: &mut Tx, place: &Place, directory: ConnectionId, n: i64) {
    let email = format!("user{n}@example.com");
    let user = User {
        id: UserId(id()),
        directory_id: directory,
        status: if n == 7 { "archived" } else { "activated" }.to_owned(),
        status_at: Millis(n),
        source: "admin".to_owned(),
        source_id: None,
        register_source: Vec::new(),
        username: (n % 2 == 0).then(|| format!("name{n}")),
        email: Some(email.clone()),
        email_verified: false,
        phone: None,
        phone_country: None,
        phone_verified: false,
        external_id: None,
        name: Some(format!("Person 100% {n}")),
        nickname: None,
        given_name: None,
        family_name: None,
        photo: None,
        gender: "U".to_owned(),
        locale: None,
        profile: json!({}),
        user_data: json!({}),
        admin_data: json!({}),
        expires_at: None,
        created_at: Millis(n),
        updated_at: Millis(n),
    };
    let keys = UserKeys { username: user.username.clone(), email: Some(email), phone: None };
    let mut s = tx.scoped(place.pool);
    users::insert(&mut s, &user, &keys, &format!("q|{n}")).await.unwrap();
    let terms = [("person".to_owned(), "name"), (format!("n{n}"), "nickname")];
    users::set_terms(&mut s, user.id, &terms, n % 2 == 0).await.unwrap();
}

fn everybody() -> Filter {
    Filter::All(Vec::new())
}

fn filters() -> Vec<(Filter, usize)> {
    let text = |text: &str| vec![Bound::Text(text.to_owned())];
    let number = |n| vec![Bound::Number(n)];
    let is = |field, op, values| Filter::Is(field, op, values);
    let keyword = |word: &str, in_terms| {
        Filter::Starts(Keyword {
            word: word.into(),
            phone: Some("+8613".into()),
            keys: vec![Field::Email, Field::Username, Field::Phone, Field::Id],
            terms: if in_terms { vec!["name", "nickname"] } else { Vec::new() },
            in_terms,
        })
    };
    vec![
        (everybody(), 19),
        (is(Field::Email, Op::Equal, text("user3@example.com")), 1),
        (is(Field::Email, Op::In, vec![Bound::Text("user3@example.com".into())]), 1),
        (is(Field::Email, Op::In, Vec::new()), 0),
        (is(Field::Username, Op::IsNull, Vec::new()), 9),
        (is(Field::Username, Op::NotNull, Vec::new()), 10),
        (is(Field::Username, Op::NotEqual, text("name2")), 18),
        (is(Field::Name, Op::Contains, text("N 100% 1")), 11),
        (is(Field::Name, Op::Contains, text("100_")), 0),
        (is(Field::Name, Op::NotContains, text("100% 1")), 8),
        (is(Field::UpdatedAt, Op::Between, vec![Bound::Number(3), Bound::Number(5)]), 3),
        (is(Field::Logins, Op::AtLeast, number(1)), 0),
        (is(Field::PasswordAt, Op::AtMost, number(9)), 0),
        (is(Field::Status, Op::Equal, text("archived")), 1),
        (is(Field::SignedInTo, Op::In, text("app")), 0),
        (Filter::Not(Box::new(is(Field::LastIp, Op::Equal, text("::1")))), 19),
        (Filter::Any(Vec::new()), 0),
        (Filter::Any(vec![keyword("user1", false), keyword("n19", true)]), 11),
        (keyword("person", true), 19),
        (Filter::All(vec![keyword("person", true), keyword("name4", false)]), 1),
        (is(Field::Email, Op::Equal, text("' OR 1=1 --")), 0),
    ]
}

async fn lists(place: Place) {
    let mut tx = place.begin();
    let directory = directory(&mut tx, &place).await;
    for n in 0..20 {
        add(&mut tx, &place, directory, n).await;
    }
    tx.commit().await.unwrap();
    let mut tx = place.begin();
    for (filter, count) in filters() {
        let mut s = tx.scoped(place.pool);
        let rows = people::page(&mut s, &filter, &[], (50, 0)).await.unwrap();
        assert_eq!(rows.len(), count, "{filter:?}");
        assert_eq!(people::total(&mut s, &filter).await.unwrap() as usize, count, "{filter:?}");
        names_an_index(&mut tx, &place, &filter, &[]).await;
    }
    for field in [Field::Id, Field::UpdatedAt, Field::Username, Field::Logins, Field::Name] {
        for descending in [false, true] {
            let sort = [(field, descending)];
            let mut s = tx.scoped(place.pool);
            let rows = people::page(&mut s, &everybody(), &sort, (50, 0)).await.unwrap();
            assert_eq!(rows.len(), 19);
            if field == Field::Username {
                let last = &rows[18].0;
                assert!(last.username.is_none(), "what has no value comes last");
            }
            names_an_index(&mut tx, &place, &everybody(), &sort).await;
        }
    }
}

/// The plan of a page reads no table of the pool from end to end.
async fn names_an_index(tx: &mut Tx, place: &Place, filter: &Filter, sort: &[Sort]) {
    let mut built = people::page_text(filter, sort, (10, 0));
    let plan: Vec<String> = if place.is_sqlite() {
        built.explain("EXPLAIN QUERY PLAN ");
        let rows: Vec<(i64, i64, i64, String)> =
            tx.scoped(place.pool).list_built(&built).await.unwrap();
        rows.into_iter().map(|row| row.3).collect()
    } else {
        // With few rows a scan is cheaper; the question is whether an index could serve.
        built.explain("EXPLAIN ");
        tx.execute("SET LOCAL enable_seqscan = off", &[]).await.unwrap();
        let rows: Vec<(String,)> = tx.scoped(place.pool).list_built(&built).await.unwrap();
        tx.rollback().await.unwrap();
        rows.into_iter().map(|row| row.0).collect()
    };
    for line in &plan {
        let scan = line.contains("Seq Scan") || line.trim_start().starts_with("SCAN ");
        let fine = line.contains("INDEX") || line.contains("VIRTUAL") || line.contains("SUBQUERY");
        assert!(!scan || fine, "{filter:?} {sort:?}: {plan:#?}");
    }
}
