//! Languages and the trait by which every layer asks for a text.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// A language we have texts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// Simplified Chinese, the default of the Authing dialects.
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en-US")]
    EnUs,
    /// Japanese.
    #[serde(rename = "ja-JP")]
    JaJp,
    /// Traditional Chinese.
    #[serde(rename = "zh-TW")]
    ZhTw,
}

impl Locale {
    /// Every language, in the order pages list them.
    pub const ALL: [Self; 4] = [Self::ZhCn, Self::EnUs, Self::JaJp, Self::ZhTw];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::EnUs => "en-US",
            Self::JaJp => "ja-JP",
            Self::ZhTw => "zh-TW",
        }
    }

    /// Its name in itself, as the language list shows it.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::ZhCn => "简体中文",
            Self::EnUs => "English",
            Self::JaJp => "日本語",
            Self::ZhTw => "繁體中文",
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4), if it names one of
    /// ours.
    #[must_use]
    pub fn negotiate(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, Self)> = header
            .split(',')
            .take(32)
            .filter_map(|part| {
                let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
                let weight = weight.trim().parse().ok().filter(|w: &f32| *w > 0.0)?;
                Some((weight, Self::closest(tag.trim())?))
            })
            .collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map(|(_, locale)| *locale)
    }

    /// The language a tag means, its region or script aside where we have only one.
    #[must_use]
    pub fn closest(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "zh" if parts.any(|p| matches!(p, "tw" | "hk" | "mo" | "hant")) => Some(Self::ZhTw),
            "zh" => Some(Self::ZhCn),
            "en" => Some(Self::EnUs),
            "ja" => Some(Self::JaJp),
            _ => None,
        }
    }
}

impl FromStr for Locale {
    type Err = ();

    /// Reads exactly one of our tags, upper and lower case alike.
    fn from_str(tag: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|l| l.tag().eq_ignore_ascii_case(tag)).ok_or(())
    }
}

/// Where texts come from; the leaf implements it over the locale files.
pub trait Texts: Send + Sync {
    /// The text of `key` in this language with `{name}` replaced by each argument; an argument
    /// `count` picks the plural form. A missing key answers the key itself and is logged; a test
    /// proves that none is missing.
    fn text(&self, locale: Locale, key: &str, args: &[(&str, String)]) -> String;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_is_negotiated() {
        for (header, want) in [
            ("ja,en;q=0.5", Some(Locale::JaJp)),
            ("en;q=0.2, zh-Hant-HK;q=0.9", Some(Locale::ZhTw)),
            ("fr, de;q=0.9", None),
            ("zh", Some(Locale::ZhCn)),
            ("en;q=0", None),
            ("", None),
        ] {
            assert_eq!(Locale::negotiate(header), want, "{header}");
        }
    }
}
