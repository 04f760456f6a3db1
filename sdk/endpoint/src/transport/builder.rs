//! The settings of a client.

use super::{HttpClient, Inner};
use crate::error::SdkError;
use crate::retry::Retry;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The settings of an [`HttpClient`]: made by [`HttpClient::builder`], ended by `build`.
#[derive(Clone)]
pub struct HttpClientBuilder {
    base_url: String,
    timeout: Duration,
    ca_pem: Option<Vec<u8>>,
    retry: Retry,
    user_agent: String,
    clock: fn() -> SystemTime,
}

impl HttpClientBuilder {
    pub(super) fn new(base_url: String) -> Self {
        Self {
            base_url,
            timeout: Duration::from_secs(10),
            ca_pem: None,
            retry: Retry::default(),
            user_agent: concat!("keystead-rust/", env!("CARGO_PKG_VERSION")).into(),
            clock: system_time,
        }
    }

    /// Another address than the one it was started with.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long one attempt may take, from connecting to the last byte; 10 s unless said.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Trusts only these certificate authorities (PEM, one or several) instead of the system's.
    #[must_use]
    pub fn ca_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.ca_pem = Some(pem.into());
        self
    }

    /// How patient the client is.
    #[must_use]
    pub const fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The `User-Agent` header.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Another clock, for tests and for machines whose clock is wrong.
    #[must_use]
    pub const fn clock(mut self, clock: fn() -> SystemTime) -> Self {
        self.clock = clock;
        self
    }

    /// The client.
    ///
    /// Redirects are not followed, since they would carry credentials elsewhere. Proxies of the
    /// environment are not used.
    ///
    /// # Errors
    /// An address that is not `http` or `https` with a host and without query, certificates that
    /// are none, or a machine without certificate authorities when none are given for `https`.
    pub fn build(self) -> Result<HttpClient, SdkError> {
        let base = base(&self.base_url)?;
        let mut http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .timeout(self.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if let Some(pem) = &self.ca_pem {
            let authorities = reqwest::Certificate::from_pem_bundle(pem).map_err(unusable)?;
            if authorities.is_empty() {
                return Err(SdkError::setup("the CA file holds no PEM certificate"));
            }
            http = http.tls_certs_only(authorities);
        } else if base.starts_with("http:") {
            // Nothing to verify; a machine without certificate authorities can still talk.
            http = http.tls_certs_only([]);
        }
        let http = http.build().map_err(unusable)?;
        Ok(HttpClient {
            inner: Arc::new(Inner { http, base, retry: self.retry, clock: self.clock }),
        })
    }
}

fn unusable(error: reqwest::Error) -> SdkError {
    SdkError::setup("TLS could not be set up; see the cause").caused_by(error)
}

fn base(text: &str) -> Result<String, SdkError> {
    let wrong = |what: &str| SdkError::setup(format!("the server's address {what}"));
    let url = url::Url::parse(text).map_err(|e| wrong("is not a URL").caused_by(e))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong("must begin with http:// or https:// and a host"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must have no query and no fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("must have no user name and no password"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[expect(clippy::disallowed_methods, reason = "the one clock of a client; a setting replaces it")]
fn system_time() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_and_lose_their_slashes() {
        for (given, kept) in [
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://localhost:8080//", "http://localhost:8080"),
            ("https://h/base/", "https://h/base"),
        ] {
            assert_eq!(base(given).unwrap(), kept);
        }
        for wrong in
            ["", "localhost:8080", "ftp://h", "http://h?x=1", "http://h/#f", "http://u:p@h"]
        {
            assert!(base(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn certificates_must_be_some() {
        for pem in ["", "not pem"] {
            assert!(HttpClient::builder("https://h").ca_pem(pem).build().is_err());
        }
    }
}
