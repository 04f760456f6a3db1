//! Addresses that may stand in `href` and `action`: no scheme that runs code.

use serde::Serialize;
use url::Url;

/// Schemes that run code, or show what an attacker wrote, under some origin.
const RUNS_CODE: &[&str] =
    &["javascript", "vbscript", "data", "blob", "file", "filesystem", "about", "view-source"];

/// An address a page may link or post to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Href(String);

impl Href {
    /// A path of ours: starts with one `/`. `None` for anything a browser would read as another
    /// host (`//`, `/\`) or that holds blanks or control characters.
    #[must_use]
    pub fn path(path: &str) -> Option<Self> {
        let foreign = path.starts_with("//") || path.contains('\\');
        (path.starts_with('/') && !foreign && is_clean(path)).then(|| Self(path.to_owned()))
    }

    /// An address on the web: `http` or `https`, with a host and without user or password.
    #[must_use]
    pub fn web(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok().filter(|_| is_clean(address))?;
        let sound = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none();
        sound.then(|| Self(address.to_owned()))
    }

    /// A validated address of an application, which may have a scheme of its own (RFC 8252, 7.1)
    /// but none that runs code.
    #[must_use]
    pub fn redirect(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok().filter(|_| is_clean(address))?;
        (!RUNS_CODE.contains(&url.scheme())).then(|| Self(address.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Browsers drop tabs and line ends inside addresses, so `java\nscript:` would slip through.
fn is_clean(address: &str) -> bool {
    !address.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for good in ["/", "/signin/abc?x=1&y=%2F", "/a#b"] {
            assert!(Href::path(good).is_some(), "{good}");
        }
        for bad in ["", "a", "//evil.example", "/\\evil.example", "/a\tb", "/a\r\nb", "?x", "#x"] {
            assert!(Href::path(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_on_the_web() {
        for good in ["https://a.example/x?y", "http://localhost:3000/cb", "http://[::1]:1/"] {
            assert!(Href::web(good).is_some(), "{good}");
        }
        for bad in ["myapp://x", "https://u:p@a.example", "https://u@a.example", "/x", "https://"] {
            assert!(Href::web(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn schemes_that_run_code_are_refused() {
        for scheme in RUNS_CODE {
            let address = format!("{}:alert(1)", scheme.to_uppercase());
            assert!(Href::redirect(&address).is_none(), "{address}");
            assert!(Href::web(&address).is_none(), "{address}");
        }
        for bad in [" javascript:alert(1)", "java\tscript:alert(1)", "\u{1}javascript:x", "x"] {
            assert!(Href::redirect(bad).is_none(), "{bad:?}");
        }
        assert!(Href::redirect("com.example.app:/cb").is_some());
    }
}
