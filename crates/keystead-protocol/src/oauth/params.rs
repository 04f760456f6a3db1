//! Parameters of a query or form, each at most once.

use super::errors::Refusal;

/// The most parameters of one request.
const MAX_COUNT: usize = 100;
/// The longest value, in bytes; an `id_token_hint` is the longest that is meant to come.
const MAX_VALUE: usize = 16_384;
/// Parameters that may stand more than once (RFC 8707, 2).
const REPEATABLE: [&str; 1] = ["resource"];

/// Decoded parameters. A parameter without a value counts as absent (RFC 6749, 3.1).
///
/// `Debug` shows names only: values may be secrets.
#[derive(Clone, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
}

impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.pairs.iter().map(|(name, _)| name)).finish()
    }
}

impl Params {
    /// Decodes a query (without `?`) or a body of type `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// `invalid_request` when a parameter stands twice (RFC 6749, 3.1), when there are too many,
    /// when one is too long, holds NUL or is not UTF-8.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            if pairs.len() >= MAX_COUNT {
                return Err(Refusal::request("there are too many parameters"));
            }
            // The decoder puts U+FFFD where bytes were not UTF-8.
            if [&name, &value].iter().any(|t| t.contains(['\0', '\u{fffd}'])) {
                return Err(Refusal::request("a parameter is not clean UTF-8"));
            }
            if value.len() > MAX_VALUE {
                return Err(Refusal::request(format!("{} is too long", shown(&name))));
            }
            let twice = pairs.iter().any(|(own, _)| *own == name);
            if twice && !REPEATABLE.contains(&&*name) {
                return Err(Refusal::request(format!("{} stands more than once", shown(&name))));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self { pairs })
    }

    /// The value of a parameter; none when it is absent or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(own, value)| own == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// The values of a parameter that may stand more than once.
    pub fn all<'a>(&'a self, name: &'static str) -> impl Iterator<Item = &'a str> {
        self.pairs
            .iter()
            .filter(move |(own, value)| own == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that has to be there.
    ///
    /// # Errors
    /// `invalid_request` names it.
    pub fn require(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::request(format!("{name} is missing")))
    }
}

/// The part of a foreign parameter name that a message may show.
fn shown(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        let params = Params::parse("a=1&b=x+y%20z&c=&d&e=%E5%AF%86&resource=p&resource=q").unwrap();
        for (name, want) in [
            ("a", Some("1")),
            ("b", Some("x y z")),
            ("c", None),
            ("d", None),
            ("e", Some("密")),
            ("f", None),
            ("A", None),
        ] {
            assert_eq!(params.get(name), want, "{name}");
        }
        assert_eq!(params.all("resource").collect::<Vec<_>>(), ["p", "q"]);
        assert_eq!(params.require("f").unwrap_err().description, "f is missing");
        assert!(!format!("{params:?}").contains('1'));
    }

    #[test]
    fn refused() {
        let too_many: String = (0..101).map(|i| format!("p{i}=1&")).collect();
        for text in [
            "state=a&state=b",
            "state=a&state=a",
            "state=&state=a",
            "st%61te=a&state=b",
            "client_id=a&x=1&client_id=b",
            "a=%00",
            "a=%ff",
            "%00=a",
            &too_many,
            &format!("a={}", "x".repeat(MAX_VALUE + 1)),
        ] {
            let refusal = Params::parse(text).unwrap_err();
            assert_eq!(refusal.code(), "invalid_request", "{text:.40}");
        }
        let refusal = Params::parse("%0d%0aX:=1&%0d%0aX:=1").unwrap_err();
        assert_eq!(refusal.description, "X stands more than once");
    }
}
