//! Whole requests: which rule speaks first, and where a refusal is shown.

use super::*;
use crate::oauth::pkce::PkceRules;
use crate::oauth::response::PromptValue;

const BASE: &str = "client_id=app&redirect_uri=https%3A%2F%2Fa.test%2Fcb&response_type=code\
                    &scope=openid+profile&state=s1";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn check(query: &str, pkce: PkceRules) -> Result<ValidRequest, Failure> {
    let params = Params::read(query);
    let client = ClientFacts {
        client_id: "app",
        redirect_uris: &["https://a.test/cb".to_owned()],
        extra_scopes: &["read".to_owned()],
        pkce,
        openid: true,
    };
    ValidRequest::check(&params, &client)
}

#[test]
fn every_part_arrives() {
    let query = format!(
        "{BASE}+read+unknown&nonce=n1&code_challenge={CHALLENGE}&code_challenge_method=S256\
         &prompt=login+consent&max_age=60&login_hint=mina%40example.com&id_token_hint=a.b.c\
         &ui_locales=ja+en&acr_values=2&display=popup&response_mode=form_post&unknown=1\
         &claims=%7B%22id_token%22%3A%7B%7D%7D"
    )
    .replace("&state=s1+read+unknown", "+read+unknown&state=s1");
    let strict = PkceRules { required: true, plain_allowed: false };
    let request = check(&query, strict).unwrap();
    assert_eq!(request.client_id(), "app");
    assert_eq!(request.redirect().as_str(), "https://a.test/cb");
    assert!(request.redirect_given());
    assert_eq!(request.response_mode(), ResponseMode::FormPost);
    assert_eq!(request.scope().to_string(), "openid profile read");
    assert_eq!(request.state(), Some("s1"));
    assert_eq!(request.nonce(), Some("n1"));
    assert!(request.challenge().is_some());
    assert!(request.prompt().has(PromptValue::Login) && request.prompt().has(PromptValue::Consent));
    assert_eq!(request.max_age(), Some(60));
    assert_eq!(request.login_hint(), Some("mina@example.com"));
    assert_eq!(request.id_token_hint(), Some("a.b.c"));
    assert_eq!(request.ui_locales(), ["ja", "en"]);
    assert_eq!(request.acr_values(), ["2"]);
    assert_eq!(request.parts().display, Some(Display::Popup));

    let stored = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<ValidRequest>(&stored).unwrap(), request);
}

#[test]
fn the_least_request() {
    let request = check(BASE, PkceRules::default()).unwrap();
    assert_eq!(request.response_mode(), ResponseMode::Query);
    assert_eq!((request.challenge(), request.max_age(), request.nonce()), (None, None, None));
    assert_eq!(request.prompt(), &Prompt::default());
}

/// Rows 5 and 6: without a sound address nothing leaves our page, whatever else is wrong.
#[test]
fn refusals_on_our_page() {
    for (from, to) in [
        ("https%3A%2F%2Fa.test%2Fcb", "https%3A%2F%2Fevil.test%2Fcb"),
        ("https%3A%2F%2Fa.test%2Fcb", "javascript%3Aalert(1)"),
        ("https%3A%2F%2Fa.test%2Fcb", ""),
        ("redirect_uri", "redirect_url"),
        ("&state=s1", "&state=s1&redirect_uri=https%3A%2F%2Fa.test%2Fcb"),
        ("&state=s1", "&state=s1&client_id=app"),
        ("https%3A%2F%2Fa.test%2Fcb", "https%3A%2F%2Fevil.test&request=x&prompt=x"),
    ] {
        let failure = check(&BASE.replace(from, to), PkceRules::default()).unwrap_err();
        assert!(matches!(failure, Failure::Page(_)), "{to}: {failure:?}");
        assert_eq!(failure.refusal().code(), "invalid_request", "{to}");
    }
}

