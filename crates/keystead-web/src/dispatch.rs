//! One request from bytes to bytes: place, row, context, credentials, handler, settle, dress.

use crate::dialect::{Dialect, Dressing, Signed};
use crate::facts::{self, Hinted, header};
use crate::reply::{decoding, into_response};
use crate::routes::{Encode, Mounted};
use crate::server::Server;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use futures_util::FutureExt;
use http::request::Parts;
use http::{HeaderValue, Method};
use keystead_core::{Cx, RequestFacts, places, tokens};
use keystead_endpoint::{Body, Caller, Input, Reply};
use keystead_model::{Code, Error, Kind, Locale, Result};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Answers a request. It never fails and never panics: a fault is an answer as well.
pub(crate) async fn dispatch(server: &Arc<Server>, peer: IpAddr, request: Request) -> Response {
    let request_id = server.core.random.hex(12).unwrap_or_else(|_| "unknown".to_owned());
    let (parts, body) = request.into_parts();
    let (base_code, path) = place_of(parts.uri.path());
    let found = find(server, &path, &parts.method);
    let dialect = match &found {
        Found::Row(mounted, _) => mounted.dialect.clone(),
        Found::Method(_) | Found::Preflight(_) | Found::Nothing => server.area(&path),
    };
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let locale = dialect.locale(&parts.headers, &query);
    let ip = server.proxies.client(peer, &parts.headers);
    let mut call =
        Call { server, peer, ip, parts, path, query, base_code, locale, request_id, dialect };
    let readable = call.is_readable_everywhere(&found);
    // A caught panic has rolled its transaction back while it unwound (`kernel.md` 1).
    let outcome = AssertUnwindSafe(call.run(&found, body)).catch_unwind().await;
    let reply = match outcome {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => call.refuse(&found, &error),
        Err(_) => call.refuse(&found, &Error::new(Code::Internal).caused_by("a panic")),
    };
    call.finish(reply, &found, readable)
}

enum Found {
    Row(Mounted, Vec<(String, String)>),
    /// A preflight request (Fetch standard, CORS) for this row.
    Preflight(Mounted),
    /// The path has rows, but for these methods alone.
    Method(String),
    Nothing,
}

struct Call<'s> {
    server: &'s Arc<Server>,
    peer: IpAddr,
    /// Where the request comes from, as far as trusted proxies say.
    ip: IpAddr,
    parts: Parts,
    path: String,
    query: String,
    base_code: Option<String>,
    locale: Locale,
    request_id: String,
    dialect: Arc<dyn Dialect>,
}

