//! The pages' rows on a server of their own, over an empty SQLite file.

use super::texts::Recorded;
use crate::{Html, attach, routes};
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use keystead_core::clock::Clock;
use keystead_core::random::Random;
use keystead_core::seal::{MasterKeys, new_key};
use keystead_core::seed::{self, Seed};
use keystead_core::{Addresses, Core, CoreSetup, Cx, applications, places, setup, signin};
use keystead_model::Texts;
use keystead_outbound::{Capture, Gateways};
use keystead_protocol::oauth::params::Params;
use keystead_protocol::oauth::pkce::PkceRules;
use keystead_protocol::oauth::request::ValidRequest;
use keystead_protocol::oauth::rules::ClientFacts;
use keystead_store::Target;
use keystead_web::cookies;
use keystead_web::server::{Server, ServerParts};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// Where the test server believes it is reached.
pub const HOME: &str = "http://localhost:8080";
/// The redirect address of the test applications.
pub const REDIRECT: &str = "https://app.example:9443/cb";

/// A server and what stays alive with it.
pub struct TestServer {
    pub core: Arc<Core>,
    router: axum::Router,
    _folder: tempfile::TempDir,
}

impl TestServer {
    /// A server with two pools, an application and users in each.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let random = Random::system();
        let setup_parts = CoreSetup {
            target: Target::Lite { path: folder.path().join("test.db") },
            clock: Clock::new(),
            masters: MasterKeys::new(vec![new_key(&random).unwrap()]).unwrap(),
            random,
            addresses: Addresses { public_url: HOME.to_owned(), https_url: None },
            hash_threads: 1,
            hash_queue: 16,
        };
        let core = Core::open(setup_parts).await.unwrap();
        setup::default_pool(&core).await.unwrap();
        seed::apply(&core, &document()).await.unwrap();
        let texts: Arc<dyn Texts> = Arc::new(Recorded::load());
        attach(&core, texts.clone()).unwrap();
        core.attached.set(Gateways { capture: Some(Capture::default()), ..Gateways::default() });
        let html = Arc::new(Html::new(&texts).unwrap());
        let parts = ServerParts {
            core: core.clone(),
            texts,
            routes: vec![routes(html.clone())],
            areas: Vec::new(),
            otherwise: html,
            body_max_bytes: 1 << 20,
            proxies: keystead_web::forwarded::Proxies::default(),
        };
        let router = Server::new(parts).unwrap().into_router();
        Self { core, router, _folder: folder }
    }

    /// A context in the pool of this code.
    pub async fn cx(&self, pool: &str) -> Cx {
        let hints = places::Hints::default();
        let pool = places::resolve(&self.core, None, Some(pool), &hints).await.unwrap();
        Cx::system(&self.core, pool).await.unwrap()
    }

    /// A browser that was sent to the page of a new flow with these extra parameters.
    pub async fn flow(&self, pool: &str, extra: &str) -> (Browser<'_>, String) {
        let mut cx = self.cx(pool).await;
        let app = applications::enabled(&mut cx, &format!("app-{pool}")).await.unwrap();
        let client = ClientFacts {
            client_id: &app.client_id,
            redirect_uris: &app.redirect_uris,
            extra_scopes: &[],
            pkce: PkceRules { required: false, plain_allowed: false },
            openid: true,
        };
        let query = format!(
            "client_id={}&redirect_uri={REDIRECT}&response_type=code&scope=openid&state=s1{extra}",
            app.client_id
        );
        let request = ValidRequest::check(&Params::parse(&query).unwrap(), &client).unwrap();
        let mut flow = signin::begin(app, request, None);
        let ticket = flow.store(&mut cx).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let base = cx.pool.app_host.strip_prefix(HOME).unwrap();
        let mut browser = self.browser();
        let secret = ticket.secret.expose().to_owned();
        browser.cookies.insert(cookies::flow_of(ticket.id), secret);
        (browser, format!("{base}/signin/{}", ticket.id))
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser<'_> {
        Browser { server: self, cookies: BTreeMap::new(), origin: Some(HOME), languages: "en-US" }
    }
}

fn document() -> Seed {
    let app = |pool: &str| {
        serde_json::json!({
            "pool": pool, "client_id": format!("app-{pool}"), "name": "Tidemark",
            "secret": "s", "redirect_uris": [REDIRECT],
        })
    };
    serde_json::from_value(serde_json::json!({
        "settings": { "password_policy": "any", "captcha_after": 100_000 },
        "pools": [{ "code": "second", "name": "Second", "settings": {
            "password_policy": "any", "languages": ["ja-JP", "en-US"], "captcha_after": 100_000,
        } }],
        "applications": [app("main"), app("second")],
        "users": [
            { "email": "mina@example.com", "name": "Mina Okafor", "password": "right" },
            { "email": "ines@example.com", "password": "right" },
            { "pool": "second", "email": "mina@example.com", "password": "other" },
        ],
    }))
    .unwrap()
}

/// A browser: keeps cookies, says where its forms come from.
#[derive(Clone)]
pub struct Browser<'s> {
    server: &'s TestServer,
    pub cookies: BTreeMap<String, String>,
    pub origin: Option<&'static str>,
    pub languages: &'static str,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether it is the page with the password field.
    pub fn asks(&self) -> bool {
        self.body.contains("type=\"password\"")
    }
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        if let Some(origin) = self.origin {
            request = request.header("origin", origin);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Fills the sign-in form.
    pub async fn sign_in(&mut self, path: &str, identifier: &str, password: &str) -> Answer {
        self.post(path, &[("identifier", identifier), ("password", password)]).await
    }

    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let headers = request.headers_mut();
        headers.insert("cookie", cookies.join("; ").parse().unwrap());
        headers.insert("host", "localhost:8080".parse().unwrap());
        headers.insert("accept-language", self.languages.parse().unwrap());
        let peer: SocketAddr = "127.0.0.1:50000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.server.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all("set-cookie") {
            self.keep(set.to_str().unwrap());
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    fn keep(&mut self, set: &str) {
        let (pair, attributes) = set.split_once("; ").unwrap();
        for wanted in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
            assert!(attributes.contains(wanted), "{set}");
        }
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