#[test]
fn refusals_at_the_client() {
    let long = format!("&nonce={}", "n".repeat(2_049));
    for (add, code) in [
        ("&request=x", "request_not_supported"),
        ("&request_uri=https%3A%2F%2Fa.test", "request_uri_not_supported"),
        ("&registration=%7B%7D", "registration_not_supported"),
        ("&prompt=none+login", "invalid_request"),
        ("&max_age=-1", "invalid_request"),
        ("&code_challenge_method=S256", "invalid_request"),
        ("&code_challenge=short&code_challenge_method=S256", "invalid_request"),
        ("&nonce=a%0Ab", "invalid_request"),
        (&long, "invalid_request"),
    ] {
        match check(&format!("{BASE}{add}"), PkceRules::default()) {
            Err(Failure::Client { redirect, state, refusal, response_mode }) => {
                assert_eq!(refusal.code(), code, "{add}");
                assert_eq!(redirect.as_str(), "https://a.test/cb");
                assert_eq!(state.as_deref(), Some("s1"));
                assert_eq!(response_mode, ResponseMode::Query);
            }
            other => panic!("{add}: {other:?}"),
        }
    }
    let code = |query: &str, pkce| check(query, pkce).unwrap_err().refusal().code();
    let required = PkceRules { required: true, plain_allowed: false };
    assert_eq!(code(BASE, required), "invalid_request");
    let token = BASE.replace("type=code", "type=token");
    assert_eq!(code(&token, required), "unsupported_response_type");
    assert_eq!(code(&BASE.replace("openid", "%22"), required), "invalid_scope");
}

#[test]
fn a_refusal_keeps_mode_and_state_where_they_are_sound() {
    let failure = |query: &str| check(query, PkceRules::default()).unwrap_err();
    let posted = failure(&format!("{BASE}&response_mode=form_post&max_age=x"));
    let Failure::Client { response_mode, .. } = posted else { panic!("{posted:?}") };
    assert_eq!(response_mode, ResponseMode::FormPost);
    let unknown = failure(&format!("{BASE}&response_mode=jwt"));
    let Failure::Client { response_mode, state, .. } = unknown else { panic!("{unknown:?}") };
    assert_eq!((response_mode, state.as_deref()), (ResponseMode::Query, Some("s1")));
    let state = failure(&BASE.replace("=s1", "=a%00b").replace("%00", "%07"));
    let Failure::Client { state, .. } = state else { panic!("{state:?}") };
    assert_eq!(state, None);
}

#[test]
fn plain_oauth_may_leave_the_address_out() {
    let params = Params::parse("client_id=app&response_type=code").unwrap();
    let uris = ["https://a.test/cb".to_owned()];
    let client = ClientFacts {
        client_id: "app",
        redirect_uris: &uris,
        extra_scopes: &[],
        pkce: PkceRules::default(),
        openid: false,
    };
    let request = ValidRequest::check(&params, &client).unwrap();
    assert_eq!(request.redirect().as_str(), uris[0]);
    assert!(!request.redirect_given());
}

#[test]
fn a_repeated_parameter_is_told_where_the_answer_may_go() {
    for (more, state) in [
        ("&nonce=a&nonce=b", Some("s1")),
        ("&state=s2", None),
        ("&response_mode=form_post&response_mode=fragment", Some("s1")),
        ("&x=1&x=1", Some("s1")),
        ("&login_hint=%00", Some("s1")),
    ] {
        let failure = check(&format!("{BASE}{more}"), PkceRules::default()).unwrap_err();
        let Failure::Client { state: kept, response_mode, refusal, .. } = failure else {
            panic!("{more}: {failure:?}");
        };
        assert_eq!((kept.as_deref(), response_mode), (state, ResponseMode::Query), "{more}");
        assert_eq!(refusal.code(), "invalid_request", "{more}");
    }
    let twice = format!("{BASE}&redirect_uri=https%3A%2F%2Fa.test%2Fcb");
    let failure = check(&twice, PkceRules::default()).unwrap_err();
    assert!(matches!(failure, Failure::Page(_)), "{failure:?}");
}
