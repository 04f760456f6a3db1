//! Texts that existing programs compare, word for word (V3 contract, section 8): in Chinese, the
//! language of a client that names none.

use keystead_model::page::MAX_LIMIT;
use keystead_model::{Code, Error, Locale};

/// Words of one refusal, for operations whose path begins so.
struct Words {
    path: &'static str,
    code: Code,
    field: Option<&'static str>,
    text: &'static str,
}

const fn words(
    path: &'static str,
    code: Code,
    field: Option<&'static str>,
    text: &'static str,
) -> Words {
    Words { path, code, field, text }
}

const NO_IDENTIFIER: &str = "Must contain one of the following fields: username, phone, email";

/// Where an operation has words of its own; the rest is `parameter`.
const OWN: &[Words] = &[
    words("/api/v3/create-user", Code::UserIdentifierMissing, None, NO_IDENTIFIER),
    words("/api/v3/create-user", Code::FieldMissing, Some("phone"), "phone cannot be empty"),
    // This blank is in the specs of the package.
    words("/api/v3/update-user", Code::FieldInvalid, Some("gender"), "参数 gender 格 格式错误"),
    words(
        "/api/v3/reset-user-principal-authentication-info",
        Code::RealNameMissing,
        None,
        "没有认证记录",
    ),
];

/// Lists that refuse a page that is too large in words of their own.
const LISTS_OF_USERS: [&str; 2] = ["/api/v3/list-users", "/api/v3/list-archived-users"];

/// The message that a refusal must have on this path; `None` where our own text counts.
#[must_use]
pub fn of(error: &Error, locale: Locale, path: &str) -> Option<String> {
    if locale != Locale::ZhCn {
        return None;
    }
    let own = OWN.iter().find(|own| {
        path.starts_with(own.path) && error.code() == own.code && error.field_name() == own.field
    });
    match own {
        Some(own) => Some(own.text.to_owned()),
        None if is_large_page(error) && LISTS_OF_USERS.contains(&path) => {
            Some(format!("limit must less than {MAX_LIMIT}"))
        }
        None => parameter(error),
    }
}

fn parameter(error: &Error) -> Option<String> {
    let field = error.field_name()?;
    let known = matches!(
        error.code(),
        Code::FieldMissing
            | Code::FieldInvalid
            | Code::FieldRange
            | Code::EmailMalformed
            | Code::PhoneMalformed
    );
    // A condition is named by what it compares.
    let field = field.strip_prefix("advancedFilter[0].").unwrap_or(field);
    known.then(|| format!("参数 {field} 格式错误"))
}

fn is_large_page(error: &Error) -> bool {
    let large = |text: &str| text.parse().is_ok_and(|given: i64| given > MAX_LIMIT.into());
    error.code() == Code::FieldRange
        && error.field_name() == Some("limit")
        && error.args().iter().any(|(name, text)| *name == "given" && large(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_model::PageRequest;

    fn error(code: Code, field: &'static str) -> Error {
        Error::new(code).field(field)
    }

    #[test]
    fn chinese_clients_read_the_words_they_know() {
        let path = "/api/v3/create-role";
        for (error, locale, want) in [
            (error(Code::FieldInvalid, "code"), Locale::ZhCn, Some("参数 code 格式错误")),
            (error(Code::FieldRange, "limit"), Locale::ZhCn, Some("参数 limit 格式错误")),
            (error(Code::EmailMalformed, "email"), Locale::ZhCn, Some("参数 email 格式错误")),
            (error(Code::FieldInvalid, "code"), Locale::EnUs, None),
            (error(Code::RoleUnknown, "code"), Locale::ZhCn, None),
            (Error::new(Code::FieldInvalid), Locale::ZhCn, None),
            (Code::RealNameMissing.into(), Locale::ZhCn, None),
        ] {
            assert_eq!(of(&error, locale, path).as_deref(), want);
        }
    }

    #[test]
    fn some_operations_have_words_of_their_own() {
        let says = |error: &Error, path| of(error, Locale::ZhCn, path).unwrap();
        let none = Error::from(Code::UserIdentifierMissing);
        assert_eq!(says(&none, "/api/v3/create-users-batch"), NO_IDENTIFIER);
        assert_eq!(of(&none, Locale::JaJp, "/api/v3/create-user"), None);
        let phone = error(Code::FieldMissing, "phone");
        assert_eq!(says(&phone, "/api/v3/create-user"), "phone cannot be empty");
        assert_eq!(says(&phone, "/api/v3/send-sms"), "参数 phone 格式错误");
        let status = error(Code::FieldInvalid, "advancedFilter[0].status");
        assert_eq!(says(&status, "/api/v3/list-users"), "参数 status 格式错误");
    }

    #[test]
    fn a_page_of_users_that_is_too_large_is_told_apart_from_none() {
        let says = |limit, path| {
            let error = PageRequest::new(None, Some(limit)).unwrap_err();
            of(&error, Locale::ZhCn, path).unwrap()
        };
        assert_eq!(says(220, "/api/v3/list-users"), "limit must less than 50");
        assert_eq!(says(0, "/api/v3/list-users"), "参数 limit 格式错误");
        assert_eq!(says(220, "/api/v3/list-roles"), "参数 limit 格式错误");
    }
}
