//! Encodes a request by its row: the client's side of [`decode`](crate::decode::decode).

use crate::error::SdkError;
use crate::row::{Body, EndpointRow};
use form_urlencoded::byte_serialize;
use serde::Serialize;
use serde_json::{Map, Value};

/// A request as it will be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The path, its parameters filled in.
    pub path: String,
    /// The query without its question mark.
    pub query: String,
    /// The body.
    pub body: Vec<u8>,
    /// The body's type, if the row has a body.
    pub content_type: Option<&'static str>,
}

/// Puts a request's fields where its row wants them.
///
/// # Errors
/// Of kind "decoding", if a field cannot stand there: an object in a query, a path parameter that
/// is missing, a multipart row (whose parts only its caller knows).
pub fn encode<T: Serialize>(row: &EndpointRow, request: &T) -> Result<Encoded, SdkError> {
    let value = serde_json::to_value(request)
        .map_err(|e| SdkError::decoding(format!("the request of {}: {e}", row.name)))?;
    let mut fields = match value {
        Value::Object(fields) => fields,
        Value::Null => Map::new(),
        _ => return Err(SdkError::decoding(format!("the request of {} is no object", row.name))),
    };
    let path = fill(row, &mut fields)?;
    let mut encoded = Encoded { path, query: String::new(), body: Vec::new(), content_type: None };
    match row.body {
        Body::None => {}
        Body::Query => encoded.query = flat(row, fields)?,
        Body::Form => {
            encoded.body = flat(row, fields)?.into_bytes();
            encoded.content_type = Some("application/x-www-form-urlencoded");
        }
        Body::Json => {
            encoded.body = Value::Object(fields).to_string().into_bytes();
            encoded.content_type = Some("application/json");
        }
        Body::Multipart => {
            return Err(SdkError::decoding(format!("{} takes multipart/form-data", row.name)));
        }
    }
    Ok(encoded)
}

/// The row's path with its parameters, which leave the fields.
fn fill(row: &EndpointRow, fields: &mut Map<String, Value>) -> Result<String, SdkError> {
    let mut path = String::new();
    for segment in row.path().split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            None => path.push_str(segment),
            Some(name) => {
                let text = fields.remove(name).as_ref().and_then(scalar).filter(|t| !t.is_empty());
                let text = text.ok_or_else(|| {
                    SdkError::decoding(format!("the path of {} needs {name}", row.name))
                })?;
                path.extend(
                    byte_serialize(text.as_bytes())
                        .flat_map(|part| if part == "+" { "%20".chars() } else { part.chars() }),
                );
            }
        }
    }
    Ok(path)
}

fn flat(row: &EndpointRow, fields: Map<String, Value>) -> Result<String, SdkError> {
    let mut text = form_urlencoded::Serializer::new(String::new());
    let wrong = |name: &str| {
        SdkError::decoding(format!("{name} of {} is an object; a query has none", row.name))
    };
    for (name, value) in &fields {
        match value {
            Value::Null => {}
            Value::Array(items) => {
                for item in items {
                    let item = scalar(item).ok_or_else(|| wrong(name))?;
                    text.append_pair(&format!("{name}[]"), &item);
                }
            }
            other => {
                text.append_pair(name, &scalar(other).ok_or_else(|| wrong(name))?);
            }
        }
    }
    Ok(text.finish())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{Answer, Caller, Repeat};
    use serde_json::json;

    fn row(body: Body, paths: &'static [&'static str]) -> EndpointRow {
        EndpointRow {
            name: "x",
            method: "POST",
            paths,
            caller: Caller::Open,
            permission: "",
            body,
            answer: Answer::Bare,
            repeat: Repeat::Once,
            area: "test",
            doc: "",
        }
    }

    #[test]
    fn fields_go_where_the_row_wants_them() {
        let fields = json!({ "id": "a/b c", "n": 5, "on": true, "none": null, "l": ["x", "y"] });
        let query = encode(&row(Body::Query, &["/u/{id}/x"]), &fields).unwrap();
        assert_eq!(query.path, "/u/a%2Fb%20c/x");
        assert_eq!(query.query, "l%5B%5D=x&l%5B%5D=y&n=5&on=true");
        assert_eq!((query.body.len(), query.content_type), (0, None));

        let form = encode(&row(Body::Form, &["/f"]), &json!({ "a": "x y&z" })).unwrap();
        assert_eq!(form.body, b"a=x+y%26z");

        let body = encode(&row(Body::Json, &["/j"]), &json!({ "a": { "b": [1] } })).unwrap();
        assert_eq!(body.body, br#"{"a":{"b":[1]}}"#);
        assert_eq!(body.content_type, Some("application/json"));
        assert_eq!(encode(&row(Body::Json, &["/j"]), &()).unwrap().body, b"{}");
    }

    #[test]
    fn what_cannot_be_sent_is_an_error() {
        for (row, fields) in [
            (row(Body::Query, &["/q"]), json!({ "a": {} })),
            (row(Body::Query, &["/q"]), json!({ "a": [[1]] })),
            (row(Body::Query, &["/q/{id}"]), json!({})),
            (row(Body::Query, &["/q/{id}"]), json!({ "id": "" })),
            (row(Body::Multipart, &["/m"]), json!({})),
            (row(Body::Json, &["/j"]), json!([1])),
        ] {
            assert!(encode(&row, &fields).is_err(), "{fields}");
        }
    }
}
