//! The security headers of pages; the Content-Security-Policy above all (CSP Level 3).

use url::{Host, Url};

/// What kind of page is answered; it decides the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// A page that leads nowhere else.
    Page,
    /// A page of a flow that may end with a redirect after a form: to the origin of the flow's
    /// validated redirect address, and to those of the upstreams it offers. Chromium checks
    /// `form-action` along redirects, too.
    Flow(Vec<FormTarget>),
    /// The page of `response_mode=form_post`: its form goes to the application alone.
    FormPost(FormTarget),
    /// A message shown in a sandboxed frame: its own inline styles and nothing else.
    Mail,
}

/// A source of `form-action`, made only from an address, so nothing can be smuggled into the
/// header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormTarget(String);

impl FormTarget {
    /// The origin of a web address, or `scheme:` for an application's own scheme.
    ///
    /// The grammar of sources has no IPv6 addresses, so such a host is allowed by its scheme.
    /// `None` when it is no absolute address.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        Some(Self(match url.host() {
            Some(Host::Domain(_) | Host::Ipv4(_)) if url.origin().is_tuple() => {
                url.origin().ascii_serialization()
            }
            _ => format!("{}:", url.scheme()),
        }))
    }
}

impl Policy {
    /// The value of `content-security-policy`.
    #[must_use]
    pub fn content_security_policy(&self) -> String {
        let form_action = match self {
            Self::Page => "'self'".to_owned(),
            Self::Flow(targets) => {
                let targets = targets.iter().map(|target| target.0.as_str());
                std::iter::once("'self'").chain(targets).collect::<Vec<_>>().join(" ")
            }
            Self::FormPost(target) => target.0.clone(),
            Self::Mail => {
                return "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; \
                        frame-ancestors 'self'; base-uri 'none'; sandbox"
                    .to_owned();
            }
        };
        format!(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; \
             connect-src 'self'; form-action {form_action}; frame-ancestors 'none'; \
             base-uri 'none'"
        )
    }

    /// Every security header of a page's answer, names in lower case.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("content-security-policy", self.content_security_policy()),
            ("x-content-type-options", "nosniff".to_owned()),
            ("x-frame-options", self.frame_options().to_owned()),
            ("referrer-policy", self.referrer_policy().to_owned()),
            ("cache-control", "no-store".to_owned()),
            ("cross-origin-resource-policy", "same-origin".to_owned()),
            ("permissions-policy", "camera=(), geolocation=(), microphone=()".to_owned()),
        ];
        if matches!(self, Self::Page | Self::Mail) {
            headers.push(("cross-origin-opener-policy", "same-origin".to_owned()));
        }
        headers
    }

    fn frame_options(&self) -> &'static str {
        if matches!(self, Self::Mail) { "SAMEORIGIN" } else { "DENY" }
    }

    /// Never `no-referrer`: under it browsers send `Origin: null` with a form, and the check
    /// of the origin would refuse our own pages. A form_post tells the application our origin,
    /// never the address of the page.
    fn referrer_policy(&self) -> &'static str {
        if matches!(self, Self::FormPost(_)) { "strict-origin" } else { "same-origin" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(address: &str) -> FormTarget {
        FormTarget::of(address).unwrap()
    }

    #[test]
    fn form_targets() {
        for (address, want) in [
            ("https://App.Example/cb?x=1#y", "https://app.example"),
            ("https://app.example:443/cb", "https://app.example"),
            ("http://localhost:3000/cb", "http://localhost:3000"),
            ("http://127.0.0.1:81/", "http://127.0.0.1:81"),
            ("http://[::1]:81/cb", "http:"),
            ("com.example.app:/cb", "com.example.app:"),
            ("myapp://cb/x", "myapp:"),
            ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(target(address).0, want, "{address}");
        }
        for bad in ["", "/cb", "a b", "://x"] {
            assert_eq!(FormTarget::of(bad), None, "{bad}");
        }
    }

    #[test]
    fn nothing_is_smuggled_into_the_header() {
        for address in [
            "https://a.example;script-src *",
            "https://a.example/; script-src 'unsafe-inline'",
            "https://a.example\r\nset-cookie: x",
            "https://a.example, default-src *",
            "x;y:z",
            "myapp://h; script-src *",
        ] {
            if let Some(target) = FormTarget::of(address) {
                let sound = target.0.chars().all(|c| c.is_ascii_graphic() && !";,'\"".contains(c));
                assert!(sound, "{address}: {}", target.0);
            }
        }
    }

    #[test]
    fn policies_are_exact() {
        const START: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                             script-src 'self'; connect-src 'self'; ";
        const END: &str = "; frame-ancestors 'none'; base-uri 'none'";
        let app = || target("https://app.example/cb");
        for (policy, form_action) in [
            (Policy::Page, "'self'"),
            (Policy::Flow(vec![]), "'self'"),
            (Policy::Flow(vec![app(), target("myapp:/x")]), "'self' https://app.example myapp:"),
            (Policy::FormPost(app()), "https://app.example"),
        ] {
            let want = format!("{START}form-action {form_action}{END}");
            assert_eq!(policy.content_security_policy(), want);
        }
    }

    #[test]
    fn every_page_is_framed_by_nobody_and_stored_nowhere() {
        let app = target("https://app.example/cb");
        for policy in [Policy::Page, Policy::Flow(vec![app.clone()]), Policy::FormPost(app)] {
            let headers = policy.headers();
            for (name, value) in [
                ("x-frame-options", "DENY"),
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
            ] {
                assert!(headers.contains(&(name, value.to_owned())), "{policy:?} {name}");
            }
            // A window that signs in keeps its opener; only pages outside flows cut it off.
            let cut = headers.iter().any(|(name, _)| *name == "cross-origin-opener-policy");
            assert_eq!(cut, policy == Policy::Page);
        }
    }
}
