//! Values bound to a text, the same for both engines.

use keystead_model::{
    AccessHandleId, AccessKeyId, ApplicationId, AuditEventId, ConnectionId, ConsentId,
    CredentialId, CustomFieldId, DataKeyId, FamilyId, GrantId, Id, Millis, NamespaceId,
    OneTimeSecretId, OutboxId, PoolId, RoleAssignmentId, RoleId, Secret, SessionId, SigninId,
    SigningKeyId, UserId,
};
use std::borrow::Cow;

/// One value.
#[derive(Clone, PartialEq)]
pub enum Value<'a> {
    /// NULL of any type.
    Null,
    /// A number or an instant.
    Int(i64),
    /// True or false.
    Bool(bool),
    /// A text, an id or a JSON document.
    Text(Cow<'a, str>),
    /// Bytes.
    Bytes(Cow<'a, [u8]>),
}

/// Shows the kind alone: the content may be a secret.
impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Int(_) => "Int",
            Self::Bool(_) => "Bool",
            Self::Text(_) => "Text",
            Self::Bytes(_) => "Bytes",
        })
    }
}

impl Value<'_> {
    /// Whether it is a text with a NUL, which PostgreSQL cannot store.
    pub(crate) fn has_nul(&self) -> bool {
        matches!(self, Self::Text(text) if text.as_bytes().contains(&0))
    }
}

/// Values for a statement: `values![id, &name, now]`.
#[macro_export]
macro_rules! values {
    () => {{
        const NONE: &[$crate::Value<'static>] = &[];
        NONE
    }};
    ($($value:expr),+ $(,)?) => { &[$($crate::Value::from($value)),+] };
}

/// What is bound: the pool as `$1` where there is one, then the caller's values.
#[derive(Clone, Copy)]
pub(crate) struct Params<'v> {
    /// The pool's id as text.
    pub pool: Option<&'v Value<'v>>,
    /// The caller's values.
    pub values: &'v [Value<'v>],
    /// The text was put together for this call: its plan is not worth keeping.
    pub once: bool,
}

impl<'v> Params<'v> {
    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len() + usize::from(self.pool.is_some())
    }

    /// Every value, in the order of `$1`, `$2` and so on.
    pub fn iter(&self) -> impl Iterator<Item = &'v Value<'v>> + use<'v> {
        self.pool.into_iter().chain(self.values)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a> From<&'a Secret> for Value<'a> {
    fn from(secret: &'a Secret) -> Self {
        Self::Text(Cow::Borrowed(secret.expose()))
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl<'a> From<&'a Vec<u8>> for Value<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(Cow::Borrowed(bytes))
    }
}

impl From<&serde_json::Value> for Value<'_> {
    fn from(json: &serde_json::Value) -> Self {
        Self::Text(Cow::Owned(json.to_string()))
    }
}

impl From<serde_json::Value> for Value<'_> {
    fn from(json: serde_json::Value) -> Self {
        Self::from(&json)
    }
}

/// A list of texts is a JSON list in TEXT.
impl From<&[String]> for Value<'_> {
    fn from(list: &[String]) -> Self {
        let list = list.iter().map(|t| serde_json::Value::from(t.as_str())).collect();
        Self::from(serde_json::Value::Array(list))
    }
}

impl From<&Vec<String>> for Value<'_> {
    fn from(list: &Vec<String>) -> Self {
        Self::from(list.as_slice())
    }
}

/// NULL for `None`. One by one: a blanket implementation makes inference go round in circles.
macro_rules! optional {
    ($($from:ty),* $(,)?) => {$(
        impl<'a> From<Option<$from>> for Value<'a> {
            fn from(value: Option<$from>) -> Self { value.map_or(Self::Null, Self::from) }
        }
    )*};
}

/// The same for options passed by reference.
macro_rules! optional_by_reference {
    ($($from:ty),* $(,)?) => {$(
        impl<'a> From<&'a Option<$from>> for Value<'a> {
            fn from(value: &'a Option<$from>) -> Self {
                value.as_ref().map_or(Self::Null, Self::from)
            }
        }
    )*};
}

optional! {
    &'a str, &'a String, String, &'a Secret, &'a [u8], &'a serde_json::Value, serde_json::Value,
    &'a [String],
}
optional_by_reference! { String, Secret, Vec<u8>, serde_json::Value, Vec<String> }

/// By value and by reference, since rows are passed by reference.
macro_rules! copied {
    ($($from:ty => |$name:ident| $to:expr;)*) => {$(
        impl From<$from> for Value<'_> {
            fn from($name: $from) -> Self { $to }
        }
        impl From<&$from> for Value<'_> {
            fn from(value: &$from) -> Self { Self::from(*value) }
        }
        optional! { $from }
        optional_by_reference! { $from }
    )*};
}

copied! {
    i64 => |n| Self::Int(n);
    i32 => |n| Self::Int(n.into());
    u32 => |n| Self::Int(n.into());
    bool => |b| Self::Bool(b);
    Millis => |at| Self::Int(at.0);
}

/// Ids are bound as their text.
macro_rules! ids {
    ($($id:ty),* $(,)?) => {
        copied! { $($id => |id| Self::Text(Cow::Owned(id.to_string()));)* }
    };
}

ids! {
    Id, PoolId, UserId, ApplicationId, ConnectionId, CredentialId, OneTimeSecretId, SigninId,
    SessionId, GrantId, FamilyId, SigningKeyId, AccessKeyId, AuditEventId, OutboxId, RoleId,
    NamespaceId, DataKeyId, ConsentId, RoleAssignmentId, CustomFieldId,
    AccessHandleId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_becomes_its_value() {
        let name = String::from("a");
        let some = Some(name.clone());
        let none: Option<Millis> = None;
        let list = vec!["x".to_owned(), "\"".to_owned()];
        let json = serde_json::json!({"a": [1, null]});
        let id = UserId(Id::from_parts(1, 2));
        let (there, secret) = (Some(id), Secret::new("s"));
        let values: &[Value<'_>] = values![
            "a",
            &name,
            &some,
            none,
            7_i64,
            true,
            Millis(9),
            id,
            &there,
            &list,
            &json,
            secret.expose()
        ];
        let text = |t: &str| Value::Text(Cow::Owned(t.to_owned()));
        let expected = [
            text("a"),
            text("a"),
            text("a"),
            Value::Null,
            Value::Int(7),
            Value::Bool(true),
            Value::Int(9),
            text("000000000001000000000002"),
            text("000000000001000000000002"),
            text(r#"["x","\""]"#),
            text(r#"{"a":[1,null]}"#),
            text("s"),
        ];
        assert_eq!(values, expected);
    }

    #[test]
    fn debug_shows_no_content() {
        assert_eq!(format!("{:?}", Value::from("hunter2")), "Text");
    }
}
