//! Every page in every language: it renders, it is sound HTML, and the policy lets it work.

mod doors;
mod forms;
mod links;
mod samples;
mod server;
mod tags;
pub(crate) mod texts;

use crate::pages::SOURCES;
use crate::{Brand, Env, Frame, assets};
use keystead_model::{Locale, Texts};
use samples::Sample;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, LazyLock};
use tags::Tag;
use texts::Recorded;

/// Name, language and HTML of every sample, and the keys of texts that were asked for.
type Rendered = (Vec<(String, Locale, String)>, BTreeSet<String>);

/// Every sample in every language; the names say which one a failure is about.
static RENDERED: LazyLock<Rendered> = LazyLock::new(render_all);

/// Templates that are no page by themselves, beside those with a body for others to fill.
const SHARED: [&str; 2] = ["form.html", "parts.html"];

fn render_all() -> Rendered {
    let recorded = Arc::new(Recorded::load());
    let texts: Arc<dyn Texts> = recorded.clone();
    let env = Env::new(&texts).unwrap();
    let brand = Brand::new("Larkfield");
    let mut out = Vec::new();
    for locale in Locale::ALL {
        for (name, sample) in samples::all() {
            let frame =
                Frame { locale, languages: &Locale::ALL, brand: &brand, query: Some("a=1&lang=x") };
            let html = render(&env, frame, &sample).unwrap_or_else(|e| panic!("{name}: {e}"));
            out.push((format!("{name} {}", locale.tag()), locale, html));
        }
    }
    let used = recorded.used();
    (out, used)
}

fn render(env: &Env, frame: Frame<'_>, sample: &Sample) -> Result<String, String> {
    sample.render(env, frame).map_err(|error| error.log_line())
}

#[test]
fn every_template_has_a_sample() {
    let sampled: HashSet<_> = samples::all().iter().map(|(_, s)| s.template).collect();
    let pages = SOURCES.iter().filter(|(_, source)| !source.contains("block body"));
    let pages: HashSet<_> =
        pages.map(|(name, _)| *name).filter(|name| !SHARED.contains(name)).collect();
    assert_eq!(sampled, pages);
}

#[test]
fn every_page_is_sound_in_every_language() {
    for (name, locale, html) in &RENDERED.0 {
        let tags = tags::read(html);
        let count = |wanted: &str| tags.iter().filter(|tag| tag.name == wanted).count();
        for once in ["html", "head", "title", "body", "main", "h1"] {
            assert_eq!(count(once), 1, "{name}: <{once}>");
        }
        assert!(tags.iter().any(|t| t.name == "html" && t.is("lang", locale.tag())), "{name}");
        assert!(html.starts_with("<!doctype html>\n"), "{name}");
        assert!(!tags::text_of(html, "title").trim().is_empty(), "{name}");
        assert!(!tags::text_of(html, "h1").trim().is_empty(), "{name}");
        ids_fit_together(name, &tags);
        fields_have_labels(name, &tags);
        the_policy_lets_it_work(name, &tags);
        tags::assert_balanced(name, html);
    }
}

fn ids_fit_together(name: &str, tags: &[Tag]) {
    let ids: Vec<_> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    let distinct: HashSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len(), "{name}: an id stands twice");
    for tag in tags {
        let links = tag.get("href").and_then(|href| href.strip_prefix('#'));
        let pointers = ["for", "aria-describedby", "aria-labelledby", "data-show"]
            .into_iter()
            .chain(["data-copy-from", "data-status"])
            .filter_map(|attribute| tag.get(attribute))
            .flat_map(str::split_whitespace);
        for id in pointers.chain(links) {
            assert!(ids.contains(&id), "{name}: <{}> points at #{id}", tag.name);
        }
    }
}

fn fields_have_labels(name: &str, tags: &[Tag]) {
    for tag in tags.iter().filter(|tag| tag.name == "input" && !tag.is("type", "hidden")) {
        let id = tag.get("id").unwrap_or_default();
        assert!(tags.iter().any(|t| t.name == "label" && t.is("for", id)), "{name}: {id}");
        if tag.is("type", "password") {
            assert_eq!(tag.get("value"), None, "{name}: a password is never sent back");
        }
        // What marks a field as wrong also names its error.
        let error = format!("{id}-error");
        let says = tag.get("aria-describedby").unwrap_or_default();
        let says_error = says.split_whitespace().any(|word| word == error);
        assert_eq!(tag.is("aria-invalid", "true"), says_error, "{name}: {id}");
    }
    for tag in tags.iter().filter(|tag| tag.name == "svg") {
        assert!(tag.is("aria-hidden", "true"), "{name}: an icon is read out");
    }
}

