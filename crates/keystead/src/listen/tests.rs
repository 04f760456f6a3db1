//! Tests of the listeners over real sockets.

use super::*;
use axum::body::Bytes;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use axum::{Extension, body::Body};
use http::Request;
use http::uri::Scheme;
use hyper_util::rt::{TokioExecutor, TokioIo};
use keystead_model::Millis;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// Long enough for everything that is expected to happen; nothing waits for it when all is well.
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(150);

fn limits() -> Limits {
    Limits {
        connections: 64,
        header_timeout: PATIENCE,
        header_max_bytes: 8_192,
        body_timeout: PATIENCE,
        idle_timeout: PATIENCE,
    }
}

struct Running {
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    ended: JoinHandle<Ended>,
    /// Lets requests to `/held` go.
    gate: Arc<Notify>,
    /// Whether a request to `/held` has begun.
    begun: Arc<AtomicBool>,
}

fn routes(gate: Arc<Notify>, begun: Arc<AtomicBool>) -> Router {
    let who = |Extension(scheme): Extension<Scheme>, peer: ConnectInfo<SocketAddr>| async move {
        format!("{scheme} {}", peer.0.ip())
    };
    let held = move || async move {
        begun.store(true, Ordering::SeqCst);
        gate.notified().await;
        "let go"
    };
    Router::new()
        .route("/", get(who))
        .route("/held", get(held))
        .route("/size", post(|body: Bytes| async move { body.len().to_string() }))
}

async fn start(limits: Limits, tls: Option<Arc<rustls::ServerConfig>>, drain: Duration) -> Running {
    let gate = Arc::new(Notify::new());
    let begun = Arc::new(AtomicBool::new(false));
    let bound = bind("localhost", 0).await.unwrap();
    let port = bound.port();
    let app = routes(Arc::clone(&gate), Arc::clone(&begun));
    let (stop, stopped) = oneshot::channel::<()>();
    let until = async { drop(stopped.await) };
    let listeners = vec![Listener { bound, tls, app }];
    let ended = tokio::spawn(serve_with_drain(listeners, limits, until, drain));
    Running { port, stop: Some(stop), ended, gate, begun }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port)).await.unwrap()
    }

    /// Sends bytes on a new connection and reads to its end.
    async fn send(&self, bytes: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_bytes()).await.unwrap();
        to_end(&mut stream).await
    }

    async fn is_well(&self) -> bool {
        self.send("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.contains("200 OK")
    }

    fn stop(&mut self) {
        drop(self.stop.take());
    }

    async fn end(self) -> Ended {
        tokio::time::timeout(PATIENCE, self.ended).await.unwrap().unwrap()
    }
}

