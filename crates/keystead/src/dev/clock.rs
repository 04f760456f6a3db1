//! `/dev/clock`: how far the clock is moved, and moving it.

use super::Dev;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use keystead_core::signing_keys::rotation;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The farthest the clock can be moved, either way: 100 years.
const FARTHEST_S: i64 = 100 * 31_557_600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    offset_s: i64,
}

/// Says by how many seconds the clock is moved.
pub(super) async fn show(State(dev): State<Arc<Dev>>) -> Json<Value> {
    Json(json!({ "offset_s": dev.core.clock.offset_s() }))
}

/// Moves the clock. What is held in memory goes, since it was right for another time, and keys
/// whose turn has come by it are turned at once.
pub(super) async fn set(State(dev): State<Arc<Dev>>, body: Bytes) -> Response {
    let wanted = serde_json::from_slice::<Move>(&body).ok();
    let wanted = wanted.filter(|to| (-FARTHEST_S..=FARTHEST_S).contains(&to.offset_s));
    let Some(Move { offset_s }) = wanted else {
        let said = format!(
            "Send {{\"offset_s\": n}} with a whole number of seconds, at most {FARTHEST_S} \
             either way."
        );
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": said }))).into_response();
    };
    dev.core.clock.set_offset_s(offset_s);
    dev.core.forget_caches();
    tracing::info!(offset_s, "the clock was moved");
    if let Err(error) = rotation::run(&dev.core).await {
        tracing::warn!("keys could not be turned: {}", error.log_line());
    }
    show(State(dev)).await.into_response()
}
