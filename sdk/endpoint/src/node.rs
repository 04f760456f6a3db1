//! The deserializer of requests: texts and JSON in one tree, strict about shapes.
//!
//! It differs from the one of `serde_json` in three ways: an object is never read from a list, an
//! error carries its field, and a text becomes a number where the field is one.

use crate::decode::{DecodeError, DecodeKind};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;

/// A value of a request.
#[derive(Debug)]
pub(crate) enum Node {
    /// One text of a query, form or path.
    Text(String),
    /// Several texts of one name.
    Texts(Vec<String>),
    /// A JSON value.
    Json(Value),
    /// The request itself.
    Map(BTreeMap<String, Node>),
}

impl Node {
    /// For a field that is not a list: itself, unless it came several times.
    fn single(self) -> Result<Self, DecodeError> {
        match self {
            Self::Texts(_) => Err(DecodeError::invalid("a single value")),
            other => Ok(other),
        }
    }

    fn any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self {
            Self::Text(text) => visitor.visit_string(text),
            Self::Texts(all) => visitor.visit_seq(Items(all.into_iter().map(Node::Text), 0)),
            Self::Map(map) => visitor.visit_map(Fields { rest: map.into_iter(), value: None }),
            Self::Json(value) => match value {
                Value::Null => visitor.visit_unit(),
                Value::Bool(b) => visitor.visit_bool(b),
                Value::Number(n) => number(&n, visitor),
                Value::String(s) => visitor.visit_string(s),
                Value::Array(all) => visitor.visit_seq(Items(all.into_iter().map(Node::Json), 0)),
                Value::Object(map) => {
                    let rest = map.into_iter().map(|(k, v)| (k, Node::Json(v)));
                    visitor.visit_map(Fields { rest, value: None })
                }
            },
        }
    }

    fn is_object(&self) -> bool {
        matches!(self, Self::Map(_) | Self::Json(Value::Object(_)))
    }
}

fn number<'de, V: Visitor<'de>>(
    n: &serde_json::Number,
    visitor: V,
) -> Result<V::Value, DecodeError> {
    match (n.as_u64(), n.as_i64(), n.as_f64()) {
        (Some(n), ..) => visitor.visit_u64(n),
        (_, Some(n), _) => visitor.visit_i64(n),
        (.., Some(n)) => visitor.visit_f64(n),
        _ => Err(DecodeError::invalid("a number")),
    }
}

/// A method that reads a text as a number or boolean; anything else goes its usual way.
macro_rules! parsed {
    ($($method:ident $visit:ident $ty:ty, $expected:literal;)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            match self.single()? {
                Node::Text(text) => match text.parse::<$ty>() {
                    Ok(value) => visitor.$visit(value),
                    Err(_) => Err(DecodeError::invalid($expected)),
                },
                other => other.any(visitor),
            }
        }
    )* };
}

impl<'de> Deserializer<'de> for Node {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.any(visitor)
    }

    parsed! {
        deserialize_bool visit_bool bool, "true or false";
        deserialize_i8 visit_i64 i64, "a whole number";
        deserialize_i16 visit_i64 i64, "a whole number";
        deserialize_i32 visit_i64 i64, "a whole number";
        deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_u8 visit_u64 u64, "a whole number";
        deserialize_u16 visit_u64 u64, "a whole number";
        deserialize_u32 visit_u64 u64, "a whole number";
        deserialize_u64 visit_u64 u64, "a whole number";
        deserialize_f32 visit_f64 f64, "a number";
        deserialize_f64 visit_f64 f64, "a number";
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.single()?.any(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.single()?.any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self {
            Self::Json(Value::Null) => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self {
            Self::Text(text) => Self::Texts(vec![text]).any(visitor),
            other => other.any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if self.is_object() { self.any(visitor) } else { Err(DecodeError::invalid("an object")) }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.is_object() { self.any(visitor) } else { Err(DecodeError::invalid("an object")) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self.single()? {
            Self::Text(text) | Self::Json(Value::String(text)) => visitor.visit_enum(Name(text)),
            _ => Err(DecodeError::invalid(one_of(variants))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

/// The elements of a list, with the place of the next.
struct Items<I>(I, usize);

impl<'de, I: Iterator<Item = Node>> SeqAccess<'de> for Items<I> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(node) = self.0.next() else { return Ok(None) };
        let place = self.1;
        self.1 = self.1.saturating_add(1);
        seed.deserialize(node).map(Some).map_err(|e| e.under(&format!("[{place}]")))
    }
}

/// The fields of an object, and the value of the name that was just read.
struct Fields<I> {
    rest: I,
    value: Option<(String, Node)>,
}

impl<'de, I: Iterator<Item = (String, Node)>> MapAccess<'de> for Fields<I> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let Some((name, node)) = self.rest.next() else { return Ok(None) };
        let key = seed.deserialize(Node::Text(name.clone()))?;
        self.value = Some((name, node));
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        match self.value.take() {
            Some((name, node)) => seed.deserialize(node).map_err(|e| e.under(&name)),
            None => Err(DecodeError::malformed("a value was read before its name")),
        }
    }
}

/// A variant of an enum without contents.
struct Name(String);

impl<'de> EnumAccess<'de> for Name {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), DecodeError> {
        let name: de::value::StrDeserializer<'_, DecodeError> = self.0.as_str().into_deserializer();
        let value = seed.deserialize(name)?;
        Ok((value, self))
    }
}

impl<'de> VariantAccess<'de> for Name {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, DecodeError> {
        Err(DecodeError::invalid("an object"))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, DecodeError> {
        Err(DecodeError::invalid("an object"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, DecodeError> {
        Err(DecodeError::invalid("an object"))
    }
}

fn one_of(variants: &[&str]) -> String {
    format!("one of {}", variants.join(", "))
}

/// What serde calls the expected thing, in words for the caller.
fn in_words(expected: &dyn Expected) -> String {
    let text = expected.to_string();
    match text.as_str() {
        "a string" => "text".into(),
        "a boolean" => "true or false".into(),
        "a sequence" => "a list".into(),
        "a map" => "an object".into(),
        "f32" | "f64" => "a number".into(),
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" => {
            "a whole number in range".into()
        }
        other if other.starts_with("struct ") => "an object".into(),
        _ => text,
    }
}

impl de::Error for DecodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::invalid(message.to_string())
    }

    fn invalid_type(_unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid(in_words(expected))
    }

    fn invalid_value(_unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid(in_words(expected))
    }

    fn unknown_variant(_variant: &str, expected: &'static [&'static str]) -> Self {
        Self::invalid(one_of(expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: Some(field.to_owned()), kind: DecodeKind::Missing }
    }
}
