//! Types of custom fields: which values fit, and by which text they are found.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use keystead_model::{Code, Error, Result};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Characters of a text value.
const TEXT_MAX: usize = 1_024;
/// Characters of a text by which things are found; a unique one may not be longer.
const FOUND_MAX: usize = 256;
/// Bytes of an object.
const OBJECT_MAX: usize = 16_384;
/// The key that marks a sealed value in a document; no object may use it.
pub(super) const SEALED: &str = "$sealed";

/// The type of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataType {
    /// A text.
    #[default]
    String,
    /// A number.
    Number,
    /// An instant: ISO 8601, or milliseconds.
    Datetime,
    /// True or false.
    Boolean,
    /// One of the field's options.
    Enum,
    /// A JSON object.
    Object,
}

impl DataType {
    /// Every type.
    pub const ALL: [Self; 6] =
        [Self::String, Self::Number, Self::Datetime, Self::Boolean, Self::Enum, Self::Object];

    /// The text in the column.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Datetime => "datetime",
            Self::Boolean => "boolean",
            Self::Enum => "enum",
            Self::Object => "object",
        }
    }

    /// The type with this text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.text() == text)
    }

    /// Whether a field of this type can be unique.
    #[must_use]
    pub const fn can_be_unique(self) -> bool {
        matches!(self, Self::String | Self::Number)
    }
}

/// Checks that a value fits its field; answers the text it is found by, if it is found by one.
///
/// # Errors
/// `field.invalid` naming `name`, `custom_value.too_long`.
pub(super) fn check(field: &super::Field, value: &Value, name: &str) -> Result<Option<String>> {
    let kind = DataType::from_text(&field.data_type).unwrap_or_default();
    let wrong = |expected: String| {
        Error::new(Code::FieldInvalid).field(name.to_owned()).arg("expected", expected)
    };
    if let Value::String(text) = value {
        if text.chars().count() > TEXT_MAX {
            return Err(Error::new(Code::CustomValueTooLong).field(name.to_owned()));
        }
        if text.contains('\0') {
            return Err(wrong("a text without NUL".to_owned()));
        }
    }
    let found = match (kind, value) {
        (DataType::String, Value::String(text)) => {
            if field.is_unique && text.chars().count() > FOUND_MAX {
                return Err(wrong(format!("<= {FOUND_MAX}")));
            }
            Some(format!("s:{}", folded(text)))
        }
        (DataType::Number, Value::Number(n)) => {
            let n = n.as_f64().filter(|n| n.is_finite());
            Some(format!("n:{:016x}", ordered(n.ok_or_else(|| wrong("a number".to_owned()))?)))
        }
        (DataType::Boolean, Value::Bool(b)) => Some(format!("b:{}", u8::from(*b))),
        (DataType::Enum, Value::String(text)) if is_option(field, text) => {
            Some(format!("s:{}", folded(text)))
        }
        (DataType::Datetime, value) => match instant(value) {
            Some(ms) => Some(format!("d:{:016x}", ordered_int(ms))),
            None => return Err(wrong("an instant: ISO 8601, or milliseconds".to_owned())),
        },
        (DataType::Object, Value::Object(map)) => {
            if map.contains_key(SEALED) || value.to_string().len() > OBJECT_MAX {
                return Err(wrong(format!("an object, <= {OBJECT_MAX} bytes")));
            }
            None
        }
        (DataType::Enum, _) => return Err(wrong(options(field).join(", "))),
        (DataType::String, _) => return Err(wrong("a text".to_owned())),
        (DataType::Number, _) => return Err(wrong("a number".to_owned())),
        (DataType::Boolean, _) => return Err(wrong("true, false".to_owned())),
        (DataType::Object, _) => return Err(wrong("an object".to_owned())),
    };
    Ok(found.filter(|_| !field.is_encrypted))
}

/// The text by which a value given as text is found.
pub(super) fn found_by(field: &super::Field, text: &str) -> Option<String> {
    match DataType::from_text(&field.data_type)? {
        DataType::String | DataType::Enum => Some(format!("s:{}", folded(text))),
        DataType::Number => {
            let n: f64 = text.parse().ok().filter(|n: &f64| n.is_finite())?;
            Some(format!("n:{:016x}", ordered(n)))
        }
        DataType::Boolean | DataType::Datetime | DataType::Object => None,
    }
}

/// The values that an enum's options allow.
pub(super) fn options(field: &super::Field) -> Vec<String> {
    let all = field.options.as_ref().and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|option| Some(option.get("value")?.as_str()?.to_owned())).collect()
}

fn is_option(field: &super::Field, text: &str) -> bool {
    options(field).iter().any(|option| option == text)
}

