//! Where a request comes from when proxies stand in front: read from the right, through trusted
//! hops alone. Nothing else that a proxy says is read, neither a scheme nor a host.

use http::HeaderMap;
use keystead_model::network::{Network, address};
use std::net::IpAddr;

/// Hops that are followed at most.
const HOPS: usize = 32;

/// The header in which the proxies write addresses. Only one is read: a proxy passes the other on
/// as its client sent it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Header {
    /// The header of this name, in lower case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::XForwardedFor, Self::Forwarded].into_iter().find(|header| header.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }

    /// The address of one hop.
    fn read(self, hop: &str) -> Option<IpAddr> {
        match self {
            Self::XForwardedFor => address(hop),
            Self::Forwarded => hop.split(';').find_map(|pair| {
                let (name, value) = pair.split_once('=')?;
                let is_for = name.trim().eq_ignore_ascii_case("for");
                is_for.then(|| address(value.trim().trim_matches('"')))?
            }),
        }
    }
}

/// The proxies that stand in front of this server.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    /// Their networks.
    pub networks: Vec<Network>,
    /// Where they write who asks them.
    pub header: Header,
}

impl Proxies {
    /// The address that a request comes from: the first one, from the connection backwards, that
    /// is no proxy of ours. Each hop is told by the one behind it, so what stands to the left of
    /// an address that is not trusted could be anybody's invention.
    ///
    /// Hops are split at commas, quoted or not: a quote that a client leaves open must not
    /// swallow what our proxy appended.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut ip = peer.to_canonical();
        let lines = headers.get_all(self.header.name()).iter().collect::<Vec<_>>();
        let hops = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|b| *b == b','));
        for hop in hops.take(HOPS) {
            if !self.networks.iter().any(|network| network.contains(ip)) {
                break;
            }
            let text = std::str::from_utf8(hop).ok();
            // A trusted proxy that does not say who asked it is the last that is known.
            let Some(next) = text.and_then(|hop| self.header.read(hop)) else { break };
            ip = next;
        }
        ip
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(header: Header, peer: &str, lines: &[&str]) -> String {
        let networks = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|n| n.parse().unwrap());
        let proxies = Proxies { networks: networks.to_vec(), header };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header.name(), line.parse().unwrap());
        }
        // The other header says something else, and is never read.
        let other = match header {
            Header::XForwardedFor => Header::Forwarded,
            Header::Forwarded => Header::XForwardedFor,
        };
        headers.append(other.name(), "for=6.6.6.6".parse().unwrap());
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn attack_27_a_forwarded_address_is_taken_from_the_right_through_trusted_hops() {
        for (peer, lines, want) in [
            ("127.0.0.1", &["203.0.113.9"][..], "203.0.113.9"),
            ("::ffff:127.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            // What the client sent stands to the left of what the proxy saw.
            ("127.0.0.1", &["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["1.1.1.1", "203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["1.1.1.1, 203.0.113.9, 10.1.1.1"], "203.0.113.9"),
            ("127.0.0.1", &["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
            // Nobody trusted is believed about others.
            ("203.0.113.9", &["1.1.1.1"], "203.0.113.9"),
            ("127.0.0.2", &["1.1.1.1"], "127.0.0.2"),
            // No more than is known.
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["", ","], "127.0.0.1"),
            ("127.0.0.1", &["1.1.1.1, unknown"], "127.0.0.1"),
            ("127.0.0.1", &["1.1.1.1, x, 10.1.1.1"], "10.1.1.1"),
            ("127.0.0.1", &["10.9.9.9, 10.1.1.1"], "10.9.9.9"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
        ] {
            assert_eq!(client(Header::XForwardedFor, peer, lines), want, "{peer} {lines:?}");
        }
        let many = vec!["10.0.0.1"; 10_000].join(",");
        let long = format!("203.0.113.9,{many}");
        assert_eq!(client(Header::XForwardedFor, "127.0.0.1", &[&long]), "10.0.0.1");
    }

    #[test]
    fn the_forwarded_header_is_read_likewise() {
        for (lines, want) in [
            (&["for=203.0.113.9;proto=http;by=10.0.0.1"][..], "203.0.113.9"),
            (&["For=\"[2001:db8:cafe::17]:4711\""], "2001:db8:cafe::17"),
            (&["for=1.1.1.1, by=10.0.0.1; for=203.0.113.9"], "203.0.113.9"),
            (&["for=\"1.1.1.1, for=203.0.113.9"], "203.0.113.9"),
            (&["for=1.1.1.1", "for=unknown"], "127.0.0.1"),
            (&["for=1.1.1.1", "for=_secret"], "127.0.0.1"),
            (&["203.0.113.9"], "127.0.0.1"),
            (&["host=evil.example"], "127.0.0.1"),
        ] {
            assert_eq!(client(Header::Forwarded, "127.0.0.1", lines), want, "{lines:?}");
        }
    }
}
