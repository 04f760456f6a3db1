//! Texts that existing programs compare, word for word (V3 contract, section 8).

use keystead_model::{Code, Error, Locale};

/// The message that a refusal must have in this language; `None` where our own text counts.
#[must_use]
pub fn of(error: &Error, locale: Locale) -> Option<String> {
    let field = error.field_name()?;
    match (locale, error.code()) {
        (Locale::ZhCn, Code::FieldMissing | Code::FieldInvalid | Code::FieldRange) => {
            Some(format!("参数 {field} 格式错误"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_clients_read_the_words_they_know() {
        let error = |code, field| Error::new(code).field(field);
        for (error, locale, want) in [
            (error(Code::FieldInvalid, "code"), Locale::ZhCn, Some("参数 code 格式错误")),
            (error(Code::FieldRange, "limit"), Locale::ZhCn, Some("参数 limit 格式错误")),
            (error(Code::FieldInvalid, "code"), Locale::EnUs, None),
            (error(Code::RoleUnknown, "code"), Locale::ZhCn, None),
            (Error::new(Code::FieldInvalid), Locale::ZhCn, None),
        ] {
            assert_eq!(of(&error, locale).as_deref(), want);
        }
    }
}
