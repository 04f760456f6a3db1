//! What holds for every flow, user and session: the rules are total, say the same twice, never
//! finish with one unmet, and tell nothing about an account before its owner proved themselves.

use super::*;
use crate::applications::App;
use crate::sessions::Session;
use crate::signin::consent::Allowed;
use crate::signin::flow::{Request, begin, begin_direct};
use crate::signin::method::Proof;
use crate::users::{User, UserActivity, UserSecurity};
use keystead_model::settings::{SigninMethod, TokenAuth};
use keystead_model::{ApplicationId, ConnectionId, Id, SessionId, Settings, UserId};
use keystead_protocol::oauth::params::Params;
use keystead_protocol::oauth::pkce::PkceRules;
use keystead_protocol::oauth::request::ValidRequest;
use keystead_protocol::oauth::rules::ClientFacts;
use keystead_protocol::oauth::scope::Scope;
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

const NOW: Millis = Millis(1_800_000_000_000);
const PROMPTS: &[&str] =
    &["", "&prompt=none", "&prompt=login", "&max_age=0", "&max_age=3600", "&prompt=consent"];
const STATUSES: &[&str] = &["activated", "suspended", "deactivated", "resigned", "archived"];

/// One situation: what the request, the person and the browser look like.
#[derive(Clone, Debug)]
struct Case {
    enabled: bool,
    prompt: Option<usize>,
    methods: Vec<SigninMethod>,
    proofs: Vec<MethodId>,
    user: Option<(usize, bool, bool)>,
    session_age_s: Option<i64>,
    third_party: bool,
    /// What was allowed before, and in this flow.
    consented: Option<&'static str>,
    allowed: Option<&'static str>,
}

fn cases() -> impl Strategy<Value = Case> {
    let methods = prop::sample::subsequence(
        vec![SigninMethod::Password, SigninMethod::EmailCode, SigninMethod::SmsCode],
        1..=3,
    );
    let proof = prop::sample::select(vec![MethodId::Password, MethodId::EmailCode]);
    let user = (0..STATUSES.len(), any::<bool>(), any::<bool>());
    (
        any::<bool>(),
        prop::option::of(0..PROMPTS.len()),
        methods,
        prop::collection::vec(proof, 0..3),
        prop::option::of(user),
        prop::option::of(0..10_000_i64),
        (any::<bool>(), consent(), consent()),
    )
        .prop_map(|(enabled, prompt, methods, proofs, user, session_age_s, consents)| Case {
            enabled,
            prompt,
            methods,
            proofs,
            user,
            session_age_s,
            third_party: consents.0,
            consented: consents.1,
            allowed: consents.2,
        })
}

fn consent() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![None, Some(""), Some("openid"), Some("email openid")])
}

fn app(case: &Case) -> Arc<App> {
    let settings = Settings { signin_methods: case.methods.clone(), ..Settings::default() };
    Arc::new(App {
        id: ApplicationId(Id::from_parts(1, 1)),
        client_id: "app".to_owned(),
        identifier: "app".to_owned(),
        name: "App".to_owned(),
        secret: None,
        token_auth: TokenAuth::None,
        redirect_uris: vec!["https://a.test/cb".to_owned()],
        logout_uris: Vec::new(),
        is_first_party: !case.third_party,
        enabled: case.enabled,
        settings,
    })
}

fn flow(case: &Case) -> Flow {
    let app = app(case);
    let mut flow = match case.prompt {
        None => begin_direct(app, Scope::parse("openid").unwrap()),
        Some(n) => {
            let query = format!(
                "client_id=app&redirect_uri=https%3A%2F%2Fa.test%2Fcb&response_type=code\
                 &scope=openid&state=s{}",
                PROMPTS[n]
            );
            let client = ClientFacts {
                client_id: "app",
                redirect_uris: &app.redirect_uris,
                extra_scopes: &[],
                pkce: PkceRules::default(),
                openid: true,
            };
            let params = Params::parse(&query).unwrap();
            let request = ValidRequest::check(&params, &client).unwrap();
            begin(app, request, None)
        }
    };
    let proof = |method: &MethodId| Proof { method: *method, amr: "x".to_owned(), at: NOW };
    flow.proofs = case.proofs.iter().map(proof).collect();
    let user = UserId(Id::from_parts(2, 2));
    let scope = |text| Scope::parse(text).unwrap();
    flow.answers.allowed = case.allowed.map(|text| Allowed { user, scope: scope(text) });
    flow
}

