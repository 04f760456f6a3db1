//! What is known of a request before the domain sees it, as plain data.

use keystead_model::Locale;
use keystead_model::network::address;
use std::net::{IpAddr, Ipv4Addr};

/// What the harness knows about a request before the domain does.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// The id in every answer and log line.
    pub request_id: String,
    /// The address it came from: the connection's, or what trusted proxies say.
    pub ip: IpAddr,
    /// The user's address that the application's server names.
    pub claim: Option<Claim>,
    /// The user agent.
    pub user_agent: Option<String>,
    /// The language of texts.
    pub locale: Locale,
    /// What it carried beside its fields.
    pub evidence: Evidence,
}

/// What a request carried beside its fields, as plain data: this crate knows no HTTP framework.
#[derive(Clone, Default)]
pub struct Evidence {
    /// Its cookies, in order.
    pub cookies: Vec<(String, String)>,
    /// Its `Authorization` header.
    pub authorization: Option<String>,
    /// Its `auth0-forwarded-for` header: the user's address, by an application's server.
    pub forwarded_for: Option<String>,
    /// The application it names in `x-authing-app-id`.
    pub app_id: Option<String>,
    /// Its `Accept-Language` header.
    pub languages: Option<String>,
    /// Its `Origin` header.
    pub origin: Option<String>,
    /// Its `Sec-Fetch-Site` header.
    pub fetch_site: Option<String>,
    /// Its `Referer` header.
    pub referer: Option<String>,
    /// Its query as sent.
    pub query: String,
    /// Its parameters as sent: the form of the body, else the query.
    pub parameters: String,
    /// Whether it came over TLS.
    pub is_secure: bool,
}

impl Evidence {
    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Evidence")
    }
}

impl RequestFacts {
    /// The facts of work that no request asked for.
    #[must_use]
    pub fn system(request_id: impl Into<String>) -> Self {
        Self {
            request_id: request_id.into(),
            ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            claim: None,
            user_agent: None,
            locale: Locale::default(),
            evidence: Evidence::default(),
        }
    }

    /// Notes the address of the user that the caller names. Whatever is no address is ignored;
    /// nothing counts on it before the caller has proved to be an application's server.
    pub fn claim(&mut self, text: Option<&str>) {
        let ip = text.and_then(address);
        self.claim = ip.map(|ip| Claim { ip, is_believed: false }).or(self.claim);
    }

    /// Believes the claimed address from now on.
    pub(crate) const fn believe(&mut self) {
        if let Some(claim) = &mut self.claim {
            claim.is_believed = true;
        }
    }

    /// The claimed address, if the caller may name one.
    #[must_use]
    pub fn believed(&self) -> Option<IpAddr> {
        self.claim.filter(|claim| claim.is_believed).map(|claim| claim.ip)
    }

    /// Where the user is, as far as that is known: a believed claim, else the caller's address.
    #[must_use]
    pub fn user_ip(&self) -> IpAddr {
        self.believed().unwrap_or(self.ip)
    }

    /// Where the user is said to be, by whomever: what accounts show as their last address.
    #[must_use]
    pub fn said_ip(&self) -> IpAddr {
        self.claim.map_or(self.ip, |claim| claim.ip)
    }
}

/// A user's address, named by the server that signs them in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The address.
    pub ip: IpAddr,
    /// Whether the caller has proved that it may name one.
    pub is_believed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_counts_for_nothing_before_it_is_believed() {
        let mut request = RequestFacts::system("test");
        for hostile in ["", "nowhere", "1.2.3", "' OR 1=1 --", "192.0.2.1, 192.0.2.2"] {
            request.claim(Some(hostile));
            assert_eq!(request.claim, None, "{hostile}");
        }
        request.believe();
        assert_eq!(request.said_ip(), request.ip);
        request.claim(Some("192.0.2.7"));
        let claimed: IpAddr = "192.0.2.7".parse().unwrap();
        assert_eq!((request.said_ip(), request.user_ip()), (claimed, request.ip));
        request.believe();
        assert_eq!((request.said_ip(), request.user_ip()), (claimed, claimed));
    }
}
