//! Countries that have a calling code: their ISO 3166-1 codes and names in every language.

use crate::Locale;

/// One country a line: alpha-2, alpha-3, calling code, names in zh-CN, en-US, zh-TW, ja-JP. The
/// names are those of Unicode's CLDR.
const TABLE: &str = include_str!("countries.tsv");

/// A country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2, such as `JP`.
    pub alpha2: &'static str,
    /// ISO 3166-1 alpha-3, such as `JPN`.
    pub alpha3: &'static str,
    /// Calling code with its plus sign, such as `+81`; several countries may share one.
    pub calling_code: &'static str,
    names: [&'static str; 4],
}

impl Country {
    /// Its name in this language.
    #[must_use]
    pub const fn name(&self, locale: Locale) -> &'static str {
        let [simplified, english, traditional, japanese] = self.names;
        match locale {
            Locale::ZhCn => simplified,
            Locale::EnUs => english,
            Locale::ZhTw => traditional,
            Locale::JaJp => japanese,
        }
    }

    /// Its flag: two regional indicators (Unicode UTS 51, annex B).
    #[must_use]
    pub fn flag(&self) -> String {
        let indicator = |letter: u8| {
            char::from_u32(0x1_F1E6 + u32::from(letter.saturating_sub(b'A'))).unwrap_or_default()
        };
        self.alpha2.bytes().map(indicator).collect()
    }
}

/// Every country, by its alpha-2 code.
pub fn all() -> impl Iterator<Item = Country> {
    TABLE.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        let mut next = || cells.next();
        Some(Country {
            alpha2: next()?,
            alpha3: next()?,
            calling_code: next()?,
            names: [next()?, next()?, next()?, next()?],
        })
    })
}

/// A phone number with `+` in its calling code and the rest; `None` when no country has the code.
/// No calling code begins another (ITU-T E.164), so there is one answer.
#[must_use]
pub fn split(number: &str) -> Option<(&'static str, &str)> {
    all().find_map(|country| {
        let rest = number.strip_prefix(country.calling_code)?;
        Some((country.calling_code, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_line_is_a_country_of_its_own() {
        let countries: Vec<_> = all().collect();
        assert_eq!(countries.len(), TABLE.lines().count());
        let codes: HashSet<_> = countries.iter().map(|c| c.alpha2).collect();
        assert_eq!(codes.len(), countries.len());
        for country in &countries {
            assert!(country.alpha2.len() == 2 && country.alpha3.len() == 3, "{country:?}");
            let digits = country.calling_code.strip_prefix('+').unwrap();
            assert!(digits.bytes().all(|b| b.is_ascii_digit()), "{country:?}");
            assert!(country.names.iter().all(|name| !name.is_empty()), "{country:?}");
        }
    }

    #[test]
    fn numbers_are_split_after_their_calling_code() {
        assert_eq!(split("+8613900000001"), Some(("+86", "13900000001")));
        assert_eq!(split("+12025550123"), Some(("+1", "2025550123")));
        assert_eq!(split("+35812345"), Some(("+358", "12345")));
        assert_eq!(split("+0123"), None);
        let codes: HashSet<_> = all().map(|c| c.calling_code).collect();
        let begins = |a: &&str| codes.iter().any(|b| b != a && b.starts_with(*a));
        assert_eq!(codes.iter().copied().find(|a| begins(a)), None);
    }

    #[test]
    fn a_country_has_four_names_and_a_flag() {
        let japan = all().find(|c| c.alpha2 == "JP").unwrap();
        assert_eq!((japan.alpha3, japan.calling_code), ("JPN", "+81"));
        assert_eq!(japan.name(Locale::EnUs), "Japan");
        assert_eq!(japan.name(Locale::JaJp), "日本");
        assert_eq!(japan.flag(), "🇯🇵");
    }
}
