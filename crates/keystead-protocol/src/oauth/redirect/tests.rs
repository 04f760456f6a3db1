//! The corpus of attack rows 5 and 6, and what is allowed beside it.

use super::*;
use proptest::prelude::*;

const OWN: &str = "https://app.example.com/cb";

fn list(uris: &[&str]) -> Vec<String> {
    uris.iter().map(|uri| (*uri).to_owned()).collect()
}

#[test]
fn the_registered_one_is_taken() {
    let uris =
        list(&[OWN, "https://app.example.com/cb?x=1", "com.example.app:/cb", "http://a.test"]);
    for uri in &uris {
        assert_eq!(Redirect::check(&uris, Some(uri)).unwrap().as_str(), uri);
    }
    assert_eq!(Redirect::check(&uris, None), Err(RedirectError::Missing));
    assert_eq!(Redirect::check(&[], None), Err(RedirectError::Missing));
    assert_eq!(Redirect::check(&[], Some(OWN)), Err(RedirectError::Unregistered));
    assert_eq!(Redirect::check(&list(&[OWN]), None).unwrap().as_str(), OWN);
}

/// Near misses of a registered address.
const NEAR_MISSES: &[&str] = &[
    "",
    " ",
    "https://app.example.com/cb ",
    " https://app.example.com/cb",
    "https://app.example.com/cb/",
    "https://app.example.com/cb/x",
    "https://app.example.com",
    "https://app.example.com/",
    "https://app.example.com.evil.test/cb",
    "https://app.example.comevil.test/cb",
    "https://evil.test/https://app.example.com/cb",
    "https://app.example.com@evil.test/cb",
    "https://app.example.com:x@evil.test/cb",
    "https://user@app.example.com/cb",
    "https://a@b@app.example.com/cb",
    "https://evil.test@app.example.com@evil.test/cb",
    "https://app.example.com/cb/..;/evil",
    "https://app.example.com/x/../cb",
    "https://app.example.com/x/..%2fcb",
    "https://app.example.com/%2e%2e/cb",
    "https://app.example.com/%252f/cb",
    "https://app.example.com/cb%252f..%252fevil",
    "https://app.example.com/cb%2f..%2fevil",
    "https://app.example.com/%63b",
    "https://app.example.com\\cb",
    "https:\\\\app.example.com\\cb",
    "https://evil.test\\@app.example.com/cb",
    "https://app.example.com/\tcb",
    "https://app.example.com/\ncb",
    "https://app.example.com/cb\r\nLocation: https://evil.test",
    "https:///app.example.com/cb",
    "https:app.example.com/cb",
    "//app.example.com/cb",
    "/cb",
    "HTTPS://app.example.com/cb",
    "Https://app.example.com/cb",
    "https://APP.example.com/cb",
    "https://app.example.com/CB",
    "http://app.example.com/cb",
    "https://app.example.com./cb",
    "https://app.example.com:443/cb",
    "https://app.example.com:8443/cb",
    "https://appXexample.com/cb",
    "https://app-example.com/cb",
    "https://bücher.example/cb",
    "https://ａpp.example.com/cb",
    "https://app.example.com/cb#",
    "https://app.example.com/cb#x",
    "https://app.example.com/cb?",
    "https://app.example.com/cb?x=2",
    "https://app.example.com/cb?x=1&y=2",
    "https://app.example.com/cb?y=2&x=1",
    "https://app.example.com/cb?X=1",
    "https://app.example.com/cb&x=1",
    "https://app.example.com/cb;x=1",
    "https://*.example.com/cb",
];

