//! The question whether an application of somebody else may have what it asks for.

use crate::browser::Browser;
use crate::database::Engine;
use crate::on_both;
use crate::server::{THIRD, TestServer};
use keystead_authing::v3::users::CreateUser;

on_both!(
    a_person_allows_an_application_or_does_not,
    attack_24_a_consent_form_of_another_flow_person_or_site_allows_nothing,
);

const PASSWORD: &str = "a password of four words";
const ALLOW: (&str, &str) = ("answer", "allow");
const DENY: (&str, &str) = ("answer", "deny");

async fn person(server: &TestServer, name: &str) -> String {
    let new = CreateUser {
        username: Some(name.into()),
        password: Some(PASSWORD.into()),
        ..CreateUser::default()
    };
    server.admin().create_user(&new).await.unwrap().user_id
}

/// Where the third party's request leads: one of our pages, or its own address.
async fn asked(server: &TestServer, browser: &mut Browser<'_>, more: &str) -> String {
    let path = format!(
        "/oidc/auth?client_id={THIRD}&redirect_uri=https://third.example/cb&response_type=code\
         &state=s1&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
         &code_challenge_method=S256{more}"
    );
    let answer = browser.get(&path).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let to = answer.header("location");
    to.strip_prefix(server.url()).unwrap_or(to).to_owned()
}

/// Signs in, and answers the page that comes next.
async fn signed_in(browser: &mut Browser<'_>, page: &str, name: &str) -> String {
    let form = [("identifier", name), ("password", PASSWORD)];
    let answer = browser.post(page, &form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    let to = answer.header("location");
    to.split_once("/signin/").map_or(to.to_owned(), |(_, flow)| format!("/signin/{flow}"))
}

async fn a_person_allows_an_application_or_does_not(engine: Engine) {
    let server = TestServer::shared(engine);
    let id = person(server, "consenting").await;
    let mut browser = Browser::new(server);
    let page = asked(server, &mut browser, "&scope=openid+email").await;
    let consent = signed_in(&mut browser, &page, "consenting").await;
    assert_eq!(consent, format!("{page}/consent"));
    let shown = browser.get(&consent).await;
    let text = shown.text();
    for part in ["Third Party", "third.example", "consenting", "email", &id] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let person = ("person", id.as_str());
    let denied = browser.post(&consent, &[DENY, person]).await;
    let to = denied.header("location").to_owned();
    assert!(to.starts_with("https://third.example/cb?error=access_denied"), "{to}");
    assert!(to.contains("&state=s1&iss="), "{to}");
    assert!(!browser.is_signed_in(), "who refuses is not signed in by that");

    let page = asked(server, &mut browser, "&scope=openid+email").await;
    let consent = signed_in(&mut browser, &page, "consenting").await;
    let allowed = browser.post(&consent, &[ALLOW, person]).await;
    let to = allowed.header("location");
    assert!(to.starts_with("https://third.example/cb?code="), "{to}");
    assert!(browser.is_signed_in());
    // Allowed once is allowed; more is asked for again.
    let to = asked(server, &mut browser, "&scope=openid&prompt=none").await;
    assert!(to.starts_with("https://third.example/cb?code="), "{to}");
    let to = asked(server, &mut browser, "&scope=openid+phone&prompt=none").await;
    assert!(to.starts_with("https://third.example/cb?error=consent_required"), "{to}");
    for more in ["&scope=openid+phone", "&scope=openid&prompt=consent"] {
        let page = asked(server, &mut browser, more).await;
        let answer = browser.get(&page).await;
        assert!(answer.header("location").ends_with("/consent"), "{more}: {}", answer.text());
    }
}

async fn attack_24_a_consent_form_of_another_flow_person_or_site_allows_nothing(engine: Engine) {
    let server = TestServer::shared(engine);
    let own = person(server, "victim").await;
    let other = person(server, "attacker").await;
    let mut victim = Browser::new(server);
    let page = asked(server, &mut victim, "&scope=openid").await;
    let consent = signed_in(&mut victim, &page, "victim").await;
    let mut attacker = Browser::new(server);
    let theirs = asked(server, &mut attacker, "&scope=openid").await;
    let theirs = signed_in(&mut attacker, &theirs, "attacker").await;
    let (own, other) = (("person", own.as_str()), ("person", other.as_str()));

    // The form of another flow, to which this browser has no cookie.
    assert_eq!(victim.post(&theirs, &[ALLOW, own]).await.status, 410);
    assert_eq!(attacker.post(&consent, &[ALLOW, own]).await.status, 410);
    // The answer of another person, no person, no answer: the question is put again.
    for form in [&[ALLOW, other][..], &[ALLOW], &[own], &[DENY, other], &[("answer", "x"), own]] {
        let answer = victim.post(&consent, form).await;
        assert!(answer.header("location").ends_with("/consent"), "{form:?}: {}", answer.text());
    }
    // A foreign site, and one that hides what it is.
    for origin in ["https://evil.example", "null"] {
        let mut framed = victim.clone();
        framed.origin = origin.to_owned();
        assert_eq!(framed.post(&consent, &[ALLOW, own]).await.status, 403, "{origin}");
    }
    let allowed = victim.post(&consent, &[ALLOW, own]).await;
    assert!(allowed.header("location").contains("code="), "{}", allowed.text());
    // The same form once more: the flow is over.
    let again = victim.post(&consent, &[ALLOW, own]).await;
    assert!(!again.header("location").contains("code="), "{}", again.text());
}
