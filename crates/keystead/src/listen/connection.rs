//! One connection: handshake, protocol, limits, end.

use super::Limits;
use super::metered::{Activity, Metered};
use super::timed_body::TimedBody;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::Request;
use http::uri::Scheme;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// Requests that one HTTP/2 connection may run at once.
const STREAMS: u32 = 128;
/// Streams reset by the peer that may wait for us before the connection is closed: the defence
/// against floods of resets (CVE-2023-44487).
const PENDING_RESETS: usize = 20;
/// Streams that we reset because of the peer's mistakes before the connection is closed.
const OWN_RESETS: usize = 128;
/// Bytes of answers that wait for a slow reader on one HTTP/2 stream.
const SEND_BUFFER_BYTES: usize = 256 * 1024;

/// The first bytes of an HTTP/2 client (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How long to wait for more of it.
const MORE: Duration = Duration::from_millis(10);

/// How long nothing must move, once the server stops, before a connection without a running
/// request is dropped.
const QUIET: Duration = Duration::from_secs(1);

/// What all connections of a listener share.
pub(super) struct Connection {
    pub app: Router,
    pub tls: Option<TlsAcceptor>,
    pub limits: Arc<Limits>,
    pub stopped: watch::Receiver<bool>,
}

impl Connection {
    /// Serves one connection to its end.
    pub async fn run(&self, stream: TcpStream, peer: SocketAddr) {
        // Answers are small and written at once; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let Some(tls) = &self.tls else {
            return self.plain(stream, peer).await;
        };
        let handshake = tokio::time::timeout(self.limits.header_timeout, tls.accept(stream));
        let mut stopped = self.stopped.clone();
        let stream = tokio::select! {
            Ok(Ok(stream)) = handshake => stream,
            _ = stopped.wait_for(|stop| *stop) => return,
            else => return,
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(stream, peer, Scheme::HTTPS).await;
        } else {
            self.http1(stream, peer, Scheme::HTTPS).await;
        }
    }

    /// Serves a connection without TLS: HTTP/2 where the client knows beforehand that it is spoken
    /// (RFC 9113, 3.3), else HTTP/1.1.
    async fn plain(&self, stream: TcpStream, peer: SocketAddr) {
        let first = tokio::time::timeout(self.limits.header_timeout, begins_http2(&stream));
        let mut stopped = self.stopped.clone();
        let http2 = tokio::select! {
            first = first => match first { Ok(http2) => http2, Err(_) => return },
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        if http2 {
            self.http2(stream, peer, Scheme::HTTP).await;
        } else {
            self.http1(stream, peer, Scheme::HTTP).await;
        }
    }

    async fn http1<S>(&self, stream: S, peer: SocketAddr, scheme: Scheme)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let activity = Arc::new(Activity::default());
        let io = TokioIo::new(Metered { stream, activity: Arc::clone(&activity) });
        let service = service_fn(|request| self.answer(request, peer, &scheme, &activity));
        let max_bytes = self.limits.header_max_bytes as usize;
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_timeout)
            .max_header_size(max_bytes)
            .max_buf_size(max_bytes)
            .serve_connection(io, service)
            .with_upgrades();
        self.drive(connection, &activity, peer).await;
    }

    async fn http2<S>(&self, stream: S, peer: SocketAddr, scheme: Scheme)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let activity = Arc::new(Activity::default());
        let io = TokioIo::new(Metered { stream, activity: Arc::clone(&activity) });
        let service = service_fn(|request| self.answer(request, peer, &scheme, &activity));
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_pending_accept_reset_streams(PENDING_RESETS)
            .max_local_error_reset_streams(OWN_RESETS)
            .max_header_list_size(self.limits.header_max_bytes)
            .max_send_buf_size(SEND_BUFFER_BYTES)
            .serve_connection(io, service);
        self.drive(connection, &activity, peer).await;
    }

    fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        scheme: &Scheme,
        activity: &Arc<Activity>,
    ) -> impl Future<Output = Result<Response, Infallible>> + Send + 'static {
        let running = activity.request();
        let allowed = self.limits.body_timeout;
        let mut request = request.map(|body| Body::new(TimedBody::new(body, allowed)));
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(scheme.clone());
        let app = self.app.clone();
        async move {
            let answer = app.oneshot(request).await;
            drop(running);
            answer
        }
    }

    /// Runs a connection until it ends, the server stops, or nothing moves for too long: then it
    /// is asked to end, and dropped when it is still quiet after the same time again.
    async fn drive<C: Graceful>(&self, connection: C, activity: &Activity, peer: SocketAddr) {
        let mut connection = pin!(connection);
        let mut stopped = self.stopped.clone();
        let mut stopping = false;
        let mut asked = false;
        let mut seen = 0;
        let mut idle = tokio::time::interval(self.limits.idle_timeout);
        idle.reset();
        loop {
            tokio::select! {
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%peer, %error, "a connection ended early");
                    }
                    return;
                }
                _ = stopped.wait_for(|stop| *stop), if !stopping => {
                    stopping = true;
                    // A connection that has sent nothing yet is not ended by asking.
                    asked = true;
                    idle = tokio::time::interval(QUIET);
                    idle.reset();
                    connection.as_mut().finish();
                }
                _ = idle.tick() => {
                    if !activity.is_quiet_since(&mut seen) {
                        continue;
                    }
                    if asked {
                        tracing::debug!(%peer, "an idle connection was dropped");
                        return;
                    }
                    asked = true;
                    connection.as_mut().finish();
                }
            }
        }
    }
}

/// Whether the first bytes are HTTP/2's preface. They are looked at, not taken.
async fn begins_http2(stream: &TcpStream) -> bool {
    let mut first = [0; PREFACE.len()];
    loop {
        let Ok(n) = stream.peek(&mut first).await else { return false };
        let (Some(came), Some(wanted)) = (first.get(..n), PREFACE.get(..n)) else { return false };
        if n == 0 || came != wanted {
            return false;
        }
        if n == PREFACE.len() {
            return true;
        }
        // What was looked at stays there, so the socket does not say when more comes.
        tokio::time::sleep(MORE).await;
    }
}

/// A connection that can be asked to end after the requests it works on.
trait Graceful: Future<Output = hyper::Result<()>> {
    fn finish(self: Pin<&mut Self>);
}

impl<I, S> Graceful for http1::UpgradeableConnection<I, S>
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
    S: hyper::service::HttpService<Incoming, ResBody = Body>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<I, S> Graceful for http2::Connection<I, S, TokioExecutor>
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    S: hyper::service::HttpService<Incoming, ResBody = Body>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    S::Future: Send + 'static,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}
