//! What surrounds the leaf's own routes: a request id in every answer, and no panic that reaches
//! a client. The harness does the same for its rows.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::{HeaderValue, StatusCode};
use keystead_core::Core;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Puts both around these routes.
pub fn around(routes: Router, core: Arc<Core>) -> Router {
    routes.layer(from_fn_with_state(core, front))
}

async fn front(State(core): State<Arc<Core>>, request: Request, next: Next) -> Response {
    let id = core.random.hex(12).unwrap_or_else(|_| "unknown".to_owned());
    let path = request.uri().path().to_owned();
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut answer = answer.unwrap_or_else(|_| {
        tracing::error!(request_id = id, path, "a panic");
        let text = format!("Something went wrong on our side. The request id is {id}.\n");
        (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
    });
    tracing::debug!(request_id = id, path, status = answer.status().as_u16(), "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert("x-request-id", id);
    }
    answer
}
