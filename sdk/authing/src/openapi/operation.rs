//! One row as an operation of OpenAPI.

use super::parts::name_of;
use keystead_endpoint::{Answer, Body, Caller, EndpointRow};
use serde_json::{Map, Value, json};

/// The operation of a row, from the schemas of its request and its answer.
pub(super) fn operation(
    row: &EndpointRow,
    request: &Value,
    answer: &Value,
    schemas: &Map<String, Value>,
) -> Value {
    let mut fields = Map::new();
    fields.insert("operationId".into(), json!(row.name));
    fields.insert("summary".into(), json!(row.doc));
    fields.insert("tags".into(), json!([row.area]));
    fields.insert("security".into(), security(row.caller));
    if !row.permission.is_empty() {
        fields.insert("x-permission".into(), json!(row.permission));
    }
    let parameters = parameters(row, request, schemas);
    if !parameters.is_empty() {
        fields.insert("parameters".into(), Value::Array(parameters));
    }
    if let Some(body) = body(row, request, schemas) {
        fields.insert("requestBody".into(), body);
    }
    fields.insert("responses".into(), responses(row, answer));
    Value::Object(fields)
}

fn security(caller: Caller) -> Value {
    match caller {
        Caller::Open => json!([]),
        Caller::Admin => json!([{ "accessKey": [] }]),
        Caller::User => json!([{ "accessToken": [] }]),
        Caller::Client => json!([{ "clientSecret": [] }, { "clientId": [] }]),
    }
}

/// The parameters of the path, and those of the query where the request is one.
fn parameters(row: &EndpointRow, request: &Value, schemas: &Map<String, Value>) -> Vec<Value> {
    let schema = resolved(request, schemas);
    let required = |name: &str| {
        let list = schema.get("required").and_then(Value::as_array);
        list.is_some_and(|list| list.iter().any(|one| one == name))
    };
    let in_path: Vec<&str> = row.path().split('/').filter_map(placeholder).collect();
    let known = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let in_query = matches!(row.body, Body::Query | Body::Multipart);
    let mut parameters: Vec<Value> = in_path
        .iter()
        .map(|name| {
            let schema = known.get(*name).cloned().unwrap_or_else(|| json!({ "type": "string" }));
            parameter("path", name, schema, true)
        })
        .collect();
    for (name, schema) in known.iter().filter(|(name, _)| !in_path.contains(&name.as_str())) {
        if in_query {
            parameters.push(parameter("query", name, schema.clone(), required(name)));
        }
    }
    parameters
}

fn placeholder(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

fn parameter(place: &str, name: &str, mut schema: Value, required: bool) -> Value {
    let described = schema.as_object_mut().and_then(|fields| fields.remove("description"));
    let mut parameter =
        json!({ "in": place, "name": name, "required": required, "schema": schema });
    if let (Some(fields), Some(text)) = (parameter.as_object_mut(), described) {
        fields.insert("description".into(), text);
    }
    parameter
}

fn body(row: &EndpointRow, request: &Value, schemas: &Map<String, Value>) -> Option<Value> {
    let kind = match row.body {
        Body::None | Body::Query => return None,
        Body::Json => "application/json",
        Body::Form => "application/x-www-form-urlencoded",
        Body::Multipart => "multipart/form-data",
    };
    let schema = match row.body {
        Body::Multipart => json!({ "type": "object" }),
        _ => request.clone(),
    };
    // A body of optional fields alone may be empty.
    let required = resolved(request, schemas).get("required").is_some();
    Some(json!({ "required": required, "content": { kind: { "schema": schema } } }))
}

fn responses(row: &EndpointRow, answer: &Value) -> Value {
    let refusal = json!({ "$ref": "#/components/schemas/Refusal" });
    let schema = match row.answer {
        Answer::Page => return json!({ "200": { "description": "A page." } }),
        Answer::Bare => json!({ "anyOf": [answer, refusal] }),
        Answer::Envelope => json!({ "anyOf": [envelope(answer), refusal] }),
        Answer::Both => {
            json!({ "anyOf": [{ "allOf": [envelope(answer), answer] }, refusal] })
        }
    };
    json!({ "200": {
        "description": "Success, or a refusal: `statusCode` tells them apart.",
        "content": { "application/json": { "schema": schema } },
    } })
}

/// A success in the envelope; without `data` where there is nothing to say.
fn envelope(answer: &Value) -> Value {
    let mut properties = json!({
        "statusCode": { "type": "integer", "const": 200 },
        "message": { "type": "string", "description": "Empty." },
        "requestId": { "type": "string" },
    });
    let mut required = vec!["statusCode", "message", "requestId"];
    let is_nothing = answer.get("type").is_some_and(|kind| kind == "null");
    if let Some(fields) = properties.as_object_mut().filter(|_| !is_nothing) {
        fields.insert("data".into(), answer.clone());
        required.push("data");
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// The schema itself, where `schema` refers to it; a row's own name for a request may refer on.
fn resolved<'a>(schema: &'a Value, schemas: &'a Map<String, Value>) -> &'a Value {
    let named = schema.get("$ref").and_then(Value::as_str).map(name_of);
    match named.and_then(|name| schemas.get(name)) {
        Some(found) => resolved(found, schemas),
        None => schema,
    }
}
