//! Cookies: names, reading and writing (`signin.md` 2, bound to what).

use http::HeaderMap;
use keystead_core::Cx;
use keystead_model::{Secret, SigninId};

/// Every cookie of a request, in order. Values are tokens of ours; quotes are not looked at.
#[must_use]
pub fn read(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .take(100)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The name of the pool's session cookie.
#[must_use]
pub fn session(cx: &Cx) -> String {
    format!("__Host-ks-s-{}", tail(&cx.pool.id.to_string()))
}

/// The name of a flow's cookie: parallel tabs have parallel flows.
#[must_use]
pub fn flow(id: &str) -> String {
    format!("__Host-ks-f-{}", tail(id))
}

/// The header value that sets a cookie for this browser session (RFC 6265, 4.1): sent to us
/// alone, hidden from script, not sent along with posts from other sites.
#[must_use]
pub fn set(name: &str, value: &Secret) -> String {
    format!("{name}={}; Path=/; Secure; HttpOnly; SameSite=Lax", value.expose())
}

/// The header value that removes a cookie.
#[must_use]
pub fn remove(name: &str) -> String {
    format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// [`flow`] for an id.
#[must_use]
pub fn flow_of(id: SigninId) -> String {
    flow(&id.to_string())
}

/// The last eight digits: the head of an id is its time.
fn tail(id: &str) -> &str {
    id.get(id.len().saturating_sub(8)..).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cookie_is_read() {
        let mut headers = HeaderMap::new();
        headers.append("cookie", "a=1; b=2=3".parse().unwrap());
        headers.append("cookie", "c=4".parse().unwrap());
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        assert_eq!(read(&headers), [pair("a", "1"), pair("b", "2=3"), pair("c", "4")]);
    }

    #[test]
    fn a_flow_cookie_is_named_after_the_end_of_its_id() {
        assert_eq!(flow("0192aabbccdd112233445566"), "__Host-ks-f-33445566");
        assert_eq!(flow("ab"), "__Host-ks-f-ab");
    }
}
