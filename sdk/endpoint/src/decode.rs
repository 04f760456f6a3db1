//! Decodes a request by its row, with errors that name the field.

use crate::node::Node;
use crate::pairs::pairs;
use crate::row::{Body, Endpoint, EndpointRow};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// A request as it came: what decoding reads, and what signatures are made over.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Path parameters, decoded.
    pub path: &'a [(&'a str, &'a str)],
    /// The query as sent, without the question mark.
    pub query: &'a str,
    /// The body as sent.
    pub body: &'a [u8],
}

impl<'a> Input<'a> {
    /// The top-level keys of a JSON body with their values as sent, for signatures. An empty body
    /// has none. Of a repeated key the last counts, as it does for [`decode`].
    ///
    /// # Errors
    /// `Malformed` if the body is neither empty nor a JSON object.
    pub fn raw(&self) -> Result<BTreeMap<String, &'a RawValue>, DecodeError> {
        match object_text(self.body)? {
            None => Ok(BTreeMap::new()),
            Some(text) => serde_json::from_str(text).map_err(DecodeError::json),
        }
    }
}

/// Decodes a request: its fields from where the row says, and the path parameters.
///
/// Unknown fields are ignored. Texts of a query or form become numbers and booleans where the
/// field is one; `k=a&k=b` and `k[]=a&k[]=b` are lists; a field that is not a list must not be
/// repeated. A JSON body may be empty, which counts as `{}`; nesting is limited to 127.
///
/// # Errors
/// [`DecodeError`] with the first field that is wrong.
pub fn decode<E: Endpoint>(row: &EndpointRow, input: &Input<'_>) -> Result<E, DecodeError> {
    let mut fields = match row.body {
        Body::None => BTreeMap::new(),
        Body::Query | Body::Multipart => texts(pairs(input.query)?),
        Body::Form => texts(pairs(utf8(input.body)?)?),
        Body::Json => objects(input.body)?,
    };
    for (name, value) in input.path {
        fields.insert((*name).to_owned(), Node::Text((*value).to_owned()));
    }
    E::deserialize(Node::Map(fields))
}

fn texts(pairs: Vec<(String, String)>) -> BTreeMap<String, Node> {
    let mut fields = BTreeMap::new();
    for (name, value) in pairs {
        let (name, listed) = match name.strip_suffix("[]") {
            Some(bare) => (bare.to_owned(), true),
            None => (name, false),
        };
        let node = match fields.remove(&name) {
            None if listed => Node::Texts(vec![value]),
            None => Node::Text(value),
            Some(Node::Texts(mut all)) => {
                all.push(value);
                Node::Texts(all)
            }
            Some(Node::Text(first)) => Node::Texts(vec![first, value]),
            Some(other) => other,
        };
        fields.insert(name, node);
    }
    fields
}

fn objects(body: &[u8]) -> Result<BTreeMap<String, Node>, DecodeError> {
    let Some(text) = object_text(body)? else { return Ok(BTreeMap::new()) };
    let map: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(text).map_err(DecodeError::json)?;
    Ok(map.into_iter().map(|(name, value)| (name, Node::Json(value))).collect())
}

/// The text of a JSON object; `None` for an empty body.
fn object_text(body: &[u8]) -> Result<Option<&str>, DecodeError> {
    let text = utf8(body)?;
    match text.trim_start_matches([' ', '\t', '\r', '\n']).as_bytes().first() {
        None => Ok(None),
        Some(b'{') => Ok(Some(text)),
        Some(_) => Err(DecodeError::malformed("the body is not a JSON object")),
    }
}

fn utf8(body: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(body).map_err(|e| {
        DecodeError::malformed(format!("the body is not UTF-8 from byte {}", e.valid_up_to()))
    })
}

/// Why a request could not be decoded, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The field as the wire spells it, such as `options.pagination.page` or `sort[0].order`;
    /// `None` if the request as a whole is wrong.
    pub field: Option<String>,
    /// What is wrong with it.
    pub kind: DecodeKind,
}

/// What is wrong with a request or one of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeKind {
    /// It must be there and is not.
    Missing,
    /// It is there and is something else.
    Invalid {
        /// What it should be, such as "a whole number" or "one of A, B"; never what was sent.
        expected: String,
    },
    /// The body or the query cannot be read at all.
    Malformed {
        /// What is wrong and where; never what was sent.
        detail: String,
    },
}

impl DecodeError {
    /// An error of a request that cannot be read at all.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self { field: None, kind: DecodeKind::Malformed { detail: detail.into() } }
    }

    pub(crate) fn invalid(expected: impl Into<String>) -> Self {
        Self { field: None, kind: DecodeKind::Invalid { expected: expected.into() } }
    }

    fn json(error: serde_json::Error) -> Self {
        // The categories of syntax errors name no value of the request; data errors would.
        let detail = match error.classify() {
            serde_json::error::Category::Data => {
                format!("not a JSON object, line {} column {}", error.line(), error.column())
            }
            _ => format!("not JSON: {error}"),
        };
        Self::malformed(detail)
    }

    /// The same, seen from the field above.
    pub(crate) fn under(mut self, name: &str) -> Self {
        self.field = Some(match self.field.take() {
            None => name.to_owned(),
            Some(inner) if inner.starts_with('[') => format!("{name}{inner}"),
            Some(inner) => format!("{name}.{inner}"),
        });
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        match &self.kind {
            DecodeKind::Missing => f.write_str("is missing"),
            DecodeKind::Invalid { expected } => write!(f, "must be {expected}"),
            DecodeKind::Malformed { detail } => f.write_str(detail),
        }
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests;