fn folded(text: &str) -> String {
    let folded: String = text.trim().nfkc().collect::<String>().to_lowercase();
    folded.chars().take(FOUND_MAX).collect()
}

/// The bits of a number, in an order that is the numbers' own.
fn ordered(n: f64) -> u64 {
    // Both zeros are one number.
    let bits = (n + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn ordered_int(n: i64) -> u64 {
    n.cast_unsigned() ^ (1 << 63)
}

/// Milliseconds of an instant; a date or a time without an offset counts in UTC.
fn instant(value: &Value) -> Option<i64> {
    match value {
        Value::Number(n) => {
            Timestamp::from_millisecond(n.as_i64()?).ok().map(Timestamp::as_millisecond)
        }
        Value::String(text) => {
            if let Ok(at) = text.parse::<Timestamp>() {
                return Some(at.as_millisecond());
            }
            let at = match text.parse::<Date>() {
                Ok(date) if text.len() <= 10 => date.to_datetime(jiff::civil::Time::midnight()),
                _ => text.parse::<DateTime>().ok()?,
            };
            Some(jiff::tz::TimeZone::UTC.to_timestamp(at).ok()?.as_millisecond())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_model::{CustomFieldId, Id, Millis};
    use serde_json::json;

    fn field(kind: DataType) -> super::super::Field {
        super::super::Field {
            id: CustomFieldId(Id::from_parts(1, 1)),
            target: "user".to_owned(),
            key: "k".to_owned(),
            data_type: kind.text().to_owned(),
            label: String::new(),
            description: None,
            is_builtin: false,
            is_unique: false,
            is_encrypted: false,
            is_masked: false,
            user_editable: false,
            in_console: true,
            in_account: false,
            options: Some(json!([{"value": "pku", "label": "北京大学"}])),
            rules: None,
            i18n: None,
            application_ids: None,
            created_at: Millis(0),
        }
    }

    #[test]
    fn values_fit_their_type_and_no_other() {
        let samples = [
            json!("text"),
            json!(1.5),
            json!(true),
            json!("2024-01-02T03:04:05.678Z"),
            json!("pku"),
            json!({"a": 1}),
            json!([1]),
            json!(1_700_000_000_000_i64),
            json!("2024-01-02"),
        ];
        for (kind, fits) in [
            (DataType::String, vec![0, 3, 4, 8]),
            (DataType::Number, vec![1, 7]),
            (DataType::Boolean, vec![2]),
            (DataType::Datetime, vec![3, 7, 8]),
            (DataType::Enum, vec![4]),
            (DataType::Object, vec![5]),
        ] {
            for (n, sample) in samples.iter().enumerate() {
                let checked = check(&field(kind), sample, "customData.k");
                assert_eq!(checked.is_ok(), fits.contains(&n), "{kind:?} {sample}");
                if let Err(error) = checked {
                    assert_eq!(error.field_name(), Some("customData.k"));
                }
            }
        }
    }

    #[test]
    fn long_and_hostile_values_are_refused() {
        let long = json!("x".repeat(1_025));
        let error = check(&field(DataType::String), &long, "k").unwrap_err();
        assert_eq!(error.code(), Code::CustomValueTooLong);
        for (kind, value) in [
            (DataType::String, json!("a\u{0}")),
            (DataType::Object, json!({SEALED: "x"})),
            (DataType::Object, json!({"a": "x".repeat(OBJECT_MAX)})),
            (DataType::Datetime, json!("tomorrow")),
            (DataType::Datetime, json!(i64::MAX)),
            (DataType::Datetime, json!("2024-13-01")),
        ] {
            assert!(check(&field(kind), &value, "k").is_err(), "{kind:?}");
        }
    }

    #[test]
    fn texts_are_found_in_the_order_of_their_values() {
        let text = |kind, value: Value| check(&field(kind), &value, "k").unwrap().unwrap();
        let numbers = [-1e300, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 1e300];
        let texts: Vec<_> = numbers.iter().map(|n| text(DataType::Number, json!(n))).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(text(DataType::Number, json!(-0.0)), text(DataType::Number, json!(0)));
        let dates = ["1960-01-01", "1970-01-01", "2024-01-02T00:00:00+08:00", "2024-01-02"];
        let texts: Vec<_> = dates.iter().map(|d| text(DataType::Datetime, json!(d))).collect();
        assert!(texts.is_sorted(), "{texts:?}");
        assert_eq!(text(DataType::String, json!(" ＡB ")), "s:ab");
        assert_eq!(found_by(&field(DataType::Number), "2"), Some(text(DataType::Number, json!(2))));
    }
}
