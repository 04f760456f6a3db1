//! Instants in milliseconds, which this API takes as numbers and as texts.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An instant in milliseconds since 1970. It is sent as a text, and read from a text or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub i64);

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Moment {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Milliseconds since 1970. An answer has them as a text.",
            "oneOf": [{ "type": "string", "pattern": "^-?[0-9]+$" }, { "type": "integer" }],
        })
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Moment;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("milliseconds since 1970")
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Moment, E> {
                Ok(Moment(n))
            }

            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Moment, E> {
                i64::try_from(n).map(Moment).map_err(|_| E::custom("the number is too large"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Moment, E> {
                let wrong = || E::invalid_value(de::Unexpected::Other("a text"), &self);
                text.parse().map(Moment).map_err(|_| wrong())
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// Tells null, which is `Some(None)`, from a field that is left out.
pub(crate) fn given<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Moment>>, D::Error> {
    Option::<Moment>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_read_and_texts_are_written() {
        for json in ["1700000000000", "\"1700000000000\""] {
            assert_eq!(serde_json::from_str::<Moment>(json).unwrap(), Moment(1_700_000_000_000));
        }
        for json in ["\"tomorrow\"", "\"\"", "true", "1.5", "18446744073709551615"] {
            assert!(serde_json::from_str::<Moment>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&Moment(7)).unwrap(), "\"7\"");
    }
}
