//! Redirect addresses: compared byte by byte with the registered ones.
//!
//! The one exception is the port of a loopback **IP literal** over http (RFC 8252, 7.3), which a
//! native application cannot know beforehand. `localhost` is no such literal: it is a name that
//! a machine may resolve elsewhere (RFC 8252, 8.3), so there the port counts too.
//! Logout addresses follow the same rules: check `post_logout_redirect_uri` against its own list.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The longest address, in bytes.
const MAX_BYTES: usize = 2_048;

/// Why an address is not used. The browser stays with us then: no redirect, our own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// None was given, and the application has none or several.
    #[error("redirect_uri is missing")]
    Missing,
    /// It is not registered for the application.
    #[error("redirect_uri is not registered for this application")]
    Unregistered,
    /// It is registered, but of a form that is never redirected to.
    #[error("redirect_uri cannot be used: {0}")]
    Unfit(#[from] RegisterError),
}

/// Why an address cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Not an absolute address, or longer than 2 048 bytes.
    #[error("an absolute address of at most {MAX_BYTES} bytes is needed")]
    NotAbsolute,
    /// A space, a control or other character that RFC 3986 has not, or `\`.
    #[error("it holds a character that addresses do not have; write it percent-encoded")]
    Character,
    /// A scheme that is neither https, http nor a private one with a dot (`com.example.app`).
    #[error("the scheme must be https, http or a reversed domain name such as com.example.app")]
    Scheme,
    /// `#` and what follows (RFC 6749, 3.1.2).
    #[error("it may not have a fragment")]
    Fragment,
    /// A user name or password before the host.
    #[error("it may not hold a user name or password")]
    Credentials,
    /// No host, or a pattern instead of one.
    #[error("it needs a host, written out; patterns are not matched")]
    Host,
    /// `.` or `..` as a part of the path: what browsers make of it differs from what is written.
    #[error("its path may not hold . or .. as a part")]
    DotSegment,
}

/// A checked address to send the browser to. `Deserialize` is for what our own store held, and
/// trusts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redirect(String);

impl Redirect {
    /// Checks the address of a request against those of the application.
    ///
    /// Without one, and with exactly one registered, that one is taken (RFC 6749, 3.1.2.3). Where
    /// OpenID Connect demands the parameter the caller asks for it first.
    ///
    /// # Errors
    /// Why the browser must not be sent anywhere.
    pub fn check(registered: &[String], given: Option<&str>) -> Result<Self, RedirectError> {
        let uri = match (given, registered) {
            (None, [only]) => only,
            (None, _) => return Err(RedirectError::Missing),
            (Some(given), _) => {
                let same = |own: &String| own == given || differs_in_loopback_port(own, given);
                if !registered.iter().any(same) {
                    return Err(RedirectError::Unregistered);
                }
                given
            }
        };
        // Also what is registered: a row may be older than a rule, or come from a seed.
        register_check(uri)?;
        Ok(Self(uri.to_owned()))
    }

    /// The address as the client sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value for `form-action` of a page that posts here or ends in a redirect to here: the
    /// origin, or the scheme of a private one. Content Security Policy has no form for an IPv6
    /// address, so there it is the scheme as well.
    #[must_use]
    pub fn origin_for_csp(&self) -> String {
        match Url::parse(&self.0) {
            Ok(url) if is_web(&url) && !matches!(url.host(), Some(Host::Ipv6(_))) => {
                url.origin().ascii_serialization()
            }
            Ok(url) => format!("{}:", url.scheme()),
            Err(_) => "'none'".to_owned(),
        }
    }
}

/// Whether an address may be registered for an application.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn register_check(uri: &str) -> Result<(), RegisterError> {
    if uri.len() > MAX_BYTES {
        return Err(RegisterError::NotAbsolute);
    }
    if let Some(odd) = uri.bytes().find(|b| !is_uri_byte(*b)) {
        return Err(if odd == b'#' { RegisterError::Fragment } else { RegisterError::Character });
    }
    let url = Url::parse(uri).map_err(|_| RegisterError::NotAbsolute)?;
    let after_scheme = uri
        .strip_prefix(url.scheme())
        .and_then(|rest| rest.strip_prefix(':'))
        // Written in upper case: the browser would use another text than the one compared.
        .ok_or(RegisterError::Scheme)?;
    if !is_web(&url) && !url.scheme().contains('.') {
        return Err(RegisterError::Scheme);
    }
    if is_web(&url) {
        // `https:host` and `https:/host` are read as `https://host` by browsers.
        let rest = after_scheme.strip_prefix("//").ok_or(RegisterError::Host)?;
        let (authority, _) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(RegisterError::Credentials);
        }
        if authority.is_empty() || authority.contains(['*', '%']) {
            return Err(RegisterError::Host);
        }
    } else if !url.username().is_empty() || url.password().is_some() {
        return Err(RegisterError::Credentials);
    }
    let path = after_scheme.split('?').next().unwrap_or_default();
    let dots = |part: &str| matches!(&*part.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    if path.split('/').any(dots) {
        return Err(RegisterError::DotSegment);
    }
    Ok(())
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http")
}

/// The bytes of RFC 3986 without `#`.
fn is_uri_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte)
}

/// Whether both are http on the same loopback literal, equal but for the port.
fn differs_in_loopback_port(registered: &str, given: &str) -> bool {
    ["http://127.0.0.1", "http://[::1]"].iter().any(|host| {
        let rest = |uri: &str| uri.strip_prefix(host).and_then(without_port).map(str::to_owned);
        rest(registered).is_some_and(|own| rest(given) == Some(own))
    })
}

/// What follows the host and port; none when something else stands there than a port.
fn without_port(rest: &str) -> Option<&str> {
    let rest = match rest.strip_prefix(':') {
        None => rest,
        Some(port) => {
            let end = port.find(|c: char| !c.is_ascii_digit()).unwrap_or(port.len());
            let (digits, rest) = port.split_at(end);
            digits.parse::<u16>().ok().filter(|port| *port > 0)?;
            rest
        }
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
}

#[cfg(test)]
mod tests;