/// What arrives until the peer closes; a reset counts as an end too.
async fn to_end(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut bytes = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn both_loopback_addresses_answer_and_say_who_asks() {
    let server = start(limits(), None, PATIENCE).await;
    for host in ["127.0.0.1", "::1"] {
        let Ok(mut stream) = TcpStream::connect((host, server.port)).await else {
            assert_eq!(host, "::1", "this machine has no IPv6");
            continue;
        };
        let ask = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        let answer = to_end(&mut stream).await;
        assert!(answer.ends_with(&format!("http {host}")), "{answer}");
    }
}

#[tokio::test]
async fn slow_heads_and_silent_connections_end_while_others_are_served() {
    let server = start(Limits { header_timeout: SHORT, ..limits() }, None, PATIENCE).await;
    let mut silent = server.connect().await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nho").await.unwrap();
    let mut preface = server.connect().await;
    preface.write_all(b"PRI * HTTP/2.0\r\n").await.unwrap();
    assert!(server.is_well().await);
    for stream in [&mut silent, &mut slow, &mut preface] {
        assert!(!to_end(stream).await.contains("200 OK"));
    }
    assert!(server.is_well().await);
}

#[tokio::test]
async fn a_connection_that_waits_is_served_when_others_end() {
    let limits = Limits { connections: 2, header_timeout: SHORT, ..limits() };
    let server = start(limits, None, PATIENCE).await;
    let _idle = (server.connect().await, server.connect().await);
    assert!(server.is_well().await);
}

#[tokio::test]
async fn heads_and_bodies_are_bounded() {
    let server = start(Limits { body_timeout: SHORT, ..limits() }, None, PATIENCE).await;
    let long = "a".repeat(1 << 20);
    let answer = server.send(&format!("GET / HTTP/1.1\r\nhost: x\r\nx: {long}\r\n\r\n")).await;
    assert!(!answer.contains("200 OK"), "{answer}");
    let late = "POST /size HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nconnection: close\r\n\r\n1";
    let answer = server.send(late).await;
    assert!(answer.contains(" 400 "), "{answer}");
    assert!(server.send(&format!("{late}23456789")).await.ends_with('9'));
}

#[tokio::test]
async fn a_quiet_connection_ends_and_a_working_one_does_not() {
    let server = start(Limits { idle_timeout: SHORT, ..limits() }, None, PATIENCE).await;
    let mut quiet = server.connect().await;
    quiet.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut working = server.connect().await;
    working.write_all(b"GET /held HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(to_end(&mut quiet).await.contains("200 OK"));
    server.gate.notify_one();
    assert!(to_end(&mut working).await.contains("let go"));
}

#[tokio::test]
async fn draining_answers_what_runs_and_waits_for_nobody_else() {
    let mut server = start(limits(), None, PATIENCE).await;
    let _silent = server.connect().await;
    let mut held = server.connect().await;
    held.write_all(b"GET /held HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    while !server.begun.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    server.stop();
    // Once the sockets are closed, new connections are refused.
    while TcpStream::connect(("127.0.0.1", server.port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
    server.gate.notify_one();
    assert!(to_end(&mut held).await.contains("let go"));
    assert_eq!(server.end().await, Ended::Drained);
}

#[tokio::test]
async fn what_takes_too_long_is_cut_off() {
    let mut server = start(limits(), None, SHORT).await;
    let mut held = server.connect().await;
    held.write_all(b"GET /held HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    while !server.begun.load(Ordering::SeqCst) {
        tokio::task::yield_now().await;
    }
    server.stop();
    assert_eq!(server.end().await, Ended::CutOff);
}

const NOW: Millis = Millis(1_800_000_000_000);

/// A server with the development certificate, and a client's TLS for the protocols it offers.
async fn start_tls() -> (Running, impl Fn(&[&[u8]]) -> tokio_rustls::TlsConnector) {
    let path = tempfile::tempdir().unwrap();
    let folder = crate::datadir::DataFolder::open(path.path()).unwrap();
    let config = crate::tls::development(&folder, NOW).unwrap();
    let ca = CertificateDer::from_pem_file(path.path().join(crate::tls::CA_FILE)).unwrap();
    let server = start(limits(), Some(config), PATIENCE).await;
    let connector = move |alpn: &[&[u8]]| {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(ca.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut client = rustls::ClientConfig::builder_with_details(provider, Arc::new(FixedTime))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        client.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
        tokio_rustls::TlsConnector::from(Arc::new(client))
    };
    (server, connector)
}

#[derive(Debug)]
struct FixedTime;

impl rustls::time_provider::TimeProvider for FixedTime {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        let now = Duration::from_secs(NOW.seconds().unsigned_abs());
        Some(rustls::pki_types::UnixTime::since_unix_epoch(now))
    }
}

fn localhost() -> ServerName<'static> {
    ServerName::try_from("localhost").unwrap()
}

#[tokio::test]
async fn https_speaks_what_was_agreed() {
    let (server, connector) = start_tls().await;
    for alpn in [&[][..], &[&b"http/1.1"[..]][..]] {
        let plain = server.connect().await;
        let mut stream = connector(alpn).connect(localhost(), plain).await.unwrap();
        let ask = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        let answer = to_end(&mut stream).await;
        assert!(answer.ends_with("https 127.0.0.1"), "{answer}");
    }
    let answer = http2(&server, &connector).await.unwrap().send_request(ask("/")).await.unwrap();
    assert_eq!(answer.version(), http::Version::HTTP_2);
    let body = axum::body::to_bytes(Body::new(answer.into_body()), 99).await.unwrap();
    assert_eq!(body, "https 127.0.0.1");
}

type Http2 = hyper::client::conn::http2::SendRequest<Body>;

fn ask(path: &str) -> Request<Body> {
    Request::get(format!("https://localhost{path}")).body(Body::empty()).unwrap()
}

async fn http2(
    server: &Running,
    connector: &impl Fn(&[&[u8]]) -> tokio_rustls::TlsConnector,
) -> hyper::Result<Http2> {
    let plain = server.connect().await;
    shaken(connector(&[b"h2"]).connect(localhost(), plain).await.unwrap()).await
}

async fn shaken<S>(stream: S) -> hyper::Result<Http2>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let io = TokioIo::new(stream);
    let (send, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await?;
    tokio::spawn(async { drop(connection.await) });
    Ok(send)
}

#[tokio::test]
async fn http2_is_spoken_without_tls_where_the_client_knows() {
    let server = start(limits(), None, PATIENCE).await;
    let mut client = shaken(server.connect().await).await.unwrap();
    let request = Request::get("http://localhost/").body(Body::empty()).unwrap();
    let answer = client.send_request(request).await.unwrap();
    assert_eq!(answer.version(), http::Version::HTTP_2);
    let body = axum::body::to_bytes(Body::new(answer.into_body()), 99).await.unwrap();
    assert_eq!(body, "http 127.0.0.1");
    // A preface that comes in pieces is one all the same.
    let mut slow = server.connect().await;
    for piece in [&b"PRI * HT"[..], b"TP/2.0\r\n\r\nSM\r\n", b"\r\n\0\0\0\x04\0\0\0\0\0"] {
        slow.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    let mut frame = [0; 9];
    tokio::time::timeout(PATIENCE, slow.read_exact(&mut frame)).await.unwrap().unwrap();
    assert_eq!(frame[3], 4, "the server's settings come first");
    // What only looks like one is refused, and nothing is held up by it.
    assert!(!server.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n").await.contains("200 OK"));
    assert!(server.is_well().await);
}

#[tokio::test]
async fn a_flood_of_resets_ends_its_own_connection_alone() {
    let (server, connector) = start_tls().await;
    let mut flood = http2(&server, &connector).await.unwrap();
    let mut ended = false;
    for _ in 0..20_000 {
        if flood.ready().await.is_err() {
            ended = true;
            break;
        }
        let request = flood.send_request(ask("/held"));
        let polled = tokio::time::timeout(Duration::ZERO, request).await;
        if matches!(polled, Ok(Err(_))) {
            ended = true;
            break;
        }
    }
    assert!(ended, "the flood went on");
    let mut other = http2(&server, &connector).await.unwrap();
    assert_eq!(other.send_request(ask("/")).await.unwrap().status(), 200);
}
