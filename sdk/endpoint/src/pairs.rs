//! Reads `application/x-www-form-urlencoded` text strictly.

use crate::decode::DecodeError;
use percent_encoding::percent_decode_str;

/// The decoded pairs of a query or a form body, in their order.
///
/// A parser of browsers replaces broken UTF-8; here it is an error, so that what was signed,
/// checked and stored is the same text.
///
/// # Errors
/// `Malformed` if a name or a value is not UTF-8 once decoded.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, DecodeError> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((plain(name)?, plain(value)?))
        })
        .collect()
}

fn plain(text: &str) -> Result<String, DecodeError> {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| DecodeError::malformed("the percent-encoded text is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_in_order() {
        let read = pairs("a=1&&b[]=x+y&b%5B%5D=%E4%B8%AD&c&d=%zz").unwrap();
        let expected = [("a", "1"), ("b[]", "x y"), ("b[]", "中"), ("c", ""), ("d", "%zz")];
        assert_eq!(read, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }

    #[test]
    fn broken_utf8_is_refused() {
        for text in ["a=%FF", "%C3=1", "a=%ED%A0%80"] {
            assert!(pairs(text).is_err(), "{text}");
        }
    }
}
