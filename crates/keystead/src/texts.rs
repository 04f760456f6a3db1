//! Texts from the locale files: look-up by language and key, arguments, plural forms.
//!
//! The files are read at build time. A key that ends in `.one`, `.other` and so on is a plural
//! form; which forms a language has is said by CLDR.

use icu_locale_core::LanguageIdentifier;
use icu_plurals::{PluralCategory, PluralRules};
use keystead_model::{Locale, Texts};
use std::borrow::Cow;

/// The error texts and mails, which this crate owns.
#[allow(missing_docs, clippy::indexing_slicing, reason = "made by the macro")]
mod own {
    rust_i18n::i18n!("locales");

    pub fn find(locale: &str, key: &str) -> Option<std::borrow::Cow<'static, str>> {
        _rust_i18n_try_translate(locale, key)
    }
}

/// The texts of the pages.
#[allow(missing_docs, clippy::indexing_slicing, reason = "made by the macro")]
mod pages {
    rust_i18n::i18n!("../keystead-pages/locales");

    pub fn find(locale: &str, key: &str) -> Option<std::borrow::Cow<'static, str>> {
        _rust_i18n_try_translate(locale, key)
    }
}

/// The argument that chooses the plural form.
const COUNT: &str = "count";

/// All texts, in all languages.
#[derive(Clone, Copy, Debug, Default)]
pub struct LocaleFiles;

impl LocaleFiles {
    fn find(self, locale: Locale, key: &str, count: Option<&str>) -> Option<Cow<'static, str>> {
        let plural = count.and_then(|count| {
            let form = format!("{key}.{}", name(category(locale, count)));
            look_up(locale, &form)
        });
        plural.or_else(|| look_up(locale, key))
    }
}

impl Texts for LocaleFiles {
    fn text(&self, locale: Locale, key: &str, args: &[(&str, String)]) -> String {
        let count = args.iter().find(|(name, _)| *name == COUNT).map(|(_, n)| n.as_str());
        let Some(text) = self.find(locale, key, count) else {
            tracing::error!(locale = locale.tag(), key, "a text is missing");
            return key.to_owned();
        };
        if placeholders(&text).any(|wanted| args.iter().all(|(name, _)| *name != wanted)) {
            tracing::error!(locale = locale.tag(), key, "an argument of a text is missing");
        }
        let (names, values): (Vec<&str>, Vec<String>) = args.iter().cloned().unzip();
        rust_i18n::replace_patterns(&text, &names, &values)
    }
}

fn look_up(locale: Locale, key: &str) -> Option<Cow<'static, str>> {
    own::find(locale.tag(), key).or_else(|| pages::find(locale.tag(), key))
}

fn category(locale: Locale, count: &str) -> PluralCategory {
    match (rules(locale), count.parse::<u64>()) {
        (Some(rules), Ok(n)) => rules.category_for(n),
        _ => PluralCategory::Other,
    }
}

/// The rules of a language; they are compiled in, so this finds them and builds nothing.
fn rules(locale: Locale) -> Option<PluralRules> {
    let language: LanguageIdentifier = locale.tag().parse().ok()?;
    PluralRules::try_new_cardinal((&language).into()).ok()
}

/// The end of the key of a plural form.
const fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// The names between `%{` and `}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

#[cfg(test)]
mod letters;
#[cfg(test)]
mod tests;