fn the_policy_lets_it_work(name: &str, tags: &[Tag]) {
    let known: HashSet<&str> = assets::all().map(|asset| asset.path.as_str()).collect();
    for tag in tags {
        assert_ne!(tag.name, "style", "{name}");
        for (attribute, _) in &tag.attributes {
            assert!(attribute != "style" && !attribute.starts_with("on"), "{name}: {attribute}");
        }
        let loads = match tag.name.as_str() {
            "script" => Some(tag.get("src").unwrap_or_default()),
            "link" => tag.get("href"),
            "img" => {
                // The picture of a captcha: inside the page, and described.
                let src = tag.get("src").unwrap_or_default();
                assert!(src.starts_with("data:image/png;base64,"), "{name}: {src}");
                assert!(tag.get("alt").is_some_and(|alt| !alt.is_empty()), "{name}");
                None
            }
            "iframe" | "object" | "embed" | "base" => panic!("{name}: <{}>", tag.name),
            _ => None,
        };
        if let Some(address) = loads {
            assert!(known.contains(address), "{name}: loads {address:?}");
        }
        if tag.name == "form" {
            assert!(tag.is("method", "post") && tag.get("action").is_some(), "{name}");
        }
    }
    let primary = tags.iter().filter(|tag| tag.is("class", "btn primary")).count();
    assert!(primary <= 1, "{name}: {primary} filled buttons");
}

#[test]
fn errors_are_announced() {
    for (name, _, html) in RENDERED.0.iter().filter(|(name, ..)| name.contains(" wrong")) {
        let tags = tags::read(html);
        let alert = tags.iter().find(|tag| tag.is("role", "alert")).unwrap();
        assert!(alert.is("tabindex", "-1") && alert.get("autofocus").is_some(), "{name}");
        let title = tags::text_of(html, "title");
        let starts = ["Error: ", "错误：", "錯誤：", "エラー："];
        assert!(starts.iter().any(|start| title.starts_with(start)), "{name}: {title}");
    }
}

#[test]
fn no_value_becomes_markup() {
    let texts: Arc<dyn Texts> = Arc::new(Recorded::load());
    let env = Env::new(&texts).unwrap();
    let evil = samples::EVIL;
    let brand = Brand::new(evil);
    for locale in Locale::ALL {
        let frame = Frame { locale, languages: &Locale::ALL, brand: &brand, query: Some(evil) };
        for (name, sample) in samples::hostile() {
            let html = render(&env, frame, &sample).unwrap();
            let tags = tags::read(&html);
            assert!(html.contains("&lt;script&gt;"), "{name}: the value is shown");
            assert!(!html.contains("alert(1)<") && !html.contains("<script>"), "{name}");
            for tag in tags.iter().filter(|tag| tag.name == "script") {
                assert!(tag.get("src").is_some(), "{name}");
            }
            the_policy_lets_it_work(name, &tags);
            tags::assert_balanced(name, &html);
        }
    }
}

#[test]
fn language_links_keep_the_query() {
    for (name, locale, html) in &RENDERED.0 {
        let tags = tags::read(html);
        let links: Vec<_> = tags.iter().filter(|tag| tag.get("hreflang").is_some()).collect();
        assert_eq!(links.len(), Locale::ALL.len(), "{name}");
        for link in links {
            let tag = link.get("hreflang").unwrap();
            assert_eq!(link.get("href"), Some(format!("?lang={tag}&amp;a=1").as_str()), "{name}");
            assert_eq!(link.is("aria-current", "true"), tag == locale.tag(), "{name}");
        }
    }
}

#[test]
fn every_language_has_the_same_keys_with_the_same_arguments() {
    let all = texts::load();
    let english = &all[&Locale::EnUs.tag()];
    for (tag, texts) in &all {
        assert!(texts.keys().eq(english.keys()), "{tag}: keys differ from en-US");
        for (key, text) in texts {
            assert_eq!(texts::arguments(text), texts::arguments(&english[key]), "{tag}: {key}");
            assert!(!text.trim().is_empty() && text.trim() == text, "{tag}: {key}");
            assert!(!text.contains(['!', '！']), "{tag}: {key}: no exclamation mark");
        }
    }
    // Readers that make a tree of the dots could not hold both.
    for (key, next) in english.keys().zip(english.keys().skip(1)) {
        assert!(!next.starts_with(&format!("{key}.")), "{key} is a text and a group");
    }
}

#[test]
fn english_uses_our_words() {
    let english = texts::load().remove(Locale::EnUs.tag()).unwrap();
    for (key, text) in english {
        let text = text.to_lowercase();
        for word in ["please", "oops", "invalid", "log in", "login", "sorry"] {
            assert!(!text.contains(word), "{key}: says {word:?}");
        }
    }
}

#[test]
fn no_key_is_missing_and_none_is_unused() {
    let said = &RENDERED.1;
    let named: BTreeSet<String> = [
        crate::problem::text_keys(),
        crate::signin::methods::text_keys(),
        crate::setup::text_keys(),
        crate::consent::text_keys(),
        crate::error::text_keys(),
    ]
    .concat()
    .into_iter()
    .map(str::to_owned)
    .chain(SOURCES.iter().flat_map(|(_, source)| texts::keys_of_template(source)))
    .collect();
    let known: BTreeSet<String> = texts::load()[Locale::EnUs.tag()].keys().cloned().collect();
    let difference = |a: &BTreeSet<String>, b| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(difference(&named, &known), Vec::<String>::new(), "missing");
    assert_eq!(difference(&known, &named), Vec::<String>::new(), "unused");
    assert_eq!(difference(&known, said), Vec::<String>::new(), "in no sample");
}

#[test]
fn every_argument_is_given() {
    // A text may only name arguments that its call gives; what is left over would show as %{…}.
    for (name, _, html) in &RENDERED.0 {
        assert!(!html.contains("%{"), "{name}: an argument was not given");
        assert!(!html.contains("]("), "{name}: a link was not made");
    }
}
