//! Listeners: every connection is bounded in time, size and number, and ends when asked to.
//!
//! HTTP/2 is spoken where TLS agreed on it, and without TLS where the client begins with its
//! preface; HTTP/1.1 everywhere else. No connection waits for its first bytes without a time-out.

mod bind;
mod connection;
mod metered;
mod timed_body;

pub use bind::{Bound, bind, raise_descriptors};

use axum::Router;
use connection::Connection;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

/// How long running requests get once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(9);
/// How long the listener rests when the system has no more descriptors.
const REST: Duration = Duration::from_millis(200);

/// What a connection may take.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections open at once, over all listeners.
    pub connections: usize,
    /// In which a request's head must arrive, and a TLS handshake be done.
    pub header_timeout: Duration,
    /// Largest head in bytes.
    pub header_max_bytes: u32,
    /// In which a request's body must arrive.
    pub body_timeout: Duration,
    /// After which a connection on which nothing moves is closed.
    pub idle_timeout: Duration,
}

/// A bound address, whether it speaks TLS, and what answers there.
///
/// Each request carries `ConnectInfo<SocketAddr>` (the peer) and `http::uri::Scheme` (how it came)
/// as extensions.
pub struct Listener {
    /// The sockets.
    pub bound: Bound,
    /// TLS, where it is spoken.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// What answers.
    pub app: Router,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Every request was answered.
    Drained,
    /// Some were cut off after the time for draining.
    CutOff,
}

/// Serves until `stop` is done, then lets running requests end, for 9 seconds at most. A
/// connection that is handed over to another protocol (WebSocket) is not waited for.
pub async fn serve(
    listeners: Vec<Listener>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) -> Ended {
    serve_with_drain(listeners, limits, stop, DRAIN).await
}

async fn serve_with_drain(
    listeners: Vec<Listener>,
    limits: Limits,
    stop: impl Future<Output = ()>,
    drain: Duration,
) -> Ended {
    let (stopping, stopped) = watch::channel(false);
    let total = limits.connections.min(u32::MAX as usize);
    let permits = Arc::new(Semaphore::new(total));
    let limits = Arc::new(limits);
    for listener in listeners {
        let connection = Arc::new(Connection {
            app: listener.app,
            tls: listener.tls.map(TlsAcceptor::from),
            limits: Arc::clone(&limits),
            stopped: stopped.clone(),
        });
        for socket in listener.bound.into_sockets() {
            let door = Accept { permits: Arc::clone(&permits), connection: connection.clone() };
            tokio::spawn(door.run(socket, stopped.clone()));
        }
    }
    drop(stopped);
    stop.await;
    stopping.send_replace(true);
    // Every connection holds a permit, so all permits together mean that none is left.
    let all = u32::try_from(total).unwrap_or(u32::MAX);
    match tokio::time::timeout(drain, permits.acquire_many(all)).await {
        Ok(_) => Ended::Drained,
        Err(_) => Ended::CutOff,
    }
}

struct Accept {
    permits: Arc<Semaphore>,
    connection: Arc<Connection>,
}

impl Accept {
    async fn run(self, socket: TcpListener, mut stopped: watch::Receiver<bool>) {
        loop {
            let next = async {
                let permit = Arc::clone(&self.permits).acquire_owned().await.ok()?;
                Some((accept(&socket).await, permit))
            };
            let ((stream, peer), permit) = tokio::select! {
                next = next => match next { Some(next) => next, None => return },
                _ = stopped.changed() => return,
            };
            let connection = Arc::clone(&self.connection);
            tokio::spawn(async move {
                connection.run(stream, peer).await;
                drop(permit);
            });
        }
    }
}

async fn accept(socket: &TcpListener) -> (TcpStream, std::net::SocketAddr) {
    loop {
        match socket.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                // A peer that left early is no news; a lack of descriptors passes.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
