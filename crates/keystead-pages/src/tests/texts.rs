//! The locale files, read as tests need them.

use keystead_model::{Locale, Texts};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

/// Key and text, in order.
pub type Sentences = BTreeMap<String, String>;

/// Every locale file, by its tag.
pub fn load() -> BTreeMap<&'static str, Sentences> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/");
    Locale::ALL
        .into_iter()
        .map(|locale| {
            let file = std::fs::read_to_string(format!("{folder}{}.toml", locale.tag())).unwrap();
            (locale.tag(), toml::from_str(&file).unwrap())
        })
        .collect()
}

/// Texts from the files that remember which keys were asked for.
pub struct Recorded {
    texts: BTreeMap<&'static str, Sentences>,
    used: Mutex<BTreeSet<String>>,
}

impl Recorded {
    pub fn load() -> Self {
        Self { texts: load(), used: Mutex::default() }
    }

    pub fn used(&self) -> BTreeSet<String> {
        self.used.lock().unwrap().clone()
    }
}

impl Texts for Recorded {
    fn text(&self, locale: Locale, key: &str, args: &[(&str, String)]) -> String {
        self.used.lock().unwrap().insert(key.to_owned());
        let sentence = self.texts[locale.tag()].get(key);
        let sentence = sentence.unwrap_or_else(|| panic!("no text for {key}"));
        args.iter().fold(sentence.clone(), |text, (name, value)| {
            text.replace(&format!("%{{{name}}}"), value)
        })
    }
}

/// The arguments and links a text names.
pub fn arguments(text: &str) -> BTreeSet<&str> {
    let between = |open, close| {
        text.split(open).skip(1).filter_map(move |rest: &str| Some(rest.split_once(close)?.0))
    };
    between("%{", '}').chain(between("](", ')')).collect()
}

/// The keys a template names literally.
pub fn keys_of_template(source: &str) -> Vec<String> {
    let source = source.replace("asset(", "");
    let calls = source.split("t(\"").skip(1).filter_map(|rest| rest.split_once('"'));
    calls.map(|(key, _)| key.to_owned()).filter(|key| key.starts_with("page.")).collect()
}
