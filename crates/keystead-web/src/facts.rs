//! Reads from a request what the domain wants to know of it, and which pool it hints at.

use crate::cookies;
use http::HeaderMap;
use keystead_core::cx::Evidence;
use keystead_core::places::Hints;
use keystead_endpoint::{Body, EndpointRow, pairs};

/// A header's text.
#[must_use]
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What the request carried beside its fields.
pub(crate) fn evidence(
    headers: &HeaderMap,
    row: Option<&EndpointRow>,
    query: &str,
    body: &[u8],
) -> Evidence {
    let own = |name| header(headers, name).map(str::to_owned);
    let form = row.is_some_and(|row| row.body == Body::Form);
    let parameters = match std::str::from_utf8(body) {
        Ok(text) if form => text.to_owned(),
        _ => query.to_owned(),
    };
    Evidence {
        cookies: cookies::read(headers),
        authorization: own("authorization"),
        forwarded_for: own("auth0-forwarded-for"),
        app_id: own("x-authing-app-id"),
        languages: own("accept-language"),
        origin: own("origin"),
        fetch_site: own("sec-fetch-site"),
        referer: own("referer"),
        query: query.to_owned(),
        parameters,
        is_secure: false,
    }
}

/// What a request says about its pool, owned.
#[derive(Debug, Default)]
pub(crate) struct Hinted {
    access_key: Option<String>,
    client_id: Option<String>,
    pool_id: Option<String>,
    kid: Option<String>,
}

impl Hinted {
    /// Reads the hints of a request.
    pub fn of(headers: &HeaderMap, evidence: &Evidence, json_client: Option<String>) -> Self {
        let authorization = evidence.authorization.as_deref();
        let from_pairs = || {
            let found = pairs(&evidence.parameters).ok()?;
            found.into_iter().find(|(name, _)| name == "client_id").map(|(_, value)| value)
        };
        let from_basic = || crate::principal::basic(authorization).map(|basic| basic.id);
        Self {
            access_key: authorization
                .and_then(|value| value.split_once(' '))
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("authing"))
                .and_then(|(_, rest)| rest.trim().split_once(':'))
                .map(|(key, _)| key.to_owned()),
            client_id: json_client
                .or_else(from_pairs)
                .or_else(from_basic)
                .or_else(|| evidence.app_id.clone()),
            pool_id: header(headers, "x-authing-userpool-id").map(str::to_owned),
            kid: token_kid(evidence),
        }
    }

    /// The hints, borrowed.
    pub fn hints(&self) -> Hints<'_> {
        Hints {
            access_key: self.access_key.as_deref(),
            client_id: self.client_id.as_deref(),
            pool_id: self.pool_id.as_deref(),
            kid: self.kid.as_deref(),
        }
    }
}

fn token_kid(evidence: &Evidence) -> Option<String> {
    let token = crate::principal::bearer(evidence.authorization.as_deref())?;
    keystead_protocol::jose::peek(token).ok()?.kid
}

/// The client id of a JSON body, for requests that carry it there.
pub(crate) fn json_client(input: &keystead_endpoint::Input<'_>) -> Option<String> {
    let raw = input.raw().ok()?;
    serde_json::from_str(raw.get("client_id")?.get()).ok()
}
