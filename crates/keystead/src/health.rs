//! `/health/live`, `/health/ready` and `/metrics`.

use crate::local_only::{LocalOnly, local_only};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use std::future::Future;
use std::time::Duration;

/// Upper bounds of the buckets of all durations, in seconds.
const BUCKETS_S: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// How often the recorder folds its samples.
const UPKEEP: Duration = Duration::from_secs(5);

/// `/health/live` answers while the process does; `/health/ready` asks `ready`, which says in a
/// sentence what is missing.
pub fn probes<F, Answer>(ready: F) -> Router
where
    F: Fn() -> Answer + Clone + Send + Sync + 'static,
    Answer: Future<Output = Result<(), String>> + Send,
{
    let ready = move || async move {
        match ready().await {
            Ok(()) => plain(StatusCode::OK, "ready\n".into()),
            Err(missing) => plain(StatusCode::SERVICE_UNAVAILABLE, missing + "\n"),
        }
    };
    Router::new()
        .route("/health/live", get(|| async { plain(StatusCode::OK, "live\n".into()) }))
        .route("/health/ready", get(ready))
}

/// `/metrics` on the main listeners: for this machine alone.
pub fn metrics_for_loopback(handle: PrometheusHandle, guard: LocalOnly) -> Router {
    metrics(handle).layer(axum::middleware::from_fn_with_state(guard, local_only))
}

/// `/metrics` on a listener of its own, open to whoever reaches it.
pub fn metrics(handle: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(render)).with_state(handle)
}

async fn render(State(handle): State<PrometheusHandle>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, handle.render()).into_response()
}

fn plain(status: StatusCode, text: String) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}

/// Makes the process's recorder; what `metrics::counter!` and its kin say goes there.
///
/// # Errors
/// There is one already.
pub fn install_recorder() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new().set_buckets(&BUCKETS_S)?.install_recorder()
}

/// Folds samples from time to time, so that memory stays bounded when nobody asks. Never ends.
pub async fn upkeep(handle: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        handle.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::extract::ConnectInfo;
    use http::Request;
    use std::net::SocketAddr;
    use tower::ServiceExt;

    async fn ask(app: Router, path: &str, peer: &str) -> (StatusCode, String) {
        let mut request = Request::get(path).header("host", "localhost:8080");
        let peer: SocketAddr = peer.parse().unwrap();
        request = request.extension(ConnectInfo(peer));
        let answer = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn readiness_is_asked_each_time() {
        let ready = probes(|| async { Ok(()) });
        assert_eq!(ask(ready, "/health/ready", "[::1]:1").await.0, StatusCode::OK);
        let waiting = probes(|| async { Err("the database does not answer".to_owned()) });
        let (status, text) = ask(waiting.clone(), "/health/ready", "[::1]:1").await;
        assert_eq!(
            (status, text.trim()),
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        );
        assert_eq!(ask(waiting, "/health/live", "192.0.2.1:1").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn metrics_are_text_for_this_machine() {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            metrics::counter!("keystead_tests_total").increment(3);
        });
        let guarded = metrics_for_loopback(recorder.handle(), LocalOnly::new(&[8080]));
        let (status, text) = ask(guarded.clone(), "/metrics", "127.0.0.1:1").await;
        assert_eq!(status, StatusCode::OK);
        assert!(text.contains("keystead_tests_total 3"), "{text}");
        let (status, text) = ask(guarded, "/metrics", "192.0.2.1:1").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(!text.contains("keystead_tests_total"), "{text}");
        let own = metrics(recorder.handle());
        assert_eq!(ask(own, "/metrics", "192.0.2.1:1").await.0, StatusCode::OK);
    }
}