/// Near misses of a loopback address: only the port may differ, only on the registered literal,
/// only over http.
const LOOPBACK_MISSES: &[&str] = &[
    "https://127.0.0.1/cb",
    "http://127.0.0.1/CB",
    "http://127.0.0.1/cb/",
    "http://127.0.0.1:/cb",
    "http://127.0.0.1:0/cb",
    "http://127.0.0.1:65536/cb",
    "http://127.0.0.1:80a/cb",
    "http://127.0.0.1:8080@evil.test/cb",
    "http://127.0.0.1@evil.test/cb",
    "http://127.0.0.1.evil.test/cb",
    "http://127.0.0.1:8080/cb?x",
    "http://127.0.0.1:8080:90/cb",
    "http://127.0.0.2/cb",
    "http://127.1/cb",
    "http://2130706433/cb",
    "http://0x7f.0.0.1/cb",
    "http://0177.0.0.1/cb",
    "http://[::1]/cb",
    "http://[::1]:9000/cb",
    "http://[::ffff:127.0.0.1]/cb",
    "http://localhost/cb",
    "http://localhost:3001/cb",
    "http://localhost.:3000/cb",
];

/// Attack row 5.
#[test]
fn attack_05_corpus() {
    let uris = list(&[
        OWN,
        "https://app.example.com/cb?x=1",
        "http://127.0.0.1/cb",
        "http://localhost:3000/cb",
        "https://xn--bcher-kva.example/cb",
    ]);
    for given in NEAR_MISSES.iter().chain(LOOPBACK_MISSES) {
        let got = Redirect::check(&uris, Some(given));
        assert_eq!(got, Err(RedirectError::Unregistered), "{given:?}");
    }
}

#[test]
fn the_port_of_a_loopback_literal_is_free() {
    for (registered, given, want) in [
        ("http://127.0.0.1/cb", "http://127.0.0.1:1/cb", true),
        ("http://127.0.0.1/cb", "http://127.0.0.1:65535/cb", true),
        ("http://127.0.0.1:4000/cb?a=1", "http://127.0.0.1:5000/cb?a=1", true),
        ("http://127.0.0.1:4000/cb", "http://127.0.0.1/cb", true),
        ("http://127.0.0.1", "http://127.0.0.1:9", true),
        ("http://[::1]/cb", "http://[::1]:9000/cb", true),
        ("http://[::1]/cb", "http://[0:0:0:0:0:0:0:1]:9000/cb", false),
        ("http://[::1]/cb", "http://127.0.0.1:9000/cb", false),
        ("http://127.0.0.1/cb", "http://127.0.0.1:9/other", false),
    ] {
        let got = Redirect::check(&list(&[registered]), Some(given));
        assert_eq!(got.is_ok(), want, "{registered} {given}");
    }
}

/// Attack row 6: never sent to, whoever registered it.
#[test]
fn attack_06_schemes() {
    for uri in [
        "javascript:alert(1)",
        "javascript://app.example.com/%0aalert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://app.example.com/1",
        "about:blank",
        "mailto:a@b.c",
        "ftp://app.example.com/cb",
        "ws://app.example.com/cb",
        "view-source:https://a.test",
        "myapp:/cb",
        "myapp://cb",
        "HTTPS://app.example.com/cb",
        "Com.Example.App:/cb",
    ] {
        assert_eq!(register_check(uri), Err(RegisterError::Scheme), "{uri}");
        assert_eq!(
            Redirect::check(&list(&[uri]), Some(uri)),
            Err(RedirectError::Unfit(RegisterError::Scheme)),
            "{uri}"
        );
        assert!(Redirect::check(&list(&[uri]), None).is_err(), "{uri}");
    }
    for uri in ["java\tscript:alert(1)", " javascript:alert(1)", "\u{1}javascript:alert(1)"] {
        assert_eq!(register_check(uri), Err(RegisterError::Character), "{uri:?}");
    }
}

