//! The language links at the foot of a page: `?lang=xx` and whatever the query held before.

use keystead_model::Locale;
use serde::Serialize;

/// The parameter that carries the language.
pub const LANGUAGE_PARAMETER: &str = "lang";

/// The longest query that the links repeat, in bytes; a longer one is dropped.
const QUERY_MAX: usize = 8_192;

/// One link of the list.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Language {
    tag: &'static str,
    name: &'static str,
    href: String,
    current: bool,
}

/// The links for a page that was asked for with this query (without its `?`).
pub(crate) fn links(query: &str, offered: &[Locale], current: Locale) -> Vec<Language> {
    let kept = if query.len() > QUERY_MAX { "" } else { query };
    offered
        .iter()
        .map(|&locale| Language {
            tag: locale.tag(),
            name: locale.own_name(),
            href: link(kept, locale),
            current: locale == current,
        })
        .collect()
}

fn link(query: &str, locale: Locale) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.append_pair(LANGUAGE_PARAMETER, locale.tag());
    out.extend_pairs(
        form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != LANGUAGE_PARAMETER),
    );
    format!("?{}", out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_parameters_stay() {
        for (query, want) in [
            ("", "?lang=ja-JP"),
            ("lang=en-US", "?lang=ja-JP"),
            ("a=1&lang=x&b=%26%20&a=2&lang=y", "?lang=ja-JP&a=1&b=%26+&a=2"),
            ("\"><script>", "?lang=ja-JP&%22%3E%3Cscript%3E="),
        ] {
            assert_eq!(link(query, Locale::JaJp), want);
        }
    }

    #[test]
    fn one_link_is_current_and_a_long_query_is_dropped() {
        let all = links(&"x".repeat(QUERY_MAX + 1), &Locale::ALL, Locale::ZhTw);
        let current: Vec<_> = all.iter().filter(|l| l.current).collect();
        assert_eq!(current.len(), 1);
        assert_eq!((current[0].tag, current[0].href.as_str()), ("zh-TW", "?lang=zh-TW"));
    }
}
