//! Addresses and networks, as people and proxies write them.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// Longest text that is read as an address.
const LONGEST: usize = 64;

/// The address that a proxy or a client wrote: bare, in brackets, or with a port. `None` for
/// everything else.
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let ip = match bare {
        Some(inner) => inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|at| at.ip())),
    };
    ip.map(|ip| ip.to_canonical())
}

/// A network, such as `10.1.0.0/16`; an address alone is a network of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    ip: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether the address lies in it.
    #[must_use]
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.ip, ip) {
            (IpAddr::V4(net), IpAddr::V4(ip)) => {
                let shift = 32 - self.prefix.min(32);
                let part = |ip: Ipv4Addr| ip.to_bits().checked_shr(shift).unwrap_or(0);
                part(net) == part(ip)
            }
            (IpAddr::V6(net), IpAddr::V6(ip)) => {
                let shift = 128 - self.prefix.min(128);
                let part = |ip: Ipv6Addr| ip.to_bits().checked_shr(shift).unwrap_or(0);
                part(net) == part(ip)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (ip, prefix) = text.split_once('/').map_or((text, None), |(ip, n)| (ip, Some(n)));
        let ip: IpAddr = ip.parse().map_err(|_| ())?;
        let most = if ip.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(text) => text.parse().ok().filter(|n| *n <= most).ok_or(())?,
            None => most,
        };
        Ok(Self { ip, prefix })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.ip, self.prefix)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = "an address or network, such as 127.0.0.1 or 10.1.0.0/16";
        text.trim().parse().map_err(|()| D::Error::custom(format!("expected {wrong}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_network_has_the_addresses_that_share_its_head() {
        for (network, inside, outside) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("10.1.0.0/16", "10.1.255.1", "10.2.0.1"),
            ("0.0.0.0/0", "1.2.3.4", "::1"),
            ("fd00::/8", "fd12::1", "fe80::1"),
        ] {
            let parsed: Network = network.parse().unwrap();
            assert!(parsed.contains(inside.parse().unwrap()), "{network} {inside}");
            assert!(!parsed.contains(outside.parse().unwrap()), "{network} {outside}");
            let read: Network = serde_json::from_value(json!(parsed)).unwrap();
            assert_eq!(read, parsed);
        }
        for bad in ["", "10.0.0.0/33", "::/129", "10/8", "example.com", "10.0.0.0/-1"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
            assert!(serde_json::from_value::<Network>(json!(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_is_read_in_the_forms_that_proxies_write() {
        for (text, want) in [
            ("192.0.2.1", "192.0.2.1"),
            (" 192.0.2.1 ", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(address(text), Some(want.parse().unwrap()), "{text}");
        }
        let long = "1".repeat(1_000_000);
        for bad in ["", "unknown", "_hidden", "1.2.3", "1.2.3.4.5", "[1.2.3.4]", "1.2.3.4\r\nx: y"]
            .into_iter()
            .chain([long.as_str(), "999.1.1.1", "<script>", "1.2.3.4, 5.6.7.8", "fe80::1%eth0"])
        {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
