//! Consent: asked of people for applications of others, kept, and asked again for more.

use crate::on_both;

on_both! {
    consent_is_asked_once_and_again_for_more;
    a_refusal_ends_the_flow_and_is_told_to_the_application;
    an_answer_counts_for_the_person_it_was_asked_of_alone;
    a_door_without_pages_asks_nobody;
    consent_goes_with_the_account;
}

mod story {
    use crate::server::{PASSWORD, Server};
    use keystead_core::applications::{self, App};
    use keystead_core::seed::{self, Seed};
    use keystead_core::sessions::{self, Current};
    use keystead_core::signin::method::NamedBy;
    use keystead_core::signin::{self, Flow, Input, MethodId, Next, consent};
    use keystead_core::users::{self, Writer};
    use keystead_core::{Cx, Principal, consents, tokens};
    use keystead_model::{Code, Secret};
    use keystead_protocol::oauth::params::Params;
    use keystead_protocol::oauth::pkce::PkceRules;
    use keystead_protocol::oauth::request::ValidRequest;
    use keystead_protocol::oauth::rules::ClientFacts;
    use keystead_protocol::oauth::scope::Scope;
    use std::sync::Arc;

    const THIRD: &str = "0000000000000000000000a9";
    const SEED: &str = r#"{"applications": [{"client_id": "0000000000000000000000a9",
        "name": "Third", "secret": "third secret", "first_party": false,
        "redirect_uris": ["https://third.example/cb"], "settings": {"password_grant": true}}],
        "users": [{"email": "ben@example.com", "username": "ben",
            "password": "a horse of ben 3"}]}"#;

    async fn third(server: &Server) -> Arc<App> {
        let seed: Seed = serde_json::from_str(SEED).unwrap();
        seed::apply(&server.core, &seed).await.unwrap();
        applications::by_client_id(&mut server.cx().await, THIRD).await.unwrap().unwrap()
    }

    fn asks(app: &Arc<App>, scope: &str, prompt: &str) -> Flow {
        let query = format!(
            "client_id={}&redirect_uri={}&response_type=code&scope={scope}&state=s&prompt={prompt}",
            app.client_id, app.redirect_uris[0]
        );
        let client = ClientFacts {
            client_id: &app.client_id,
            redirect_uris: &app.redirect_uris,
            extra_scopes: &[],
            pkce: PkceRules::default(),
            openid: true,
        };
        let request = ValidRequest::check(&Params::parse(&query).unwrap(), &client).unwrap();
        signin::begin(app.clone(), request, None)
    }

    /// Signs somebody in on a page of the pool's own application: a session that a browser holds.
    async fn session(server: &Server, name: &str, password: &str) -> Current {
        let app = server.app().await;
        let mut flow = asks(&app, "openid", "");
        let input = Input::new(NamedBy::Account, name, Secret::new(password));
        let mut cx = server.cx().await;
        let next = signin::prove(&mut cx, &mut flow, MethodId::Password, &input, None).await;
        let Ok(Next::Done(done)) = next else { panic!("{next:?}") };
        cx.settled().await.unwrap();
        let cookie = done.cookie.unwrap();
        sessions::current(&mut cx, Some(cookie.expose())).await.unwrap().unwrap()
    }

    async fn next(cx: &mut Cx, flow: &mut Flow, session: &Current) -> Next {
        signin::next(cx, flow, Some(session)).await.unwrap()
    }

    pub async fn consent_is_asked_once_and_again_for_more(server: Server) {
        let app = third(&server).await;
        let ann = session(&server, "ann", PASSWORD).await;
        let id = ann.user.id.to_string();
        let mut cx = server.cx().await;
        let silent = next(&mut cx, &mut asks(&app, "openid", "none"), &ann).await;
        assert!(matches!(silent, Next::Denied(d) if d.code == Code::ConsentRequired));

        let mut flow = asks(&app, "openid profile", "");
        assert!(matches!(next(&mut cx, &mut flow, &ann).await, Next::Consent));
        flow.store(&mut cx).await.unwrap();
        let done = consent::allow(&mut cx, &mut flow, &id, Some(&ann)).await.unwrap();
        assert!(matches!(done, Next::Done(_)), "{done:?}");
        let held = consents::of(&mut cx, ann.user.id, &app).await.unwrap().unwrap();
        assert_eq!(held.to_string(), "openid profile");

        for (scope, prompt, asked) in [
            ("openid", "", false),
            ("profile openid", "none", false),
            ("openid profile email", "", true),
            ("openid", "consent", true),
        ] {
            let next = next(&mut cx, &mut asks(&app, scope, prompt), &ann).await;
            assert_eq!(matches!(next, Next::Consent), asked, "{scope} {prompt}: {next:?}");
        }
        // What is allowed later is added.
        let mut flow = asks(&app, "openid email", "");
        consent::allow(&mut cx, &mut flow, &id, Some(&ann)).await.unwrap();
        let held = consents::of(&mut cx, ann.user.id, &app).await.unwrap().unwrap();
        assert_eq!(held.to_string(), "openid profile email");
        // The pool's own application asks nobody, whatever it says.
        let own = server.app().await;
        let next = next(&mut cx, &mut asks(&own, "openid email", "consent"), &ann).await;
        assert!(matches!(next, Next::Done(_)), "{next:?}");
        cx.settled().await.unwrap();
        let events = server.events().await;
        assert_eq!(events.iter().filter(|kind| *kind == "consent.granted").count(), 2);
    }

    pub async fn a_refusal_ends_the_flow_and_is_told_to_the_application(server: Server) {
        let app = third(&server).await;
        let ann = session(&server, "ann", PASSWORD).await;
        let id = ann.user.id.to_string();
        let mut cx = server.cx().await;
        let mut flow = asks(&app, "openid", "");
        let ticket = flow.store(&mut cx).await.unwrap();
        cx.settle().await.unwrap();
        let landing = consent::refuse(&mut cx, &mut flow, &id, Some(&ann)).await.unwrap().unwrap();
        assert_eq!(landing.target, "https://third.example/cb");
        assert_eq!(landing.parameters[0], ("error", "access_denied".to_owned()));
        assert!(landing.parameters.contains(&("state", "s".to_owned())));
        let (at, secret) = (ticket.id.to_string(), ticket.secret.expose());
        let over = signin::load(&mut cx, &at, secret).await.unwrap_err();
        assert_eq!(over.code(), Code::SigninExpired);
        // The same form, sent again: nothing is allowed and nothing is told.
        let again = consent::allow(&mut cx, &mut flow, &id, Some(&ann)).await.unwrap();
        assert!(matches!(again, Next::Denied(d) if d.code == Code::SigninExpired));
        assert!(consent::refuse(&mut cx, &mut flow, &id, Some(&ann)).await.unwrap().is_none());
        assert!(consents::of(&mut cx, ann.user.id, &app).await.unwrap().is_none());
        assert!(server.events().await.contains(&"consent.refused".to_owned()));
    }

    pub async fn an_answer_counts_for_the_person_it_was_asked_of_alone(server: Server) {
        let app = third(&server).await;
        let ann = session(&server, "ann", PASSWORD).await;
        let ben = session(&server, "ben", "a horse of ben 3").await;
        let mut cx = server.cx().await;
        let mut flow = asks(&app, "openid", "");
        flow.store(&mut cx).await.unwrap();
        cx.settle().await.unwrap();
        // The page was shown to Ann; Ben has signed in on this browser since.
        let shown = ann.user.id.to_string();
        for shown in [shown.as_str(), "", "0000000000000000000000ff"] {
            let next = consent::allow(&mut cx, &mut flow, shown, Some(&ben)).await.unwrap();
            assert!(matches!(next, Next::Consent), "{next:?}");
            let told = consent::refuse(&mut cx, &mut flow, shown, Some(&ben)).await.unwrap();
            assert!(told.is_none());
        }
        // Nobody is signed in any more: the question waits behind the sign-in.
        let next = consent::allow(&mut cx, &mut flow, &shown, None).await.unwrap();
        assert!(matches!(next, Next::Ask(_)), "{next:?}");
        for user in [&ann.user, &ben.user] {
            assert!(consents::of(&mut cx, user.id, &app).await.unwrap().is_none());
        }
    }

    pub async fn a_door_without_pages_asks_nobody(server: Server) {
        let app = third(&server).await;
        let mut cx = server.cx().await;
        let input = Input::new(NamedBy::Account, "ann", Secret::new(PASSWORD));
        let scope = Scope::parse("openid").unwrap();
        let direct = tokens::direct::sign_in(&mut cx, &app, scope, MethodId::Password, &input);
        assert_eq!(direct.await.unwrap_err().code(), Code::ConsentRequired);
    }

    pub async fn consent_goes_with_the_account(server: Server) {
        let app = third(&server).await;
        let ben = session(&server, "ben", "a horse of ben 3").await;
        let id = ben.user.id.to_string();
        let mut cx = server.cx().await;
        let mut flow = asks(&app, "openid", "");
        consent::allow(&mut cx, &mut flow, &id, Some(&ben)).await.unwrap();
        let unmet = signin::needs(&mut cx, &asks(&app, "openid", ""), Some(&ben)).await.unwrap();
        assert_eq!(unmet, None);
        assert!(consents::of(&mut cx, ben.user.id, &app).await.unwrap().is_some());
        cx.settled().await.unwrap();
        let mut cx = server.cx().await;
        cx.principal = Principal::PoolKey(None);
        users::delete(&mut cx, &[ben.user.id], Writer::Administrator).await.unwrap();
        cx.settle().await.unwrap();
        assert!(consents::of(&mut cx, ben.user.id, &app).await.unwrap().is_none());
    }
}