#[test]
fn registration() {
    use RegisterError::{Character, Credentials, DotSegment, Fragment, Host, NotAbsolute};
    let long = format!("https://a.test/{}", "x".repeat(2_048));
    for (uri, want) in [
        (OWN, Ok(())),
        ("http://intranet/cb", Ok(())),
        ("http://localhost:3000/cb", Ok(())),
        ("http://[::1]:3000/cb", Ok(())),
        ("https://a.test/cb?x=%20y&z=[1]", Ok(())),
        ("https://a.test/a..b/.c/...", Ok(())),
        ("https://a.test/x@y", Ok(())),
        ("com.example.app:/cb", Ok(())),
        ("com.example.app://cb/x", Ok(())),
        ("https://a.test/cb#x", Err(Fragment)),
        ("https://a.test/cb#", Err(Fragment)),
        ("https://u@a.test/cb", Err(Credentials)),
        ("https://u:p@a.test/cb", Err(Credentials)),
        ("https://@a.test/cb", Err(Credentials)),
        ("com.example.app://u@h/cb", Err(Credentials)),
        ("https://*.a.test/cb", Err(Host)),
        ("https:a.test/cb", Err(Host)),
        ("https:///a.test/cb", Err(Host)),
        ("https://a%2etest/cb", Err(Host)),
        ("https://", Err(NotAbsolute)),
        ("https://a.test:99999/", Err(NotAbsolute)),
        ("/cb", Err(NotAbsolute)),
        ("a.test/cb", Err(NotAbsolute)),
        ("", Err(NotAbsolute)),
        (&long, Err(NotAbsolute)),
        ("https://a.test/a/../b", Err(DotSegment)),
        ("https://a.test/%2E./b", Err(DotSegment)),
        ("https://a.test/.", Err(DotSegment)),
        ("https://a.test/a b", Err(Character)),
        ("https://a.test\\b", Err(Character)),
        ("https://a.test/\"><script>", Err(Character)),
        ("https://bücher.example/cb", Err(Character)),
        ("https://a.test/\r\nX: y", Err(Character)),
    ] {
        assert_eq!(register_check(uri), want, "{uri}");
    }
}

#[test]
fn content_security_policy() {
    for (uri, want) in [
        ("https://app.example.com/cb?x=1", "https://app.example.com"),
        ("https://app.example.com:443/cb", "https://app.example.com"),
        ("http://localhost:3000/cb", "http://localhost:3000"),
        ("http://[::1]:3000/cb", "http:"),
        ("com.example.app:/cb", "com.example.app:"),
    ] {
        let redirect = Redirect::check(&list(&[uri]), Some(uri)).unwrap();
        assert_eq!(redirect.origin_for_csp(), want, "{uri}");
        assert!(!redirect.origin_for_csp().contains([';', ' ', ',']));
    }
}

proptest! {
    /// One changed, added or removed character is another address.
    #[test]
    fn byte_exact(at in 0_usize..OWN.len(), c in any::<char>(), kind in 0_u8..3) {
        let mut given = OWN.to_owned();
        match kind {
            0 => given.insert(at, c),
            1 => given.replace_range(at..=at, c.encode_utf8(&mut [0; 4])),
            _ => given.replace_range(at..=at, ""),
        }
        let got = Redirect::check(&list(&[OWN]), Some(&given));
        prop_assert_eq!(got.is_ok(), given == OWN);
    }

    /// Whatever passes the check has one of the allowed schemes, as a browser reads it.
    #[test]
    fn what_passes_is_harmless(uri in "\\PC{0,40}") {
        if register_check(&uri).is_ok() {
            let url = Url::parse(&uri).unwrap();
            prop_assert!(is_web(&url) || url.scheme().contains('.'));
            prop_assert!(url.fragment().is_none() && url.username().is_empty());
        }
    }

    /// Text that looks like an address, since random text rarely does.
    #[test]
    fn what_passes_and_looks_like_an_address_is_harmless(
        uri in "(https?|javascript|a\\.b)?:?/{0,3}[a-z.@:%\\\\#?\\[\\]*]{0,16}",
    ) {
        if register_check(&uri).is_ok() {
            let url = Url::parse(&uri).unwrap();
            prop_assert!(is_web(&url) || url.scheme().contains('.'));
            prop_assert!(url.fragment().is_none() && url.username().is_empty());
        }
    }
}
