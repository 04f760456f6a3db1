//! Tests that the locale files agree with each other, with the codes and with CLDR.

use super::*;
use keystead_model::Code;
use std::collections::{BTreeMap, BTreeSet};

/// The texts of a language in both folders, read from the files themselves.
fn files(locale: Locale) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for folder in ["locales", "../keystead-pages/locales"] {
        let path = format!("{}/{folder}/{}.toml", env!("CARGO_MANIFEST_DIR"), locale.tag());
        let Ok(file) = std::fs::read_to_string(&path) else {
            assert_ne!(folder, "locales", "{path} is missing");
            continue;
        };
        let table: toml::Table = file.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
        for (key, value) in table {
            let value = value.as_str().unwrap_or_else(|| panic!("{path}: `{key}` is not flat"));
            let before = texts.insert(key.clone(), value.to_owned());
            assert!(before.is_none(), "{path}: `{key}` stands in both folders");
        }
    }
    texts
}

/// The key without its plural form, and the form.
fn split(key: &str) -> (&str, Option<&str>) {
    match key.rsplit_once('.') {
        Some((base, form @ ("zero" | "one" | "two" | "few" | "many" | "other"))) => {
            (base, Some(form))
        }
        _ => (key, None),
    }
}

/// The placeholders of each key, over all its plural forms.
fn shape(texts: &BTreeMap<String, String>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut shape: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, text) in texts {
        shape.entry(split(key).0).or_default().extend(placeholders(text));
    }
    shape
}

#[test]
fn all_languages_have_the_same_keys_and_placeholders() {
    let english = files(Locale::EnUs);
    let wanted = shape(&english);
    for locale in Locale::ALL {
        let texts = files(locale);
        let found = shape(&texts);
        let keys = |shape: &BTreeMap<&str, _>| -> BTreeSet<String> {
            shape.keys().map(ToString::to_string).collect()
        };
        let (ours, theirs) = (keys(&found), keys(&wanted));
        assert_eq!(ours, theirs, "keys of {}", locale.tag());
        for (key, names) in &wanted {
            assert_eq!(&found[key], names, "placeholders of {key} in {}", locale.tag());
        }
    }
}

/// The keys that have plural forms: those with a `.one` in English, or with a count in a form.
fn plurals() -> BTreeSet<String> {
    let counted = |(key, text): (String, String)| {
        let (base, form) = split(&key);
        let is = form == Some("one") || form.is_some() && placeholders(&text).any(|p| p == COUNT);
        is.then(|| base.to_owned())
    };
    files(Locale::EnUs).into_iter().filter_map(counted).collect()
}

#[test]
fn plural_forms_are_exactly_those_of_the_language() {
    for locale in Locale::ALL {
        let rules = rules(locale).unwrap();
        let wanted: BTreeSet<&str> = rules.categories().map(name).collect();
        let texts = files(locale);
        for base in plurals() {
            let of_base = |key: &&String| split(key).0 == base;
            let forms: Option<BTreeSet<&str>> =
                texts.keys().filter(of_base).map(|key| split(key).1).collect();
            assert_eq!(forms.as_ref(), Some(&wanted), "forms of {base} in {}", locale.tag());
            for (count, form) in [("1", category(locale, "1")), ("7", category(locale, "7"))] {
                let built = LocaleFiles.find(locale, &base, Some(count));
                let file = texts.get(&format!("{base}.{}", name(form)));
                assert_eq!(built.as_deref(), file.map(String::as_str), "{base} {count}");
            }
        }
    }
}

#[test]
fn every_error_code_has_a_text_and_no_error_text_lacks_its_code() {
    let codes: BTreeSet<String> = Code::ALL.iter().map(|c| c.text_key().to_owned()).collect();
    for locale in Locale::ALL {
        let texts = files(locale);
        let errors: BTreeSet<String> =
            texts.keys().filter(|key| key.starts_with("error.")).cloned().collect();
        assert_eq!(errors, codes, "{}", locale.tag());
    }
}

#[test]
fn texts_are_plain() {
    let words = ["please", "oops", "invalid", "log in", "login", "!", "！", "您好"];
    for locale in Locale::ALL {
        for (key, text) in files(locale) {
            let lower = text.to_lowercase();
            if key == "error.role.code_invalid" {
                // The package's own specs expect these very words (`v3_tests.tsv`).
                continue;
            }
            // Names of parameters and of things of the protocols may hold such a word.
            let found = words.iter().find(|word| lower.contains(**word));
            assert_eq!(found, None, "{key} in {}: {text}", locale.tag());
            assert_eq!(text.trim(), text, "{key} in {}", locale.tag());
            assert!(!text.is_empty(), "{key} in {}", locale.tag());
        }
    }
}

#[test]
fn what_is_built_in_is_what_the_files_say() {
    let built = LocaleFiles;
    for locale in Locale::ALL {
        for (key, text) in files(locale) {
            assert_eq!(built.find(locale, &key, None).as_deref(), Some(text.as_str()), "{key}");
        }
    }
}

#[test]
fn arguments_are_put_in_once() {
    let built = LocaleFiles;
    let args = [
        ("min", "1".to_owned()),
        ("max", "%{field}".to_owned()),
        ("field", "%{min}".to_owned()),
        ("other", "x".to_owned()),
    ];
    let text = built.text(Locale::EnUs, "error.field.range", &args);
    assert_eq!(text, "The field %{min} is out of range. Use a number from 1 to %{field}.");
    assert_eq!(built.text(Locale::JaJp, "no.such.key", &args), "no.such.key");
}

#[test]
fn the_count_chooses_the_form() {
    for (locale, count, want) in [
        (Locale::EnUs, "1", "one"),
        (Locale::EnUs, "0", "other"),
        (Locale::EnUs, "2", "other"),
        (Locale::EnUs, "many", "other"),
        (Locale::ZhCn, "1", "other"),
        (Locale::ZhTw, "1", "other"),
        (Locale::JaJp, "1", "other"),
    ] {
        assert_eq!(name(category(locale, count)), want, "{count} in {}", locale.tag());
    }
    // A text without plural forms may carry a count.
    let args = [("count", "1".to_owned())];
    assert!(LocaleFiles.text(Locale::EnUs, "error.busy", &args).contains("busy"));
}
