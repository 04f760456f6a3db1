//! What surrounds the leaf's own routes: a request id in every answer, and no panic that reaches
//! a client. The harness does the same for its rows.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::{HeaderValue, StatusCode};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Makes request ids.
pub type Ids = Arc<dyn Fn() -> String + Send + Sync>;

/// Puts both around these routes.
pub fn around(routes: Router, ids: Ids) -> Router {
    routes.layer(from_fn_with_state(ids, front))
}

async fn front(State(ids): State<Ids>, request: Request, next: Next) -> Response {
    let id = ids();
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn broken() -> StatusCode {
        panic!("a secret of the inside")
    }

    #[tokio::test]
    async fn every_answer_has_an_id_and_a_panic_shows_nothing() {
        let routes = Router::new()
            .route("/sound", get(|| async { StatusCode::NO_CONTENT }))
            .route("/broken", get(broken));
        let routes = around(routes, Arc::new(|| "id-1".to_owned()));
        for (path, status, text) in [
            ("/sound", 204, ""),
            ("/broken", 500, "Something went wrong on our side. The request id is id-1.\n"),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let answer = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(answer.headers()["x-request-id"], "id-1");
            assert_eq!(to_bytes(answer.into_body(), 1_000).await.unwrap(), text);
        }
    }
}
