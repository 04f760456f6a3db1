//! The template engine: always escaping, strict about what is not there, bounded in work.

use crate::brand::Brand;
use crate::pages::{Page, SOURCES};
use crate::{assets, languages, markup, wording};
use keystead_model::{Code, Error, Locale, Result, Texts};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, context};
use std::sync::Arc;

/// Work one page may cost (instructions and bytes written, in the engine's own unit); a template
/// of a pool that loops is stopped here.
const FUEL: u64 = 2_000_000;

/// What surrounds a page: language, brand, and the query that language links repeat.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The language of the page.
    pub locale: Locale,
    /// The languages that its links offer, in their order.
    pub languages: &'a [Locale],
    /// The name the page speaks for.
    pub brand: &'a Brand,
    /// The query of this request without its `?`, repeated by the language links. `None` shows
    /// no language links: the page cannot be asked for again by GET.
    pub query: Option<&'a str>,
}

/// The templates, ready to render; cheap to keep one per pool that has its own.
#[derive(Clone)]
pub struct Env {
    /// One engine per language, so that `t` knows its language inside macros, too. They share
    /// the compiled templates.
    engines: [Environment<'static>; Locale::ALL.len()],
}

impl Env {
    /// The product's own templates, with texts from here.
    ///
    /// # Errors
    /// `internal` when a template does not compile (a test proves that all do).
    pub fn new(texts: &Arc<dyn Texts>) -> Result<Self> {
        let base = base_engine(SOURCES).map_err(internal)?;
        let engine = |locale| {
            let mut engine = base.clone();
            engine.add_function("t", wording::text_function(Arc::clone(texts), locale));
            engine
        };
        Ok(Self { engines: Locale::ALL.map(engine) })
    }

    /// A copy in which these templates (name, source) take the place of the product's own.
    ///
    /// # Errors
    /// `field.invalid` for the first template that has no name of ours or does not compile; the
    /// cause says where.
    pub fn with_templates(&self, replaced: &[(&str, &str)]) -> Result<Self> {
        let mut copy = self.clone();
        for (name, source) in replaced {
            let known = SOURCES.iter().any(|(known, _)| known == name);
            let bad = || Error::new(Code::FieldInvalid).field((*name).to_owned());
            if !known {
                return Err(bad().arg("expected", "the name of a template"));
            }
            for engine in &mut copy.engines {
                engine
                    .add_template_owned((*name).to_owned(), (*source).to_owned())
                    .map_err(|cause| bad().arg("expected", "a template").caused_by(cause))?;
            }
        }
        Ok(copy)
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// `internal` when the template uses something the page does not have, or costs too much.
    pub fn render<P: Page>(&self, frame: Frame<'_>, page: &P) -> Result<String> {
        let engine = self.engine(frame.locale).ok_or_else(|| Error::new(Code::Internal))?;
        let languages =
            frame.query.map(|query| languages::links(query, frame.languages, frame.locale));
        let values = context! {
            page => Value::from(Serde(page)),
            brand => Value::from(Serde(frame.brand)),
            locale => frame.locale.tag(),
            languages => Value::from(Serde(languages.unwrap_or_default())),
        };
        engine.get_template(P::TEMPLATE).and_then(|t| t.render(values)).map_err(internal)
    }

    fn engine(&self, locale: Locale) -> Option<&Environment<'static>> {
        let at = Locale::ALL.iter().position(|known| *known == locale)?;
        self.engines.get(at)
    }
}

/// An engine with these templates (name, source) and our rules for all of them.
pub(crate) fn base_engine(
    sources: &[(&'static str, &'static str)],
) -> std::result::Result<Environment<'static>, minijinja::Error> {
    let mut engine = Environment::new();
    // Tags alone on their line leave no blank line behind.
    engine.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|_| AutoEscape::Html);
    engine.set_formatter(markup::format);
    engine.set_fuel(Some(FUEL));
    engine.set_debug(false);
    // Ways around escaping, and the one function that prints everything it sees.
    for filter in ["safe", "tojson"] {
        engine.remove_filter(filter);
    }
    engine.remove_global("debug");
    engine.add_function("asset", |name: &str| {
        assets::path(name).ok_or_else(|| {
            minijinja::Error::new(
                ErrorKind::InvalidOperation,
                format!("no asset is named `{name}`"),
            )
        })
    });
    for (name, source) in sources {
        engine.add_template(name, source)?;
    }
    Ok(engine)
}

fn internal(cause: minijinja::Error) -> Error {
    Error::new(Code::Internal).caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logout::SignedOutPage;

    struct Keys;

    impl Texts for Keys {
        fn text(&self, _: Locale, key: &str, _: &[(&str, String)]) -> String {
            key.to_owned()
        }
    }

    /// Renders the page "signed out" through a template of a pool.
    fn replaced(source: &str) -> Result<String> {
        let brand = Brand::new("</title><script>");
        let frame =
            Frame { locale: Locale::EnUs, languages: &Locale::ALL, brand: &brand, query: None };
        let texts: Arc<dyn Texts> = Arc::new(Keys);
        let env = Env::new(&texts)?.with_templates(&[(SignedOutPage::TEMPLATE, source)])?;
        env.render(frame, &SignedOutPage::default())
    }

    #[test]
    fn a_template_of_a_pool_cannot_switch_escaping_off() {
        for source in [
            "{{ brand.name }}",
            "{% autoescape false %}{{ brand.name }}{% endautoescape %}",
            "{% set x %}{{ brand.name }}{% endset %}{{ x }}",
            "{% filter upper %}{{ brand.name }}{% endfilter %}",
        ] {
            assert!(!replaced(source).unwrap().contains('<'), "{source}");
        }
        for source in ["{{ brand.name|safe }}", "{{ brand.name|tojson }}", "{{ debug() }}"] {
            assert!(replaced(source).is_err(), "{source}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_template_is_an_error() {
        for source in ["{{ page.nothing }}", "{% if nothing %}{% endif %}", "{{ asset('x') }}"] {
            assert_eq!(replaced(source).unwrap_err().code(), Code::Internal, "{source}");
        }
        assert_eq!(replaced("{% if %}").unwrap_err().code(), Code::FieldInvalid);
        let texts: Arc<dyn Texts> = Arc::new(Keys);
        let unknown = Env::new(&texts).unwrap().with_templates(&[("other.html", "")]);
        assert_eq!(unknown.err().unwrap().code(), Code::FieldInvalid);
    }

    #[test]
    fn a_template_that_loops_is_stopped() {
        let loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
        assert_eq!(replaced(loops).unwrap_err().code(), Code::Internal);
    }
}
