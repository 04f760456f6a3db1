//! Requests as unmodified clients send them, and as they must not.

use super::*;
use crate::v3::roles::TargetType;
use keystead_endpoint::{DecodeError, Endpoint, Input, decode};
use serde_json::json;

fn read<E: Endpoint>(query: &str, body: &str) -> Result<E, DecodeError> {
    decode(E::ROW, &Input { path: &[], query, body: body.as_bytes() })
}

#[test]
fn requests_of_unmodified_clients_are_read() {
    let list: ListCustomFields =
        read("targetType=USER&dataType=ENUM&userVisible=true&page=2", "").unwrap();
    assert_eq!((list.data_type, list.user_visible), (Some(DataType::Enum), Some(true)));
    let set: SetCustomFields = read(
        "",
        r#"{"list":[{"targetType":"USER","dataType":"ENUM","key":"school","label":"学校",
        "options":[{"label":"北京大学","value":"pku"}],"encrypted":false,
        "i18n":{"label":{"zh-CN":{"enabled":true,"value":"学校"}}}}]}"#,
    )
    .unwrap();
    let field = &set.list[0];
    assert_eq!(field.options.as_ref().unwrap()[0].value, "pku");
    let data: SetCustomData = read(
        "",
        r#"{"targetType":"USER","targetIdentifier":"u","list":[{"key":"a","value":3},
        {"key":"b"}]}"#,
    )
    .unwrap();
    assert_eq!((&data.list[0].value, &data.list[1].value), (&json!(3), &Value::Null));
}

#[test]
fn wrong_requests_name_the_field() {
    let told = |error: Option<DecodeError>| error.and_then(|e| e.field).unwrap_or_default();
    for (query, field) in
        [("", "targetType"), ("targetType=CAT", "targetType"), ("targetType=USER&page=x", "page")]
    {
        assert_eq!(told(read::<ListCustomFields>(query, "").err()), field, "{query}");
    }
    for (body, field) in [
        ("{}", "list"),
        (r#"{"list":[{"targetType":"USER"}]}"#, "list[0].key"),
        (r#"{"list":[{"targetType":"USER","key":"a","dataType":"DATE"}]}"#, "list[0].dataType"),
        (r#"{"list":[{"targetType":"USER","key":"a","options":{}}]}"#, "list[0].options"),
        (r#"{"list":[{"targetType":"USER","key":"a","isUnique":1}]}"#, "list[0].isUnique"),
    ] {
        assert_eq!(told(read::<SetCustomFields>("", body).err()), field, "{body}");
    }
    let get = GetCustomData {
        target_type: TargetType::Role,
        target_identifier: "admin".into(),
        tenant_id: None,
        namespace: None,
    };
    assert_eq!(
        serde_json::to_value(&get).unwrap(),
        json!({"targetType": "ROLE", "targetIdentifier": "admin"})
    );
}
