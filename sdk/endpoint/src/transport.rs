//! The HTTP client: encodes by the row, lets the dialect sign and unwrap, repeats when asked to.

use crate::encode::{Encoded, encode};
use crate::error::SdkError;
use crate::reply::{Reply, Respond};
use crate::retry::Retry;
use crate::row::{Endpoint, EndpointRow};
use serde::Serialize;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

mod builder;
mod receive;

pub use builder::HttpClientBuilder;

/// What a vendor's dialect adds to calls and takes off answers.
pub trait Dialect: Send + Sync {
    /// The headers of one attempt, among them its signature; names in lower case.
    ///
    /// # Errors
    /// What the dialect cannot sign.
    fn headers(&self, call: &Outgoing<'_>) -> Result<Vec<(&'static str, String)>, SdkError>;

    /// Takes the envelope off an answer, so that its body is what the row promises.
    ///
    /// # Errors
    /// A refusal, or an envelope that is none.
    fn unwrap(&self, row: &EndpointRow, reply: Reply) -> Result<Reply, SdkError>;
}

/// A call on its way out, as signatures see it: without host and base path.
pub struct Outgoing<'a> {
    /// The row.
    pub row: &'a EndpointRow,
    /// The path, its parameters filled in.
    pub path: &'a str,
    /// The query as sent, without the question mark.
    pub query: &'a str,
    /// The body as sent.
    pub body: &'a [u8],
    /// The time of this attempt.
    pub now: SystemTime,
}

/// An HTTP client of one server. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct HttpClient {
    inner: Arc<Inner>,
}

struct Inner {
    http: reqwest::Client,
    base: String,
    retry: Retry,
    clock: fn() -> SystemTime,
}

impl HttpClient {
    /// Starts a client of the server at this address, such as `https://id.example.com/base`.
    pub fn builder(base_url: impl Into<String>) -> HttpClientBuilder {
        HttpClientBuilder::new(base_url.into())
    }

    /// The server's address without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.inner.base
    }

    /// The time, by this client's clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        (self.inner.clock)()
    }

    /// Calls an endpoint.
    ///
    /// # Errors
    /// No answer, a refusal, or an answer of another shape.
    pub async fn call<E, D>(&self, dialect: &D, request: &E) -> Result<E::Response, SdkError>
    where
        E: Endpoint + Serialize,
        D: Dialect + ?Sized,
    {
        let reply = self.send(dialect, E::ROW, &encode(E::ROW, request)?).await?;
        E::Response::receive(E::ROW, reply)
    }

    /// Sends a request that is already encoded, for callers that need what their types leave out.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn send<D: Dialect + ?Sized>(
        &self,
        dialect: &D,
        row: &EndpointRow,
        encoded: &Encoded,
    ) -> Result<Reply, SdkError> {
        let mut done = 0;
        loop {
            let error = match self.attempt(dialect, row, encoded).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            let dice = RandomState::new().hash_one(done);
            let Some(wait) = self.inner.retry.wait(&error, row.repeat, done, dice) else {
                return Err(error);
            };
            tokio::time::sleep(wait).await;
            done = done.saturating_add(1);
        }
    }

    async fn attempt<D: Dialect + ?Sized>(
        &self,
        dialect: &D,
        row: &EndpointRow,
        encoded: &Encoded,
    ) -> Result<Reply, SdkError> {
        let Encoded { path, query, body, content_type } = encoded;
        let now = self.now();
        let headers = dialect.headers(&Outgoing { row, path, query, body, now })?;
        let mut url = format!("{}{path}", self.inner.base);
        if !query.is_empty() {
            url.push('?');
            url.push_str(query);
        }
        let method = reqwest::Method::from_bytes(row.method.as_bytes())
            .map_err(|e| SdkError::transport(format!("{} has no method", row.name)).caused_by(e))?;
        let mut request = self.inner.http.request(method, url).body(body.clone());
        if let Some(content_type) = content_type {
            request = request.header("content-type", *content_type);
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.send().await.map_err(receive::failed)?;
        let reply = receive::reply(response).await?;
        let retry_after = retry_after(&reply, now);
        dialect.unwrap(row, reply).map_err(|e| e.with_retry_after(retry_after))
    }
}

/// `Retry-After` as seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(reply: &Reply, now: SystemTime) -> Option<Duration> {
    let text = reply.header("retry-after")?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(text).ok()?;
            Some(date.duration_since(now).unwrap_or(Duration::ZERO))
        }
    }
}

#[cfg(test)]
mod tests;
