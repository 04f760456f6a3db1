//! The part of `searchQuery` that is read: `bool`, `term`, `terms`, `match`, `prefix`, `range`,
//! `exists` over known fields.

use super::list::compared;
use keystead_core::Cx;
use keystead_core::users::list::{Filter, Op};
use keystead_model::{Code, Error, Result};
use serde_json::{Map, Value};

/// Levels of `bool` in one query at most.
const DEPTH: usize = 5;
/// Conditions of one query at most.
const MOST: usize = 50;

/// The filter that a query means.
///
/// # Errors
/// `field.invalid` for anything outside the part that is read.
pub(super) fn filter(cx: &Cx, query: &Value) -> Result<Filter> {
    let query = query.get("query").unwrap_or(query);
    let mut left = MOST;
    read(cx, query, DEPTH, &mut left)
}

fn read(cx: &Cx, query: &Value, depth: usize, left: &mut usize) -> Result<Filter> {
    *left = left.checked_sub(1).ok_or_else(wrong)?;
    let (kind, body) = only(query)?;
    if kind == "bool" {
        return read_bool(cx, body, depth, left);
    }
    if kind == "exists" {
        let field = body.get("field").and_then(Value::as_str).ok_or_else(wrong)?;
        return compare(cx, field, Op::NotNull, &[]);
    }
    let (field, value) = only(body)?;
    match kind {
        "term" | "match" => {
            let value = value.get("value").or_else(|| value.get("query")).unwrap_or(value);
            compare(cx, field, Op::Equal, std::slice::from_ref(value))
        }
        "terms" => {
            let list = value.as_array().filter(|list| list.len() <= MOST).ok_or_else(wrong)?;
            compare(cx, field, Op::In, list)
        }
        "prefix" | "wildcard" => {
            let value = value.get("value").unwrap_or(value).as_str().ok_or_else(wrong)?;
            let inner = Value::from(value.trim_matches('*'));
            compare(cx, field, Op::Contains, std::slice::from_ref(&inner))
        }
        "range" => range(cx, field, value),
        _ => Err(wrong()),
    }
}

fn read_bool(cx: &Cx, body: &Value, depth: usize, left: &mut usize) -> Result<Filter> {
    let depth = depth.checked_sub(1).ok_or_else(wrong)?;
    let mut all = Vec::new();
    for (part, queries) in body.as_object().ok_or_else(wrong)? {
        let queries = match queries {
            Value::Array(list) => list.as_slice(),
            one => std::slice::from_ref(one),
        };
        let read: Result<Vec<Filter>> =
            queries.iter().map(|query| read(cx, query, depth, left)).collect();
        match part.as_str() {
            "must" | "filter" => all.extend(read?),
            "should" => all.push(Filter::Any(read?)),
            "must_not" => all.extend(read?.into_iter().map(|one| Filter::Not(Box::new(one)))),
            _ => return Err(wrong()),
        }
    }
    Ok(Filter::All(all))
}

fn range(cx: &Cx, field: &str, value: &Value) -> Result<Filter> {
    let mut all = Vec::new();
    for (bound, value) in value.as_object().ok_or_else(wrong)? {
        let value = std::slice::from_ref(value);
        all.push(match bound.as_str() {
            "gte" => compare(cx, field, Op::AtLeast, value)?,
            "lte" => compare(cx, field, Op::AtMost, value)?,
            "gt" => Filter::Not(Box::new(compare(cx, field, Op::AtMost, value)?)),
            "lt" => Filter::Not(Box::new(compare(cx, field, Op::AtLeast, value)?)),
            _ => return Err(wrong()),
        });
    }
    Ok(Filter::All(all))
}

fn compare(cx: &Cx, field: &str, op: Op, values: &[Value]) -> Result<Filter> {
    let field = field.strip_suffix(".keyword").unwrap_or(field);
    compared(cx, field, op, values)?.ok_or_else(wrong)
}

/// The one key of an object, and its value.
fn only(query: &Value) -> Result<(&str, &Value)> {
    let map: &Map<String, Value> =
        query.as_object().filter(|map| map.len() == 1).ok_or_else(wrong)?;
    map.iter().next().map(|(key, value)| (key.as_str(), value)).ok_or_else(wrong)
}

fn wrong() -> Error {
    Error::new(Code::FieldInvalid)
        .field("searchQuery")
        .arg("expected", "bool, term, terms, match, prefix, range, exists")
}
