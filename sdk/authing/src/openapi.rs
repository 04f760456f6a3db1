//! The description of V3 in OpenAPI 3.1, made of the rows.

mod operation;
mod parts;

use crate::v3;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Where schemas that are referred to stand.
const SCHEMAS: &str = "/components/schemas";

/// The whole description, its keys sorted.
#[must_use]
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
    });
    let mut generator = SchemaGenerator::new(settings);
    let rows = v3::schemas(&mut generator);
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Refusal".to_owned(), parts::refusal());
    let mut paths: Map<String, Value> = Map::new();
    for (row, request, answer) in &rows {
        let operation = operation::operation(row, request.as_value(), answer.as_value(), &schemas);
        for (place, path) in row.paths.iter().enumerate() {
            let mut operation = operation.clone();
            if let Some(fields) = operation.as_object_mut().filter(|_| place > 0) {
                fields.insert("operationId".into(), json!(format!("{}_{place}", row.name)));
                fields.insert("deprecated".into(), json!(true));
            }
            if let Some(item) = paths.entry(*path).or_insert_with(|| json!({})).as_object_mut() {
                item.insert(row.method.to_ascii_lowercase(), operation);
            }
        }
    }
    let schemas = used(&Value::Object(paths.clone()), schemas);
    sorted(json!({
        "openapi": "3.1.0",
        "info": parts::info(),
        "servers": [{ "url": "/" }],
        "security": [],
        "tags": tags(),
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": parts::security_schemes() },
    }))
}

fn tags() -> Vec<Value> {
    let mut areas: Vec<&str> = Vec::new();
    for row in v3::ENDPOINTS.iter().copied().flatten() {
        if !areas.contains(&row.area) {
            areas.push(row.area);
        }
    }
    areas.into_iter().map(|area| json!({ "name": area })).collect()
}

/// The schemas that something refers to: a request in a query is taken apart and not referred to.
fn used(paths: &Value, schemas: Map<String, Value>) -> Map<String, Value> {
    let mut wanted = references(paths);
    wanted.push("Refusal".to_owned());
    let mut kept: Map<String, Value> = Map::new();
    while let Some(name) = wanted.pop() {
        if kept.contains_key(&name) {
            continue;
        }
        if let Some(schema) = schemas.get(&name) {
            wanted.extend(references(schema));
            kept.insert(name, schema.clone());
        }
    }
    kept
}

/// The names of all schemas that a value refers to.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).map(parts::name_of);
            let inner = fields.values().flat_map(references);
            own.into_iter().map(str::to_owned).chain(inner).collect()
        }
        _ => Vec::new(),
    }
}

/// The same with all keys sorted, however the maps of this build keep theirs.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
            fields.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(fields.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
