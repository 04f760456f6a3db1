//! What an adapter tells the harness about its dialect: how answers and refusals look.

use http::HeaderMap;
use keystead_core::Cx;
use keystead_endpoint::{EndpointRow, Input, Reply};
use keystead_model::{Code, Error, Locale, Result, Texts};
use std::future::Future;
use std::pin::Pin;

/// A request as its signature covers it.
#[derive(Clone, Copy)]
pub struct Signed<'a> {
    /// Method as sent.
    pub method: &'a str,
    /// Path as routed: the pool's base path and a leading double slash are gone.
    pub path: &'a str,
    /// Headers.
    pub headers: &'a HeaderMap,
    /// Query and body.
    pub input: Input<'a>,
}

/// The future of an authentication.
pub type Authenticating<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// What a dialect may look at when it dresses an answer.
pub struct Dressing<'a> {
    /// The row, if one was found.
    pub row: Option<&'a EndpointRow>,
    /// The request id, for envelopes that carry it.
    pub request_id: &'a str,
    /// The language.
    pub locale: Locale,
    /// The texts.
    pub texts: &'a dyn Texts,
    /// The path as it was asked for.
    pub path: &'a str,
    /// The query as it was asked for.
    pub query: &'a str,
}

/// A dialect.
pub trait Dialect: Send + Sync + 'static {
    /// Dresses an answer that succeeded.
    fn success(&self, reply: Reply, dressing: &Dressing<'_>) -> Reply;

    /// Renders a refusal.
    fn failure(&self, error: &Error, dressing: &Dressing<'_>) -> Reply;

    /// The language of a request.
    fn locale(&self, headers: &HeaderMap, query: &str) -> Locale {
        let _ = query;
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        header("accept-language").and_then(Locale::negotiate).unwrap_or_default()
    }

    /// Makes the context act for the administrator who made this request, by the dialect's own
    /// kind of management credential. A dialect without one admits nobody.
    fn admit_admin<'a>(&'a self, cx: &'a mut Cx, request: Signed<'a>) -> Authenticating<'a> {
        let _ = (cx, request);
        Box::pin(async { Err(Code::TokenMissing.into()) })
    }

    /// Whether pages of any other site may read the answers: only where no cookie counts.
    fn is_readable_everywhere(&self, row: &EndpointRow) -> bool {
        let _ = row;
        false
    }
}
