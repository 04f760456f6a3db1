//! `/dev/captchas/{token}`: the characters of a captcha that this server showed, for tests.

use super::Dev;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;
use std::sync::Arc;

/// `{"code": "K7WM"}`, or 404 for a token that is none of the newest.
pub(super) async fn read(State(dev): State<Arc<Dev>>, Path(token): Path<String>) -> Response {
    match dev.captchas.of(&token) {
        Some(code) => Json(json!({ "code": code.expose() })).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
