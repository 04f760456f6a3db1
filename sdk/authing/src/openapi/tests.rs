//! The description holds together: every row is there, every reference leads somewhere.

use super::*;
use std::collections::HashSet;

/// Every operation with its method and path.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| {
        let item = item.as_object().unwrap().clone();
        let path = path.clone();
        item.into_iter().map(move |(method, operation)| (method, path.clone(), operation))
    };
    paths.iter().flat_map(of_path).collect()
}

#[test]
fn every_row_is_an_operation_with_a_name_of_its_own() {
    let document = document();
    let operations = operations(&document);
    let ids: HashSet<&str> =
        operations.iter().map(|(.., op)| op["operationId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), operations.len());
    let rows: Vec<_> = v3::ENDPOINTS.iter().copied().flatten().collect();
    assert_eq!(operations.len(), rows.iter().map(|row| row.paths.len()).sum::<usize>());
    for row in rows {
        let method = row.method.to_ascii_lowercase();
        let found = operations.iter().find(|(m, path, _)| *m == method && path == row.path());
        let (.., operation) = found.unwrap_or_else(|| panic!("{} is missing", row.name));
        assert_eq!(operation["operationId"], row.name);
        assert_eq!(operation["tags"], json!([row.area]));
        let answer = &operation["responses"]["200"];
        assert!(answer["description"].is_string(), "{}", row.name);
        let has_body = operation.get("requestBody").is_some();
        assert_eq!(has_body, row.method != "GET" && row.method != "DELETE", "{}", row.name);
        let placeholders = row.path().matches('{').count();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let in_path = parameters.iter().filter(|one| one["in"] == "path").count();
        assert_eq!(in_path, placeholders, "{}", row.name);
    }
}

#[test]
fn a_request_under_a_name_of_its_row_has_its_parameters() {
    let document = document();
    for path in ["get-user", "get-user-identities", "get-user-mfa-info"] {
        let parameters = &document["paths"][format!("/api/v3/{path}")]["get"]["parameters"];
        let has_id = |one: &Value| one["name"] == "userId" && one["required"] == true;
        assert!(parameters.as_array().is_some_and(|all| all.iter().any(has_id)), "{path}");
    }
}

#[test]
fn every_reference_leads_to_a_schema_and_every_schema_is_referred_to() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let named: HashSet<String> = references(&document).into_iter().collect();
    let there: HashSet<String> = schemas.keys().cloned().collect();
    assert_eq!(named, there);
    let mut texts = Vec::new();
    collect(&document, "$ref", &mut texts);
    for text in texts {
        assert!(text.starts_with("#/components/schemas/"), "{text}");
    }
}

fn collect(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, key, found)),
        Value::Object(fields) => {
            found.extend(fields.get(key).and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|inner| collect(inner, key, found));
        }
        _ => {}
    }
}

#[test]
fn security_names_are_declared() {
    let document = document();
    let declared = document["components"]["securitySchemes"].as_object().unwrap();
    for (.., operation) in operations(&document) {
        for choice in operation["security"].as_array().unwrap() {
            assert!(choice.as_object().unwrap().keys().all(|name| declared.contains_key(name)));
        }
    }
}

#[test]
fn answers_stand_in_the_envelope_and_queries_are_parameters() {
    let document = document();
    let get = &document["paths"]["/api/v3/get-user"]["get"];
    let user = get["parameters"].as_array().unwrap().iter().find(|p| p["name"] == "userId");
    assert_eq!(user.unwrap()["required"], true);
    let shapes = &get["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"];
    assert_eq!(shapes[0]["properties"]["data"]["$ref"], "#/components/schemas/UserDto");
    assert_eq!(shapes[1]["$ref"], "#/components/schemas/Refusal");
    let gone = &document["paths"]["/api/v3/delete-access-key"]["post"];
    let shapes = &gone["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"];
    assert!(shapes[0]["properties"].get("data").is_none());
    assert_eq!(gone["x-permission"], "access_key:delete");
    let user = &document["components"]["schemas"]["UserDto"]["properties"]["userId"];
    assert_eq!(user["description"], "Its id.");
}