impl Call<'_> {
    async fn run(&mut self, found: &Found, body: axum::body::Body) -> Result<Reply> {
        let (mounted, parameters) = match found {
            Found::Row(mounted, parameters) => (mounted, parameters),
            Found::Preflight(_) => return Ok(Reply::empty(204)),
            Found::Method(_) => {
                let method = self.parts.method.as_str();
                return Err(Error::new(Code::MethodNotAllowed).arg("method", method));
            }
            Found::Nothing => {
                let operation = self.path.rsplit('/').next().unwrap_or_default();
                return Err(Error::new(Code::OperationUnknown).arg("operation", operation));
            }
        };
        let body = self.read(body).await?;
        let path: Vec<(&str, &str)> =
            parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let query = self.query.clone();
        let input = Input { path: &path, query: &query, body: &body };
        if mounted.row.body == Body::Json {
            // Before the signature: it is made over these keys.
            input.raw().map_err(decoding)?;
        }
        let mut cx = self.open(mounted, &input).await?;
        let outcome = self.act(&mut cx, mounted, input).await;
        let reply = finish(&mut cx, outcome).await?;
        Ok(self.dialect.success(reply, &self.dressing(found)))
    }

    async fn read(&self, body: axum::body::Body) -> Result<Bytes> {
        let limit = self.server.body_max_bytes;
        let announced = header(&self.parts.headers, "content-length");
        // Who says beforehand that it is too much need not send it.
        let announced = announced.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        if usize::try_from(announced).map_or(true, |bytes| bytes > limit) {
            return Err(Error::new(Code::BodyTooLarge).arg("limit", limit));
        }
        axum::body::to_bytes(body, limit).await.map_err(|error| {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            match source.as_deref() {
                Some("length limit exceeded") => Error::new(Code::BodyTooLarge).arg("limit", limit),
                _ => Error::new(Code::BodyMalformed).arg("detail", "the body ended early"),
            }
        })
    }

    async fn open(&self, mounted: &Mounted, input: &Input<'_>) -> Result<Cx> {
        let core = &self.server.core;
        let headers = &self.parts.headers;
        let evidence = facts::evidence(headers, Some(mounted.row), &self.query, input.body);
        let json = (mounted.row.body == Body::Json).then(|| facts::json_client(input)).flatten();
        let hinted = Hinted::of(headers, &evidence, json);
        let host =
            header(headers, "host").or_else(|| self.parts.uri.authority().map(|a| a.as_str()));
        let host = host.map(known_host);
        if headers.get_all("host").iter().count() > 1 {
            // RFC 9112, 3.2.
            return Err(Error::new(Code::RequestInvalid).arg("detail", "two Host headers"));
        }
        let base = self.base_code.as_deref();
        let pool = places::resolve(core, host.as_deref(), base, &hinted.hints()).await?;
        let request = RequestFacts {
            request_id: self.request_id.clone(),
            ip: self.ip,
            claim: None,
            user_agent: header(headers, "user-agent").map(|text| text.chars().take(512).collect()),
            locale: self.locale,
            evidence,
        };
        Cx::open(core, pool, request).await
    }

    async fn act(&self, cx: &mut Cx, mounted: &Mounted, input: Input<'_>) -> Result<Encode> {
        match mounted.row.caller {
            Caller::Admin => {
                let signed = Signed {
                    method: self.parts.method.as_str(),
                    path: &self.path,
                    headers: &self.parts.headers,
                    input,
                };
                mounted.dialect.admit_admin(cx, signed).await?;
            }
            Caller::User => {
                let authorization = cx.request.evidence.authorization.clone();
                let token = crate::principal::bearer(authorization.as_deref());
                tokens::access::admit(cx, token).await?;
            }
            Caller::Open | Caller::Client => {}
        }
        if let Some(permission) = mounted.permission {
            cx.require(permission)?;
        }
        (mounted.run)(cx, input).await
    }

    fn dressing<'d>(&'d self, found: &'d Found) -> Dressing<'d> {
        Dressing {
            row: match found {
                Found::Row(mounted, _) => Some(mounted.row),
                Found::Preflight(_) | Found::Method(_) | Found::Nothing => None,
            },
            request_id: &self.request_id,
            locale: self.locale,
            texts: &*self.server.texts,
            path: &self.path,
            query: &self.query,
        }
    }

    fn refuse(&self, found: &Found, error: &Error) -> Reply {
        let line = error.log_line();
        let (id, path) = (self.request_id.as_str(), logged_path(found, &self.path));
        match error.kind() {
            Kind::Internal => tracing::error!(request_id = id, path, "{line}"),
            Kind::Unavailable => tracing::warn!(request_id = id, path, "{line}"),
            _ => tracing::debug!(request_id = id, path, "{line}"),
        }
        self.dialect.failure(error, &self.dressing(found))
    }

    fn is_readable_everywhere(&self, found: &Found) -> bool {
        match found {
            Found::Row(mounted, _) | Found::Preflight(mounted) => {
                mounted.dialect.is_readable_everywhere(mounted.row)
            }
            Found::Method(_) | Found::Nothing => false,
        }
    }

    fn finish(&self, reply: Reply, found: &Found, readable: bool) -> Response {
        let mut response = into_response(reply);
        let status = response.status().as_u16();
        tracing::info!(
            request_id = self.request_id,
            method = %self.parts.method,
            path = logged_path(found, &self.path),
            status,
            peer = %self.peer,
            ip = %self.ip,
            "answered"
        );
        metrics::counter!("keystead_http_requests_total", "status" => status.to_string())
            .increment(1);
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            headers.insert("x-request-id", id);
        }
        headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
        if let Found::Method(methods) = found
            && let Ok(methods) = HeaderValue::from_str(methods)
        {
            headers.insert("allow", methods);
        }
        if readable {
            headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
            headers.insert(
                "access-control-allow-headers",
                HeaderValue::from_static("authorization, content-type, x-authing-app-id"),
            );
            headers.insert("access-control-allow-methods", HeaderValue::from_static("GET, POST"));
        }
        response
    }
}

