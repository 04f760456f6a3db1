//! Requests as unmodified clients send them, and as they must not.

use super::*;
use crate::v3::moment::Moment;
use keystead_endpoint::{Body, DecodeError, Endpoint, Input, decode};

fn read<E: Endpoint>(query: &str, body: &str) -> Result<E, DecodeError> {
    decode(E::ROW, &Input { path: &[], query, body: body.as_bytes() })
}

#[test]
fn rows_are_those_of_the_contract() {
    let get: Vec<_> =
        ENDPOINTS.iter().filter(|row| row.body == Body::Query).map(|row| row.path()).collect();
    let expected = [
        "/api/v3/get-role",
        "/api/v3/list-roles",
        "/api/v3/list-role-members",
        "/api/v3/list-role-departments",
        "/api/v3/list-role-assignments",
        "/api/v3/get-role-authorized-resources",
    ];
    assert_eq!((get.as_slice(), ENDPOINTS.len()), (expected.as_slice(), 19));
}

#[test]
fn requests_of_unmodified_clients_are_read() {
    let create: CreateRole =
        read("", r#"{"code":"a","disableTime":"1700000000000","namespace":null}"#).unwrap();
    assert_eq!(create.disable_time, Some(Moment(1_700_000_000_000)));
    for (body, want) in [
        (r#"{"code":"a"}"#, None),
        (r#"{"code":"a","disableTime":null}"#, Some(None)),
        (r#"{"code":"a","disableTime":5}"#, Some(Some(Moment(5)))),
    ] {
        assert_eq!(read::<UpdateRole>("", body).unwrap().disable_time, want, "{body}");
    }
    let list: ListRoleAssignments =
        read("roleCode=a&targetType=USER&targetType=DEPARTMENT", "").unwrap();
    assert_eq!(list.target_type, Some(vec![TargetType::User, TargetType::Department]));
    let assign: AssignRole = read(
        "",
        r#"{"code":"a","targets":[{"targetType":"USER","targetIdentifier":"u"}],"endTime":null}"#,
    )
    .unwrap();
    assert_eq!((assign.targets, assign.end_time), (vec![Target::user("u")], None));
}

#[test]
fn wrong_requests_name_the_field() {
    let told = |error: Option<DecodeError>| error.and_then(|e| e.field).unwrap_or_default();
    for (body, field) in [
        ("{}", "targets"),
        (r#"{"targets":{}}"#, "targets"),
        (r#"{"targets":[{"targetType":"USER"}]}"#, "targets[0].targetIdentifier"),
        (r#"{"targets":[{"targetType":"user","targetIdentifier":""}]}"#, "targets[0].targetType"),
        (r#"{"targets":[]}"#, "code"),
        (r#"{"targets":[],"code":7}"#, "code"),
    ] {
        assert_eq!(told(read::<AssignRole>("", body).err()), field, "{body}");
    }
    let update = read::<UpdateRole>("", r#"{"code":"a","status":"ON"}"#);
    assert_eq!(told(update.err()), "status");
    assert_eq!(told(read::<ListRoles>("page=first", "").err()), "page");
}
