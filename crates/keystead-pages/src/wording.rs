//! The function `t` of the templates: a whole sentence in the page's language, links inside it.

use crate::markup::{escape, html};
use keystead_model::{Locale, Texts};
use minijinja::value::{Kwargs, Value};
use minijinja::{Error, ErrorKind};
use std::sync::Arc;

/// Stands before the number of an argument while the sentence is escaped; no text holds it.
const OPEN: char = '\u{E000}';
/// Stands behind it.
const CLOSE: char = '\u{E001}';

/// Makes `t(key, name=value)` for one language.
///
/// An argument stands as `%{name}` in the sentence. A link stands as `[words](name)`; the
/// argument of that name is its address. The answer is markup: sentence and arguments are
/// escaped, except arguments that are markup themselves.
pub(crate) fn text_function(
    texts: Arc<dyn Texts>,
    locale: Locale,
) -> impl Fn(&str, Kwargs) -> Result<Value, Error> + Send + Sync + 'static {
    move |key, kwargs| {
        let args = arguments(&kwargs)?;
        let marked: Vec<(&str, String)> =
            args.iter().enumerate().map(|(at, arg)| (arg.name, mark(at, arg))).collect();
        let sentence = escape(&texts.text(locale, key, &marked));
        let linked = links(&sentence, &args)
            .map_err(|name| error(format!("the text `{key}` links to `{name}`, not given")))?;
        Ok(Value::from_safe_string(fill(&linked, &args)))
    }
}

/// One argument of a sentence.
struct Argument<'a> {
    name: &'a str,
    html: String,
    /// Numbers go to the texts as they are, since `count` picks the plural form.
    number: bool,
}

fn arguments(kwargs: &Kwargs) -> Result<Vec<Argument<'_>>, Error> {
    kwargs
        .args()
        .map(|name| {
            let value: Value = kwargs.get(name)?;
            let html = if value.is_none() { String::new() } else { html(&value)? };
            Ok(Argument { name, html, number: value.is_number() })
        })
        .collect()
}

fn mark(at: usize, arg: &Argument<'_>) -> String {
    if arg.number { arg.html.clone() } else { format!("{OPEN}{at}{CLOSE}") }
}

/// Puts `<a>` where the sentence has `[words](name)`; the error is the name that was not given.
fn links(sentence: &str, args: &[Argument<'_>]) -> Result<String, String> {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, words, name, after)) = next_link(rest) {
        let target = args.iter().position(|arg| arg.name == name && !arg.html.is_empty());
        let target = target.ok_or_else(|| name.to_owned())?;
        out.push_str(before);
        out.push_str(&format!("<a href=\"{OPEN}{target}{CLOSE}\">{words}</a>"));
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// Splits at the first `[words](name)`: before, words, name, after.
fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (words, rest) = rest.split_once("](")?;
    let (name, after) = rest.split_once(')')?;
    Some((before, words, name, after))
}

/// Puts the arguments in place of their marks.
fn fill(text: &str, args: &[Argument<'_>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once(OPEN) {
        let (at, after) = marked.split_once(CLOSE).unwrap_or((marked, ""));
        out.push_str(before);
        let arg = at.parse().ok().and_then(|at: usize| args.get(at));
        out.push_str(arg.map_or("", |arg| arg.html.as_str()));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn error(what: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::{Environment, context};

    struct Fixed(&'static str);

    impl Texts for Fixed {
        fn text(&self, _: Locale, _: &str, args: &[(&str, String)]) -> String {
            args.iter().fold(self.0.to_owned(), |text, (name, value)| {
                text.replace(&format!("%{{{name}}}"), value)
            })
        }
    }

    fn say(sentence: &'static str, call: &str) -> Result<String, Error> {
        let mut env = Environment::new();
        env.add_function("t", text_function(Arc::new(Fixed(sentence)), Locale::EnUs));
        env.render_str(call, context! { bad => "<i>[x](to)\u{E000}1\u{E001}", none => () })
    }

    #[test]
    fn arguments_and_sentence_are_escaped() {
        assert_eq!(say("a < %{n}", "{{ t('k', n='\"') }}").unwrap(), "a &lt; &quot;");
        assert_eq!(say("%{count} files", "{{ t('k', count=2) }}").unwrap(), "2 files");
    }

    #[test]
    fn a_link_stands_in_the_sentence() {
        assert_eq!(
            say("Or [sign in](to).", "{{ t('k', to='/a?b=1&c') }}").unwrap(),
            "Or <a href=\"/a?b=1&amp;c\">sign in</a>."
        );
        assert!(say("Or [sign in](to).", "{{ t('k') }}").is_err());
        assert!(say("Or [sign in](to).", "{{ t('k', to=none) }}").is_err());
    }

    #[test]
    fn an_argument_makes_no_link_and_no_mark() {
        assert_eq!(
            say("Hi %{n}", "{{ t('k', n=bad, to='/evil') }}").unwrap(),
            "Hi &lt;i&gt;[x](to)\u{E000}1\u{E001}"
        );
    }
}
