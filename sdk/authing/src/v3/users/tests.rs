//! Requests as unmodified clients send them, and as they must not.

use super::*;
use crate::v3::words::{Gender, UserStatus};
use keystead_endpoint::{Answer, Body, Caller, DecodeError, Endpoint, Input, Repeat, decode};

fn read<E: Endpoint>(query: &str, body: &str) -> Result<E, DecodeError> {
    decode(E::ROW, &Input { path: &[], query, body: body.as_bytes() })
}

#[test]
fn rows_are_those_of_the_contract() {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/data/v3_methods.tsv");
    let table = std::fs::read_to_string(table).unwrap();
    let contract: std::collections::HashSet<(&str, &str)> = table
        .lines()
        .filter_map(|line| {
            let mut columns = line.split('\t').skip(2);
            Some((columns.next()?, columns.next()?))
        })
        .collect();
    for row in ENDPOINTS {
        assert!(contract.contains(&(row.method, row.path())), "{row:?}");
        let body = if row.method == "GET" { Body::Query } else { Body::Json };
        assert_eq!(row.body, body, "{row:?}");
        // What shows a user's secret takes more than the right to read.
        let reads = matches!(row.permission, "user:read" | "role:read");
        let shows = row.permission == "user:update" && row.doc.contains("secret");
        assert!(row.method == "POST" || reads || shows, "{row:?}");
    }
    for row in ENDPOINTS {
        assert_eq!((row.caller, row.answer, row.area), (Caller::Admin, Answer::Envelope, "users"));
    }
    assert_eq!(ListUsers::ROW.repeat, Repeat::Safe);
}

#[test]
fn requests_of_unmodified_clients_are_read() {
    let get: GetUser =
        read("userId=u1&userIdType=external_id&withCustomData=true&withPost=false", "").unwrap();
    assert_eq!((get.user_id.as_str(), get.user_id_type), ("u1", Some(UserIdType::ExternalId)));
    assert_eq!((get.with_custom_data, get.with_post), (Some(true), Some(false)));

    let create: CreateUser = read(
        "",
        r#"{"status":"Activated","email":"a@b.c","gender":"F","password":"pw","phone":null,
        "customData":{"k":[1]},"options":{"passwordEncryptType":"none","keepPassword":false},
        "identities":[{"extIdpId":"e","provider":"azure-ad","type":"openid","userIdInIdp":"x",
        "userInfoInIdp":{},"originConnIds":[]}],"fromTheFuture":1}"#,
    )
    .unwrap();
    assert_eq!((create.status, create.gender), (Some(UserStatus::Activated), Some(Gender::F)));
    assert_eq!(create.password.unwrap().expose(), "pw");

    let list: ListUsers = read(
        "",
        r#"{"page":1,"keywords":"k","options":{"pagination":{"page":2,"limit":50},
        "sort":[{"field":"createdAt","order":"desc"}],"fuzzySearchOn":["username"]},
        "advancedFilter":[{"field":"gender","operator":"IN","value":["M"]}]}"#,
    )
    .unwrap();
    let pagination = list.options.unwrap().pagination.unwrap();
    assert_eq!((pagination.page, pagination.limit), (Some(2), Some(50)));
    assert!(read::<ListUsers>("", "").unwrap().options.is_none());

    let update: UpdateUser =
        read("", r#"{"userId":"u","nickname":null,"name":"","options":{"userIdType":"email"}}"#)
            .unwrap();
    assert_eq!((update.nickname.as_deref(), update.name.as_deref()), (Some(""), Some("")));
    assert!(update.username.is_none(), "what is left out stays");
    let batch: GetUserBatch = read("userIds[]=a&userIds[]=b&userIdType=username", "").unwrap();
    assert_eq!(batch.user_ids, ["a", "b"]);
}

#[test]
fn wrong_requests_name_the_field() {
    let told = |error: Option<DecodeError>| error.and_then(|e| e.field).unwrap_or_default();
    for (query, field) in [
        ("", "userId"),
        ("userId=a&userIdType=uid", "userIdType"),
        ("userId=a&withPost=yes", "withPost"),
        ("userId=a&userId=b", "userId"),
    ] {
        assert_eq!(told(read::<GetUser>(query, "").err()), field, "{query}");
    }
    for (body, field) in [
        (r#"{"status":"activated"}"#, "status"),
        (r#"{"gender":1}"#, "gender"),
        (r#"{"emailVerified":"true"}"#, "emailVerified"),
        (r#"{"options":{"passwordEncryptType":"aes"}}"#, "options.passwordEncryptType"),
        (r#"{"customData":[]}"#, "customData"),
        (r#"{"identities":[{"extIdpId":"e","provider":"myspace"}]}"#, "identities[0].provider"),
    ] {
        assert_eq!(told(read::<CreateUser>("", body).err()), field, "{body}");
    }
    for (body, field) in [
        (r#"{"options":{"pagination":{"page":"1"}}}"#, "options.pagination.page"),
        (r#"{"options":{"sort":[{"field":"shoe","order":"asc"}]}}"#, "options.sort[0].field"),
        (r#"{"advancedFilter":[{"field":"a"}]}"#, "advancedFilter[0].operator"),
    ] {
        assert_eq!(told(read::<ListUsers>("", body).err()), field, "{body}");
    }
}
