//! Normal forms of e-mail addresses, phone numbers and user names: the `*_key` columns.

use crate::{Code, Error, Result};
use unicode_normalization::UnicodeNormalization;

/// The longest e-mail address, in characters (RFC 5321, 4.5.3.1.3).
const EMAIL_MAX: usize = 254;
/// The longest user name, in characters.
const USERNAME_MAX: usize = 128;

/// The key of an e-mail address: NFKC and lower case.
///
/// # Errors
/// `email.malformed` when it is not `local@domain` without spaces or control characters. A domain
/// has a dot: an address without one is far more often a slip than a host of one's own network.
pub fn email_key(email: &str) -> Result<String> {
    let key: String = email.trim().nfkc().collect::<String>().to_lowercase();
    let sound = key.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !local.contains('@')
            && domain.contains('.')
            && domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-'))
    });
    let clean =
        key.chars().all(|c| !c.is_whitespace() && !c.is_control() && !r#"<>"(),:;\"#.contains(c));
    if sound && clean && key.chars().count() <= EMAIL_MAX {
        Ok(key)
    } else {
        Err(Error::new(Code::EmailMalformed).field("email"))
    }
}

/// The key of a phone number: `+`, country code, digits (E.164).
///
/// `country` is given as `+86`, `86` or not at all, then `default_country` counts. A number that
/// starts with `+` carries its own.
///
/// # Errors
/// `phone.malformed` when digits are missing, too many, or something else stands between them.
pub fn phone_key(phone: &str, country: Option<&str>, default_country: &str) -> Result<String> {
    let bad = || Error::new(Code::PhoneMalformed).field("phone");
    let digits: String =
        phone.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let key = match digits.strip_prefix('+') {
        Some(rest) => rest.to_owned(),
        None => {
            let country = country.filter(|c| !c.is_empty()).unwrap_or(default_country);
            format!("{}{digits}", country.trim_start_matches('+'))
        }
    };
    if key.bytes().all(|b| b.is_ascii_digit()) && (5..=17).contains(&key.len()) {
        Ok(format!("+{key}"))
    } else {
        Err(bad())
    }
}

/// The key of a user name: NFKC, and lower case unless the pool tells case apart.
///
/// # Errors
/// `field.invalid` when it is empty, too long or holds control characters.
pub fn username_key(username: &str, case_sensitive: bool) -> Result<String> {
    let key: String = username.trim().nfkc().collect();
    let sound = !key.is_empty()
        && key.chars().count() <= USERNAME_MAX
        && !key.chars().any(char::is_control);
    if !sound {
        return Err(Error::new(Code::FieldInvalid).field("username").arg("expected", "1..128"));
    }
    Ok(if case_sensitive { key } else { key.to_lowercase() })
}

/// A text as searches compare it: NFKC and lower case, without space around it.
#[must_use]
pub fn fold(text: &str) -> String {
    text.trim().nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails() {
        assert_eq!(email_key(" Mina@Example.COM ").unwrap(), "mina@example.com");
        for bad in
            ["", "a", "a@", "a@b", "@b.c", "a b@c.d", "a@b@c", "a@b..c", "a\r\nb@c.d", "<a@b.c>"]
        {
            assert_eq!(email_key(bad).unwrap_err().code(), Code::EmailMalformed, "{bad:?}");
        }
    }

    #[test]
    fn phones() {
        assert_eq!(phone_key("188 8888 8888", None, "86").unwrap(), "+8618888888888");
        assert_eq!(phone_key("2025550123", Some("+1"), "86").unwrap(), "+12025550123");
        assert_eq!(phone_key("+12025550123", Some("+86"), "86").unwrap(), "+12025550123");
        for bad in ["", "abc", "+1 202 x", "123456789012345678"] {
            assert_eq!(
                phone_key(bad, None, "86").unwrap_err().code(),
                Code::PhoneMalformed,
                "{bad}"
            );
        }
    }

    #[test]
    fn usernames() {
        assert_eq!(username_key("Ｍina", false).unwrap(), "mina");
        assert_eq!(username_key("Mina", true).unwrap(), "Mina");
        assert!(username_key("a\u{0}b", false).is_err());
    }
}
