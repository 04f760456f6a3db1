//! Locale files: the same keys in every language, none missing, none unused.

use super::Finding;
use super::tree::{File, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// The folders that together hold the texts, one file per language each.
const FOLDERS: &[&str] = &["crates/keystead/locales/", "crates/keystead-pages/locales/"];
const CODES: &str = "crates/keystead-model/src/codes.rs";
/// The first word of every key.
const AREAS: &[&str] = &["error.", "page.", "mail.", "setting.", "dev."];
/// Endings by which a language tells numbers apart.
const PLURALS: &[&str] = &[".zero", ".one", ".two", ".few", ".many", ".other"];

/// Every language has every key that is used, and none that is not.
pub fn keys(tree: &Tree) -> Vec<Finding> {
    let used = used(tree);
    let mut findings = Vec::new();
    let mut languages: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (language, file) in tree.files.iter().filter_map(|f| Some((language(&f.path)?, f))) {
        let present = keys_of(&file.text);
        for (key, line) in present.iter().filter(|(key, _)| !used.has(key)) {
            findings.push(Finding::new(&file.path, *line, format!("nothing uses `{key}`")));
        }
        languages.entry(language).or_default().extend(present.into_keys());
    }
    for (language, present) in languages {
        let has = |key: &str| present.contains(key) || present.contains(&format!("{key}.other"));
        for (key, place) in used.keys.iter().filter(|(key, _)| !has(key)) {
            let what = format!("`{key}` is missing in {language}");
            findings.push(Finding::new(place, 0, what));
        }
    }
    findings
}

/// The language of a locale file; none for other files.
fn language(path: &str) -> Option<&str> {
    let name = FOLDERS.iter().find_map(|folder| path.strip_prefix(folder))?;
    name.strip_suffix(".toml")
}

/// The keys of one flat file and their lines.
fn keys_of(text: &str) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let Some((key, _)) = line.split_once('=') else { continue };
        let key = key.trim().trim_matches('"');
        if AREAS.iter().any(|area| key.starts_with(area)) {
            keys.insert(key.to_owned(), index + 1);
        }
    }
    keys
}

/// What code and templates use.
#[derive(Default)]
struct Used {
    /// Whole keys, each with one place.
    keys: BTreeMap<String, String>,
    /// Beginnings of keys that code puts together from an enumeration.
    beginnings: BTreeSet<String>,
}

impl Used {
    /// Whether something uses this key, or the key of which it is a plural form.
    fn has(&self, key: &str) -> bool {
        let stem = PLURALS.iter().find_map(|end| key.strip_suffix(end)).unwrap_or(key);
        self.keys.contains_key(key)
            || self.keys.contains_key(stem)
            || self.beginnings.iter().any(|start| key.starts_with(start))
    }
}

/// The keys that code and templates use.
fn used(tree: &Tree) -> Used {
    let mut used = Used::default();
    for file in tree.files.iter().filter(|f| f.path.starts_with("crates/")) {
        let texts: BTreeSet<String> = match file.path.as_str() {
            CODES => error_keys(file),
            path if path.ends_with(".rs") => strings(file),
            path if path.ends_with(".html") || path.ends_with(".txt") => quoted(&file.text),
            _ => continue,
        };
        for text in texts {
            if let Some(start) = beginning(&text) {
                used.beginnings.insert(start.to_owned());
            } else if is_key(&text) {
                used.keys.insert(text, file.path.clone());
            }
        }
    }
    used
}

/// `page.error.` of `page.error.{name}.title` and of `concat!("page.error.", ..)`.
fn beginning(text: &str) -> Option<&str> {
    let (start, _) = text.split_once('{').unwrap_or((text, ""));
    let below_area = AREAS.iter().any(|a| start.len() > a.len() && start.starts_with(a));
    (below_area && start.ends_with('.')).then_some(start)
}

/// `error.` and the key of each row of `codes!`.
fn error_keys(file: &File) -> BTreeSet<String> {
    let code = file.product_tokens();
    let rows = code.windows(3).filter_map(|window| match window {
        [comma, key, end] if comma.text == "," && end.text == ";" => key.string.as_deref(),
        _ => None,
    });
    rows.map(|key| format!("error.{key}")).collect()
}

fn strings(file: &File) -> BTreeSet<String> {
    file.product_tokens().iter().filter_map(|t| t.string.clone()).collect()
}

/// Texts between quotation marks of either kind.
fn quoted(text: &str) -> BTreeSet<String> {
    ['"', '\''].iter().flat_map(|mark| text.split(*mark)).map(str::to_owned).collect()
}

fn is_key(text: &str) -> bool {
    let area = AREAS.iter().any(|area| text.starts_with(area) && text.len() > area.len());
    // `page.js` and the like are files, not keys.
    let file = [".html", ".txt", ".css", ".js", ".svg", ".json"].iter().any(|e| text.ends_with(e));
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c);
    area && text.chars().all(word) && !(file && text.split('.').count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_unused_keys_are_found() {
        let tree = Tree::of(&[
            (CODES, "codes! { /// Taken.\n EmailTaken: Conflict, \"email.taken\"; }"),
            (
                "crates/keystead-pages/templates/signin/login.html",
                "<h1>{{ t(\"page.title\") }}</h1>",
            ),
            (
                "crates/keystead-pages/src/login.rs",
                "fn f() { t(\"page.tries_left\"); t(\"page.error.{name}\"); a(\"page.js\"); }",
            ),
            (
                "crates/keystead/locales/en-US.toml",
                "\"error.email.taken\" = \"a\"\n\"page.title\" = \"b\"\n\"page.error.x\" = \"\"\n\
                 \"page.tries_left.one\" = \"c\"\n\"page.tries_left.other\" = \"d\"\n",
            ),
            (
                "crates/keystead/locales/ja-JP.toml",
                "\"error.email.taken\" = \"a\"\n\"page.old\" = \"b\"\n\
                 \"page.tries_left.other\" = \"\"",
            ),
        ]);
        let found: Vec<String> = keys(&tree).into_iter().map(|f| f.what).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().any(|f| f.contains("`page.title` is missing in ja-JP")));
        assert!(found.iter().any(|f| f.contains("nothing uses `page.old`")));
    }
}
