//! Sockets: both loopback addresses for `localhost`, and one port for both.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use tokio::net::TcpListener;

/// How often a free port is looked for that is free on both loopback addresses.
const TRIES: usize = 16;

/// Bound sockets that share a port.
#[derive(Debug)]
pub struct Bound {
    sockets: Vec<TcpListener>,
    port: u16,
}

impl Bound {
    /// The port: the one asked for, or the free one that was found.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn into_sockets(self) -> Vec<TcpListener> {
        self.sockets
    }
}

/// Binds `host` (`localhost`, an address or a name) at `port`; 0 picks a free one.
///
/// # Errors
/// The name means nothing, or the port is taken or forbidden; the text names host and port.
pub async fn bind(host: &str, port: u16) -> io::Result<Bound> {
    let tries = if port == 0 { TRIES } else { 1 };
    let mut last = None;
    for _ in 0..tries {
        match try_bind(host, port).await {
            Ok(bound) => return Ok(bound),
            Err(error) => last = Some(error),
        }
    }
    let cause = last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into());
    let hint = match cause.kind() {
        io::ErrorKind::AddrInUse => "Stop what uses the port, or choose another one.",
        io::ErrorKind::PermissionDenied => "Choose a port above 1023, or grant the right to it.",
        _ => "Check the host and port of the listener.",
    };
    Err(io::Error::new(cause.kind(), format!("Cannot listen on {host}:{port} ({cause}). {hint}")))
}

async fn try_bind(host: &str, port: u16) -> io::Result<Bound> {
    let mut sockets: Vec<TcpListener> = Vec::new();
    let mut shared = port;
    for address in addresses(host).await? {
        match TcpListener::bind(SocketAddr::new(address, shared)).await {
            Ok(socket) => {
                shared = socket.local_addr()?.port();
                sockets.push(socket);
            }
            // A machine without IPv6 still has a localhost.
            Err(e) if !sockets.is_empty() && no_such_address(&e) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(Bound { sockets, port: shared })
}

async fn addresses(host: &str) -> io::Result<Vec<IpAddr>> {
    if host.eq_ignore_ascii_case("localhost") {
        return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    if let Ok(address) = host.trim_matches(['[', ']']).parse() {
        return Ok(vec![address]);
    }
    let mut found: Vec<IpAddr> =
        tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect();
    found.sort_unstable();
    found.dedup();
    if found.is_empty() { Err(io::ErrorKind::AddrNotAvailable.into()) } else { Ok(found) }
}

fn no_such_address(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported)
        || error.raw_os_error() == Some(97) // EAFNOSUPPORT: the kernel has no IPv6
}

/// Raises the number of files this process may open as far as the system allows, and answers it.
/// Many systems start processes with 1 024, which a thousand idle clients would use up.
#[must_use]
pub fn raise_descriptors() -> u64 {
    rlimit::increase_nofile_limit(u64::MAX).unwrap_or(1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn localhost_is_both_addresses_with_one_port() {
        let bound = bind("localhost", 0).await.unwrap();
        assert_ne!(bound.port(), 0);
        for socket in &bound.sockets {
            let address = socket.local_addr().unwrap();
            assert!(address.ip().is_loopback());
            assert_eq!(address.port(), bound.port());
        }
        let said = bind("127.0.0.1", bound.port()).await.unwrap_err().to_string();
        assert!(said.contains(&format!("127.0.0.1:{}", bound.port())), "{said}");
        assert!(said.contains("choose another one"), "{said}");
    }

    #[tokio::test]
    async fn a_name_that_means_nothing_is_refused() {
        assert!(bind("nowhere.invalid", 0).await.is_err());
    }

    #[test]
    fn descriptors_suffice_for_a_thousand_clients() {
        assert!(raise_descriptors() >= 1_024);
    }
}
