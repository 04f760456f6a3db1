//! Every list is walked, each with its page numbers where the server reads them.

use super::*;
use crate::v3::ENDPOINTS;
use serde::Serialize;
use serde_json::{Value, json};

fn asked<E: Paged + Serialize>(mut request: E, page: u32) -> Value {
    assert!(request.turn_to(page));
    serde_json::to_value(request).unwrap()
}

#[test]
fn every_list_can_be_walked() {
    let walked: Vec<&str> = LISTS.iter().map(|row| row.name).collect();
    for row in ENDPOINTS.iter().copied().flatten() {
        let lists = row.doc.starts_with("List ")
            || row.name.starts_with("list_")
            || row.name.ends_with("_list");
        assert!(!lists || walked.contains(&row.name), "name the request of {} here", row.name);
    }
}

#[cfg(feature = "schema")]
#[test]
fn every_answer_of_items_with_their_number_can_be_walked() {
    let mut generator = schemars::SchemaGenerator::default();
    let rows = crate::v3::schemas(&mut generator);
    let definitions = Value::Object(generator.take_definitions(true));
    for (row, _, answer) in rows {
        let name = answer.get("$ref").and_then(Value::as_str).unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or_default();
        let counted = definitions[name]["properties"].get("totalCount").is_some();
        assert!(!counted || LISTS.contains(&row), "name the request of {} here", row.name);
    }
    assert!(definitions.as_object().is_some_and(|all| all.len() > 50));
}

#[test]
fn page_numbers_stand_where_the_server_reads_them() {
    let members = roles::ListRoleMembers { code: "c".into(), ..Default::default() };
    assert_eq!(asked(members, 3), json!({ "code": "c", "page": 3, "limit": 50 }));
    let logs = audit_logs::GetUserActionLogs::default();
    assert_eq!(asked(logs, 2), json!({ "pagination": { "page": 2, "limit": 50 } }));
    let pagination = Some(Pagination { page: Some(9), limit: Some(7) });
    let options = Some(users::ListUsersOptions { pagination, ..Default::default() });
    let expected = json!({ "options": { "pagination": { "page": 1, "limit": 7 } } });
    assert_eq!(asked(users::ListUsers { options, ..Default::default() }, 1), expected);

    let fields = custom_fields::ListCustomFields::of(roles::TargetType::User);
    let expected = json!({ "targetType": "USER", "page": 4, "limit": 50 });
    assert_eq!(asked(custom_fields::ListUserBaseFields(fields), 4), expected);
}

#[test]
fn what_comes_whole_has_one_page() {
    let mut keys = access_keys::ListAccessKey::default();
    assert!(keys.turn_to(1) && !keys.turn_to(2));
    assert_eq!(serde_json::to_value(keys).unwrap(), json!({}));
}
