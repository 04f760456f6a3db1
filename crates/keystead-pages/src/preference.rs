//! The language a person reads: chosen by a link, remembered in a cookie, else the browser's.

use crate::languages::LANGUAGE_PARAMETER;
use http::HeaderMap;
use keystead_core::Cx;
use keystead_model::Locale;
use keystead_web::{cookies, facts};

/// The cookie with the language that was chosen last.
pub const COOKIE: &str = "ks-lang";

/// How long it is remembered, in seconds: a year.
const MAX_AGE_S: u32 = 31_536_000;

/// The language of a request: `?lang=`, then the cookie, then `Accept-Language`, then the default.
#[must_use]
pub fn locale(headers: &HeaderMap, query: &str) -> Locale {
    chosen(query).or_else(|| remembered(headers)).or_else(|| preferred(headers)).unwrap_or_default()
}

/// The languages that the pool's pages are offered in, in its order.
#[must_use]
pub fn offered(cx: &Cx) -> &[Locale] {
    let languages = &cx.settings().languages;
    if languages.is_empty() { &Locale::ALL } else { languages }
}

/// The language of a request to a page of the pool: chosen, remembered or preferred, if the pool
/// offers it; else the pool's first.
#[must_use]
pub fn of_pool(cx: &Cx) -> Locale {
    let (offered, evidence) = (offered(cx), &cx.request.evidence);
    let is_offered = |locale: &Locale| offered.contains(locale);
    let remembered = || evidence.cookie(COOKIE).and_then(|tag| tag.parse().ok());
    let preferred = || evidence.languages.as_deref().and_then(Locale::negotiate);
    chosen(&evidence.query)
        .filter(is_offered)
        .or_else(|| remembered().filter(is_offered))
        .or_else(|| preferred().filter(is_offered))
        .or_else(|| offered.first().copied())
        .unwrap_or_default()
}

/// The header value that remembers the language this query chooses, if it chooses one of ours.
#[must_use]
pub fn set_cookie(query: &str) -> Option<String> {
    let tag = chosen(query)?.tag();
    Some(format!("{COOKIE}={tag}; Path=/; Max-Age={MAX_AGE_S}; Secure; HttpOnly; SameSite=Lax"))
}

fn chosen(query: &str) -> Option<Locale> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, tag) = pairs.find(|(name, _)| name == LANGUAGE_PARAMETER)?;
    Locale::closest(&tag)
}

fn remembered(headers: &HeaderMap) -> Option<Locale> {
    let cookies = cookies::read(headers);
    cookies.iter().find(|(name, _)| name == COOKIE).and_then(|(_, tag)| tag.parse().ok())
}

fn preferred(headers: &HeaderMap) -> Option<Locale> {
    facts::header(headers, "accept-language").and_then(Locale::negotiate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_counts_before_the_cookie_before_the_browser() {
        for (query, cookie, browser, want) in [
            ("lang=ja-JP&x=1", "ks-lang=zh-TW", "en", Locale::JaJp),
            ("x=1", "a=b; ks-lang=zh-TW", "en", Locale::ZhTw),
            ("lang=fr", "ks-lang=fr", "en", Locale::EnUs),
            ("", "", "fr", Locale::ZhCn),
            ("lang=en", "", "", Locale::EnUs),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("cookie", cookie.parse().unwrap());
            headers.insert("accept-language", browser.parse().unwrap());
            assert_eq!(locale(&headers, query), want, "{query} {cookie} {browser}");
        }
        assert_eq!(locale(&HeaderMap::new(), ""), Locale::ZhCn);
    }

    #[test]
    fn only_a_choice_of_ours_is_remembered() {
        let set = set_cookie("a=b&lang=zh-tw").unwrap();
        assert!(set.starts_with("ks-lang=zh-TW; Path=/; "), "{set}");
        for query in ["", "lang=", "lang=fr", "lang=%0d%0aset-cookie", "language=en"] {
            assert_eq!(set_cookie(query), None, "{query}");
        }
    }
}
