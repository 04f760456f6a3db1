//! Credentials of a request: bearer tokens and client secrets, as headers and parameters carry
//! them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keystead_core::Cx;
use keystead_core::clients::{Basic, Presented};
use keystead_model::Secret;

/// The token of an `Authorization` header: `Bearer x`, or raw, as one SDK sends it.
#[must_use]
pub fn bearer(authorization: Option<&str>) -> Option<&str> {
    let value = authorization?.trim();
    match value.split_once(' ') {
        None => Some(value),
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim()),
        Some(_) => None,
    }
}

/// Id and secret of an `Authorization: Basic` header (RFC 6749, 2.3.1), in both readings.
#[must_use]
pub fn basic(authorization: Option<&str>) -> Option<Basic> {
    let (scheme, text) = authorization?.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD.decode(text.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(Basic {
        id: decoded(id),
        secret: Secret::new(secret),
        decoded: Secret::new(decoded(secret)),
    })
}

/// A form-encoded text, decoded; `&` and `=` are not separators here.
fn decoded(text: &str) -> String {
    let encoded = format!("x={}", text.replace('&', "%26"));
    let value = form_urlencoded::parse(encoded.as_bytes()).next().map(|(_, v)| v.into_owned());
    value.unwrap_or_default()
}

/// What the request presents as a client, with the pair of its body.
#[must_use]
pub fn presented(cx: &Cx, client_id: Option<String>, client_secret: Option<Secret>) -> Presented {
    let evidence = &cx.request.evidence;
    Presented {
        header_id: evidence.app_id.clone(),
        basic: basic(evidence.authorization.as_deref()),
        body: client_id.map(|id| (id, client_secret)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_tokens() {
        assert_eq!(bearer(Some("Bearer abc")), Some("abc"));
        assert_eq!(bearer(Some("bearer  abc")), Some("abc"));
        assert_eq!(bearer(Some("abc")), Some("abc"));
        assert_eq!(bearer(Some("Basic abc")), None);
        assert_eq!(bearer(None), None);
    }

    #[test]
    fn basic_pairs() {
        let header = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        let read = |pair: &str| {
            let basic = basic(Some(&header(pair)))?;
            let [secret, decoded] = [basic.secret, basic.decoded].map(|s| s.expose().to_owned());
            Some((basic.id, secret, decoded))
        };
        let three = |id: &str, secret: &str, decoded: &str| {
            Some((id.to_owned(), secret.to_owned(), decoded.to_owned()))
        };
        assert_eq!(read("a:b:c"), three("a", "b:c", "b:c"));
        assert_eq!(read("a:b%20c"), three("a", "b%20c", "b c"));
        assert_eq!(read("a:b+c&d=e"), three("a", "b+c&d=e", "b c&d=e"));
        assert_eq!(read("ab"), None);
        assert!(basic(Some("Basic %%%")).is_none());
    }
}
