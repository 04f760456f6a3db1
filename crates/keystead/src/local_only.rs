//! Answers this machine alone: for `/metrics` and `/dev/*`, which no other host and no web page
//! may read, not even by rebinding a name to the loopback address.

use crate::config::is_loopback;
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, StatusCode, header};
use std::net::SocketAddr;
use std::sync::Arc;

/// Headers that a proxy adds: with one of them the loopback peer speaks for somebody else.
const FORWARDED: [&str; 4] = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/// Who is answered: loopback peers that ask for a loopback host with one of our ports.
#[derive(Clone, Debug)]
pub struct LocalOnly {
    ports: Arc<[u16]>,
}

impl LocalOnly {
    /// A guard for listeners on these ports.
    #[must_use]
    pub fn new(ports: &[u16]) -> Self {
        Self { ports: ports.into() }
    }

    /// Whether the request comes from this machine, from no foreign page and through no proxy.
    #[must_use]
    pub fn allows(&self, request: &Parts) -> bool {
        let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
        peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
            && self.is_our_host(request)
            && not_foreign(&request.headers)
            && FORWARDED.iter().all(|name| !request.headers.contains_key(*name))
    }

    fn is_our_host(&self, request: &Parts) -> bool {
        let header = request.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let Some(host) = request.uri.authority().map(http::uri::Authority::as_str).or(header)
        else {
            return false;
        };
        let Ok(authority) = host.parse::<http::uri::Authority>() else { return false };
        // The listener says over which scheme the request came.
        let https = request.extensions.get::<Scheme>() == Some(&Scheme::HTTPS);
        let port = authority.port_u16().unwrap_or(if https { 443 } else { 80 });
        // Userinfo has no place here, and only this keeps it out: `host()` drops it.
        !host.contains('@') && is_loopback(authority.host()) && self.ports.contains(&port)
    }
}

/// A browser says where a call comes from; everything else says nothing.
fn not_foreign(headers: &HeaderMap) -> bool {
    headers
        .get_all("sec-fetch-site")
        .iter()
        .all(|site| matches!(site.as_bytes(), b"none" | b"same-origin"))
}

/// A layer for `axum::middleware::from_fn_with_state`: everybody else gets 403.
pub async fn local_only(State(guard): State<LocalOnly>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if guard.allows(&parts) {
        next.run(Request::from_parts(parts, body)).await
    } else {
        let text = "This page answers this machine alone: open it on localhost.\n";
        (StatusCode::FORBIDDEN, text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(peer: &str, uri: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
        LocalOnly::new(&[8080, 8443]).allows(&parts)
    }

    #[test]
    fn this_machine_and_nobody_else() {
        let here = "127.0.0.1:5";
        for host in ["localhost:8080", "127.0.0.1:8443", "[::1]:8080", "LOCALHOST:8080"] {
            assert!(allowed(here, "/metrics", &[("host", host)]), "{host}");
            assert!(allowed("[::ffff:127.0.0.1]:5", "/metrics", &[("host", host)]), "{host}");
            assert!(!allowed("192.0.2.1:5", "/metrics", &[("host", host)]), "{host}");
        }
        for host in [
            "evil.example:8080",
            "localhost",
            "localhost:81",
            "localhost.evil.example:8080",
            "localhost@evil.example:8080",
            "evil@localhost:8080",
            "0.0.0.0:8080",
            "",
        ] {
            assert!(!allowed(here, "/metrics", &[("host", host)]), "{host}");
        }
        assert!(!allowed(here, "/metrics", &[]));
        assert!(allowed(here, "https://localhost:8443/dev/clock", &[]));
        assert!(!allowed(here, "https://evil.example/", &[("host", "localhost:8080")]));
    }

    #[test]
    fn no_foreign_page_and_no_proxy() {
        for (header, value, want) in [
            ("sec-fetch-site", "none", true),
            ("sec-fetch-site", "same-origin", true),
            ("sec-fetch-site", "same-site", false),
            ("sec-fetch-site", "cross-site", false),
            ("x-forwarded-for", "127.0.0.1", false),
            ("forwarded", "for=127.0.0.1", false),
            ("via", "1.1 proxy", false),
        ] {
            let headers = [("host", "localhost:8080"), (header, value)];
            assert_eq!(allowed("[::1]:5", "/dev/outbox", &headers), want, "{header}: {value}");
        }
    }
}
