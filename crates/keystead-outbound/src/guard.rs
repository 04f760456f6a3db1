//! Outgoing HTTP that cannot be turned against our own network: resolve, check, pin.
//!
//! A name is resolved here, every address it has is checked, and the connection goes to just these
//! addresses. Redirects are not followed, and no proxy of the environment is asked.

use keystead_model::network::Network;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);

/// Which addresses may be asked: public ones, and those of these networks.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allowed: Arc<[Network]>,
}

impl Guard {
    /// A guard that lets these networks pass besides the public addresses.
    #[must_use]
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed: allowed.into() }
    }

    /// Whether this address may be asked.
    #[must_use]
    pub fn admits(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        is_public(ip) || self.allowed.iter().any(|network| network.contains(ip))
    }

    /// Whether this address of the web may be asked, as far as it says so itself: names are
    /// checked when they are resolved.
    ///
    /// # Errors
    /// The reason, as the rest of a sentence.
    pub fn check(&self, url: &Url) -> Result<(), String> {
        let ip = match url.host() {
            _ if !matches!(url.scheme(), "http" | "https") => {
                return Err("must be http or https".into());
            }
            None => return Err("has no host".into()),
            Some(Host::Domain(_)) => return Ok(()),
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        };
        if self.admits(ip) { Ok(()) } else { Err(refused(ip)) }
    }

    /// A client that asks admitted addresses alone; a call ends after `timeout`.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn client(&self, timeout: Duration) -> Result<reqwest::Client, reqwest::Error> {
        reqwest::Client::builder()
            .dns_resolver(Arc::new(Checked(self.clone())))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(timeout)
            .build()
    }
}

fn refused(ip: IpAddr) -> String {
    format!("leads to {ip}, which is no public address; allow it in `outbound.allow` if it should")
}

/// Resolves names through the guard.
struct Checked(Guard);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One bad address is enough: nobody but an attacker mixes them.
            match found.iter().find(|at| !guard.admits(at.ip())) {
                Some(bad) => Err(refused(bad.ip()).into()),
                None => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

/// Whether an address belongs to the public internet: not private, loopback, link-local (where
/// clouds keep their metadata), shared, reserved, or one of these in IPv6 clothes.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && matches!(b, 18 | 19));
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, _, _, _, g, h] = ip.segments();
    let inner = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        // NAT64 (RFC 6052) and 6to4 (RFC 3056) lead to an IPv4 address.
        (0x64, 0xff9b) => c == 0 && is_public_v4(inner(g, h)),
        (0x2002, high) => is_public_v4(inner(high, c)),
        // Teredo, ORCHID and the like, documentation.
        (0x2001, b) if b < 0x200 || b == 0xdb8 => false,
        // Only 2000::/3 is handed out.
        _ => (0x2000..0x4000).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_pass() {
        let guard = Guard::default();
        for public in ["8.8.8.8", "1.1.1.1", "2606:4700::1", "64:ff9b::808:808", "2002:808:808::"] {
            assert!(guard.admits(public.parse().unwrap()), "{public}");
        }
        for inner in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "2001:db8::1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001::1",
            "::7f00:1",
        ] {
            assert!(!guard.admits(inner.parse().unwrap()), "{inner}");
        }
    }

    #[test]
    fn networks_that_were_allowed_pass() {
        let networks = ["127.0.0.1", "10.1.0.0/16", "fd00::/8"].map(|n| n.parse().unwrap());
        let guard = Guard::new(networks.to_vec());
        for ip in ["127.0.0.1", "::ffff:127.0.0.1", "10.1.255.1", "fd12::1"] {
            assert!(guard.admits(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["127.0.0.2", "10.2.0.1", "169.254.169.254", "fe80::1"] {
            assert!(!guard.admits(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn addresses_are_checked_in_every_spelling() {
        let guard = Guard::default();
        for bad in [
            "http://127.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://[::ffff:7f00:1]/",
            "http://169.254.169.254/latest",
            "ftp://example.com",
            "file:///etc/passwd",
        ] {
            assert!(guard.check(&Url::parse(bad).unwrap()).is_err(), "{bad}");
        }
        guard.check(&Url::parse("https://sms.example/send").unwrap()).unwrap();
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused() {
        let client = Guard::default().client(Duration::from_secs(5)).unwrap();
        let error = client.get("http://localhost:9/").send().await.unwrap_err();
        assert!(format!("{error:?}").contains("no public address"), "{error:?}");
    }
}
