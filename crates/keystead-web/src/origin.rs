//! Posts of pages must come from our own pages (cross-site request forgery).

use keystead_core::Cx;
use keystead_model::{Code, Result};

/// Demands that a page's post came from the pool's own origin: by `Origin`, else by
/// `Sec-Fetch-Site`; a browser sends at least one of them with every post.
///
/// # Errors
/// `origin.foreign`.
pub fn require_own(cx: &Cx) -> Result<()> {
    let evidence = &cx.request.evidence;
    let own = match (&evidence.origin, &evidence.fetch_site) {
        (Some(origin), _) => is_own(cx, origin),
        (None, Some(site)) => site == "same-origin",
        (None, None) => false,
    };
    if own { Ok(()) } else { Err(Code::OriginForeign.into()) }
}

fn is_own(cx: &Cx, origin: &str) -> bool {
    let addresses = &cx.core.addresses;
    [
        Some(cx.pool.app_host.as_str()),
        Some(addresses.public_url.as_str()),
        addresses.https_url.as_deref(),
    ]
    .into_iter()
    .flatten()
    .any(|url| is_same(origin_of(url), origin))
}

/// Whether two origins are the same, the names of this machine taken for one: a server whose
/// address is `localhost` is asked as `127.0.0.1` as well.
fn is_same(own: &str, origin: &str) -> bool {
    const NAMES: [&str; 3] = ["://localhost", "://127.0.0.1", "://[::1]"];
    if own == origin {
        return true;
    }
    let local = |text: &str| {
        let name = NAMES.iter().find(|name| text.contains(**name))?;
        let (scheme, port) = text.split_once(*name)?;
        (port.is_empty() || port.starts_with(':')).then(|| (scheme.to_owned(), port.to_owned()))
    };
    local(own).is_some_and(|own| local(origin) == Some(own))
}

/// Scheme, host and port of one of our addresses.
fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_this_machine_are_one() {
        for (own, origin, same) in [
            ("http://localhost:8080", "http://localhost:8080", true),
            ("http://localhost:8080", "http://127.0.0.1:8080", true),
            ("http://localhost:8080", "http://[::1]:8080", true),
            ("http://localhost:8080", "http://localhost:8081", false),
            ("http://localhost:8080", "https://localhost:8080", false),
            ("http://localhost:8080", "http://localhost.evil.example:8080", false),
            ("http://localhost:8080", "http://evil.example:8080", false),
            ("https://id.example", "https://id.example", true),
            ("https://id.example", "http://localhost", false),
        ] {
            assert_eq!(is_same(own, origin), same, "{own} {origin}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        for (url, origin) in [
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://id.example/p/other", "https://id.example"),
        ] {
            assert_eq!(origin_of(url), origin);
        }
    }
}