/// The path as logs show it: the row's, for one-time secrets stand in paths; without a row only
/// its first part.
fn logged_path<'p>(found: &Found, path: &'p str) -> &'p str {
    match found {
        Found::Row(mounted, _) | Found::Preflight(mounted) => mounted.row.path(),
        Found::Method(_) | Found::Nothing => {
            let end = path.get(1..).and_then(|rest| rest.find('/')).map_or(path.len(), |at| at + 1);
            path.get(..end.min(64)).unwrap_or("/")
        }
    }
}

/// Ends a request: settles on success and encodes while the disk works, rolls back on error, and
/// in both cases waits for what was settled before.
async fn finish(cx: &mut Cx, outcome: Result<Encode>) -> Result<Reply> {
    let reply = match outcome {
        Ok(encode) => cx.settle().await.map(|()| encode()),
        Err(error) => Err(error),
    };
    if reply.is_err() {
        cx.rollback().await?;
    }
    cx.settled().await?;
    reply
}

/// A host as `domains` spells it: lower case, a default port left out (`signin.md` 0.1).
fn known_host(host: &str) -> String {
    let host = host.to_ascii_lowercase();
    let bare = host.strip_suffix(":443").or_else(|| host.strip_suffix(":80"));
    bare.map_or_else(|| host.clone(), str::to_owned)
}

/// The pool's code of a base path `/p/<code>`, and the path without it and without a leading
/// double slash, which one SDK sends (V3 contract, section 6).
fn place_of(path: &str) -> (Option<String>, String) {
    let path = format!("/{}", path.trim_start_matches('/'));
    if let Some(rest) = path.strip_prefix("/p/") {
        let (code, rest) = rest.split_once('/').unwrap_or((rest, ""));
        return (Some(code.to_owned()), format!("/{}", rest.trim_start_matches('/')));
    }
    (None, path)
}

fn find(server: &Server, path: &str, method: &Method) -> Found {
    let Ok(matched) = server.table.at(path) else { return Found::Nothing };
    let rows = matched.value;
    if method == Method::OPTIONS {
        return match rows.first() {
            Some(mounted) => Found::Preflight(mounted.clone()),
            None => Found::Nothing,
        };
    }
    let wanted = if method == Method::HEAD { "GET" } else { method.as_str() };
    match rows.iter().find(|mounted| mounted.row.method == wanted) {
        Some(mounted) => {
            let parameters =
                matched.params.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            Found::Row(mounted.clone(), parameters)
        }
        None => Found::Method(allowed(rows)),
    }
}

/// The methods of a path, as `Allow` lists them (RFC 9110, 10.2.1).
fn allowed(rows: &[Mounted]) -> String {
    let mut methods: Vec<&str> = rows.iter().map(|mounted| mounted.row.method).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_spelt_as_domains_spell_it() {
        assert_eq!(known_host("ID.Example:443"), "id.example");
        assert_eq!(known_host("127.0.0.1:8443"), "127.0.0.1:8443");
    }

    #[test]
    fn the_place_is_taken_off_the_path() {
        let place = |path| place_of(path);
        let own = |text: &str| text.to_owned();
        assert_eq!(place("//oidc/auth"), (None, own("/oidc/auth")));
        assert_eq!(place("/p/other/oidc/auth"), (Some(own("other")), own("/oidc/auth")));
        assert_eq!(place("/p/other//api/v3/signin"), (Some(own("other")), own("/api/v3/signin")));
        assert_eq!(place("/p/other"), (Some(own("other")), own("/")));
        assert_eq!(place("/"), (None, own("/")));
    }
}