fn person(status: &str, is_over: bool, is_due: bool) -> UserView {
    let id = UserId(Id::from_parts(2, 2));
    let user = User {
        id,
        directory_id: ConnectionId(Id::from_parts(3, 3)),
        status: status.to_owned(),
        status_at: NOW,
        source: "admin".to_owned(),
        source_id: None,
        register_source: Vec::new(),
        username: None,
        email: Some("mina@a.test".to_owned()),
        email_verified: true,
        phone: None,
        phone_country: None,
        phone_verified: false,
        external_id: None,
        name: None,
        nickname: None,
        given_name: None,
        family_name: None,
        photo: None,
        gender: "U".to_owned(),
        locale: None,
        profile: json!({}),
        user_data: json!({}),
        admin_data: json!({}),
        expires_at: is_over.then_some(NOW),
        created_at: NOW,
        updated_at: NOW,
    };
    let activity = UserActivity {
        user_id: id,
        logins: 0,
        last_login_at: None,
        last_ip: None,
        last_application_id: None,
        last_mfa_at: None,
        user_agent: None,
    };
    let security = UserSecurity {
        user_id: id,
        generation: 1,
        reset: is_due.then(|| "first".to_owned()),
        password_at: None,
        password_level: None,
    };
    UserView { user, activity, security }
}

fn session(user: &UserView, age_s: i64) -> Current {
    let later = NOW.plus_seconds(1_000_000);
    let session = Session {
        id: SessionId(Id::from_parts(4, 4)),
        user_id: user.user.id,
        kind: "browser".to_owned(),
        generation: 1,
        proofs: json!([]),
        acr: "1".to_owned(),
        auth_at: NOW.plus_seconds(-age_s),
        seen_at: NOW,
        idle_at: later,
        expires_at: later,
        ended_at: None,
    };
    Current { session, user: user.user.clone() }
}

proptest! {
    #[test]
    fn the_rules_hold_for_every_situation(case in cases()) {
        let flow = flow(&case);
        let view = case.user.map(|(status, over, due)| person(STATUSES[status], over, due));
        let session = view.as_ref().zip(case.session_age_s).map(|(view, age)| session(view, age));
        let consented = case.consented.map(|text| Scope::parse(text).unwrap());
        let facts = Facts {
            now: NOW,
            flow: &flow,
            session: session.as_ref(),
            consented: consented.as_ref(),
            user: view.as_ref(),
        };
        let unmet = first_unmet(&facts);
        prop_assert_eq!(&unmet, &first_unmet(&facts));

        let proved = !case.proofs.is_empty() && view.is_some();
        let fits = session.as_ref().is_some_and(|session| session_fits(&flow, session, NOW));
        if fits {
            // A fitting session exists for pages only, and never where a fresh proof is asked for.
            prop_assert!(matches!(flow.request, Request::Authorization(_)));
            prop_assert!(!matches!(case.prompt, Some(2 | 3)));
        }
        match unmet {
            None => {
                prop_assert!(case.enabled && (proved || fits));
                let view = view.as_ref().unwrap();
                prop_assert!(crate::users::is_active(&view.user, NOW));
                let used = case.proofs.contains(&MethodId::Password);
                prop_assert!(!used || view.security.reset.is_none());
                let holds = |text: Option<&str>| text.is_some_and(|t| t.contains("openid"));
                let asked_again = case.prompt == Some(5);
                let consents = holds(case.allowed) || (holds(case.consented) && !asked_again);
                prop_assert!(!case.third_party || consents);
            }
            Some(Unmet::Consent) => {
                prop_assert!(case.third_party && (proved || fits) && case.prompt != Some(1));
            }
            Some(Unmet::Ask(methods)) if methods == [MethodId::NewPassword] => {
                prop_assert!(proved);
            }
            Some(Unmet::Ask(methods)) => {
                prop_assert!(!proved && !fits);
                let allowed: Vec<MethodId> =
                    case.methods.iter().copied().map(MethodId::from).collect();
                prop_assert_eq!(methods, allowed);
            }
            // Before a proof nothing is said about the account.
            Some(Unmet::Denied(code)) if !proved && !fits => {
                let said = [Code::ApplicationDisabled, Code::LoginRequired];
                prop_assert!(said.contains(&code), "{:?}", code);
            }
            Some(Unmet::Denied(_)) => {}
        }
    }
}
