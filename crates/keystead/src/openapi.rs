//! `/openapi/v3.json`: the description of V3, as it was made from the rows when they last changed.

use aws_lc_rs::digest;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::sync::LazyLock;

/// A test holds it against the rows, and writes it when it is told to.
const V3: &str = include_str!("../openapi/v3.json");

/// Its hash, as an entity tag (RFC 9110, 8.8.3).
static TAG: LazyLock<String> = LazyLock::new(|| {
    let hash = digest::digest(&digest::SHA256, V3.as_bytes());
    format!("\"{}\"", hex::encode(hash.as_ref().get(..16).unwrap_or_default()))
});

/// The route, open to everybody: pages of any site may read it.
pub fn routes() -> Router {
    Router::new().route("/openapi/v3.json", get(answer))
}

async fn answer(headers: HeaderMap) -> Response {
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        let listed = value.to_str().unwrap_or_default().split(',').map(str::trim);
        listed.into_iter().any(|tag| tag == "*" || tag.trim_start_matches("W/") == *TAG)
    });
    let mut answer = match known {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], V3).into_response(),
    };
    let own = answer.headers_mut();
    own.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    own.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(&TAG) {
        own.insert(header::ETAG, tag);
    }
    answer
}
