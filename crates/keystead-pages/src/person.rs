//! The person a page speaks about: name, second line, initials.

use serde::Serialize;

/// A person as a page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    name: String,
    address: Option<String>,
    initials: String,
}

impl Person {
    /// A person with a name (or, without one, their address) and an e-mail, phone or user name
    /// as second line.
    #[must_use]
    pub fn new(name: Option<&str>, address: &str) -> Self {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let shown = name.unwrap_or(address);
        Self {
            name: shown.to_owned(),
            address: name.filter(|name| *name != address).map(|_| address.to_owned()),
            initials: initials(shown),
        }
    }
}

/// The first letters of the first and last word, or the first letter of a single one.
fn initials(name: &str) -> String {
    let mut letters =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names() {
        for (name, want) in [
            ("Mina Okafor", "MO"),
            ("Ana de la Cruz", "AC"),
            ("mina@larkfield.example", "M"),
            ("王小明", "王"),
            ("(x) y", "XY"),
            ("", ""),
        ] {
            assert_eq!(initials(name), want, "{name}");
        }
    }

    #[test]
    fn an_address_is_not_said_twice() {
        let mina = Person::new(Some("Mina"), "mina@larkfield.example");
        assert_eq!(mina.address.as_deref(), Some("mina@larkfield.example"));
        assert_eq!(Person::new(Some(" "), "mina").address, None);
        assert_eq!(Person::new(Some("mina"), "mina").address, None);
    }
}
