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
    repeated: Vec<String>,
    flaw: Option<Refusal>,
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
        let params = Self::read(text);
        match params.flaw {
            Some(flaw) => Err(flaw),
            None => Ok(params),
        }
    }

    /// As [`Params::parse`], for a request whose refusal can be told to the client: a parameter
    /// that would be refused counts as absent, and [`Params::flaw`] says what was wrong.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut params = Self::default();
        for (n, (name, value)) in form_urlencoded::parse(text.as_bytes()).enumerate() {
            if n >= MAX_COUNT {
                params.flaw.get_or_insert(Refusal::request("there are too many parameters"));
                break;
            }
            if let Err(refusal) = params.take(&name, &value) {
                params.flaw.get_or_insert(refusal);
            }
        }
        params
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        // The decoder puts U+FFFD where bytes were not UTF-8.
        if [name, value].iter().any(|t| t.contains(['\0', '\u{fffd}'])) {
            return Err(Refusal::request("a parameter is not clean UTF-8"));
        }
        if value.len() > MAX_VALUE {
            return Err(Refusal::request(format!("{} is too long", shown(name))));
        }
        let repeated = self.is_repeated(name);
        let twice = repeated || self.pairs.iter().any(|(own, _)| own == name);
        if twice && !REPEATABLE.contains(&name) {
            if !repeated {
                self.pairs.retain(|(own, _)| own != name);
                self.repeated.push(name.to_owned());
            }
            return Err(Refusal::request(format!("{} stands more than once", shown(name))));
        }
        self.pairs.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// The first thing that was wrong with the parameters as such.
    #[must_use]
    pub const fn flaw(&self) -> Option<&Refusal> {
        self.flaw.as_ref()
    }

    /// Whether the parameter stands more than once, so that none of its values counts.
    #[must_use]
    pub fn is_repeated(&self, name: &str) -> bool {
        self.repeated.iter().any(|own| own == name)
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
    fn a_repeated_one_counts_as_absent() {
        let params = Params::read("state=a&client_id=c&state=b&state=d&x=%00");
        assert_eq!((params.get("state"), params.get("client_id")), (None, Some("c")));
        assert_eq!(params.flaw().unwrap().description, "state stands more than once");
        assert!(params.is_repeated("state") && !params.is_repeated("client_id"));
        assert!(Params::read("a=1&resource=p&resource=q").flaw().is_none());
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
