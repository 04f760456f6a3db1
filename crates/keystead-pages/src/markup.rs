//! Escaping: every value that reaches a page passes here, whatever the template says.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, Output, State};

/// The text with the five characters that mean something to HTML replaced.
///
/// The slash stays, so that addresses in attributes read as they are.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A value as HTML: markup made by the templates as it is, everything else escaped.
pub(crate) fn html(value: &Value) -> Result<String, Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Err(Error::new(
            ErrorKind::UndefinedError,
            "a value that is not there was printed; test it with `if` first",
        )),
        ValueKind::String if value.is_safe() => Ok(value.to_string()),
        _ => Ok(escape(&value.to_string())),
    }
}

/// The formatter of every template. It ignores `{% autoescape %}`, so no template can switch
/// escaping off.
pub(crate) fn format(out: &mut Output, _state: &mut State, value: &Value) -> Result<(), Error> {
    out.write_str(&html(value)?).map_err(Error::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_of_values_is_escaped_and_of_templates_kept() {
        for (value, want) in [
            (Value::from("<b class='x'>&\"/"), "&lt;b class=&#39;x&#39;&gt;&amp;&quot;/"),
            (Value::from_safe_string("<b>".to_owned()), "<b>"),
            (Value::from(7), "7"),
            (Value::from(vec!["<"]), "[&#39;&lt;&#39;]"),
        ] {
            assert_eq!(html(&value).unwrap(), want);
        }
    }

    #[test]
    fn what_is_not_there_is_not_printed() {
        assert!(html(&Value::UNDEFINED).is_err());
        assert!(html(&Value::from(())).is_err());
    }
}
