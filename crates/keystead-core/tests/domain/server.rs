//! A domain over a database of its own, with a user, an application and a second pool beside it.

use keystead_core::applications::{self, App};
use keystead_core::clock::Clock;
use keystead_core::random::Random;
use keystead_core::seal::MasterKeys;
use keystead_core::seed::{self, Seed};
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::{self, Direct, Done, Input, MethodId, Next};
use keystead_core::tokens::{self, Basis, TokenSet};
use keystead_core::{Addresses, Core, CoreSetup, Cx, RequestFacts};
use keystead_model::{IssuerKind, PoolId, Secret, UserId};
use keystead_protocol::oauth::scope::Scope;
use keystead_store::{Target, Value, doors};
use std::sync::Arc;
use tokio_postgres::NoTls;

pub const CLIENT: &str = "0000000000000000000000a1";
pub const PASSWORD: &str = "correct horse 17";
const SEED: &str = r#"{
    "settings": {"account_tries": 10, "ip_tries": 100000, "captcha_after": 100000},
    "pools": [{"code": "other", "name": "Another pool"}],
    "applications": [{"client_id": "0000000000000000000000a1", "name": "App",
        "secret": "s3cret s3cret", "redirect_uris": ["https://rp.example/cb"],
        "settings": {"refresh_grace_s": 10}}],
    "users": [{"email": "ann@example.com", "username": "ann", "password": "correct horse 17"},
        {"pool": "other", "email": "ann@example.com", "password": "another horse 18"}]
}"#;

/// A domain and what keeps its database alive.
pub struct Server {
    pub core: Arc<Core>,
    pub pool: PoolId,
    target: Target,
    _folder: Option<tempfile::TempDir>,
}

/// Runs a story on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::story::$name($crate::server::Server::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::story::$name($crate::server::Server::postgres().await).await;
            }
        }
    )*};
}

impl Server {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Lite { path: folder.path().join("keystead.db") };
        Self::open(target, Some(folder)).await
    }

    pub async fn postgres() -> Self {
        let url = std::env::vars()
            .find(|(name, _)| name == "KEYSTEAD_TEST_PG")
            .map(|(_, url)| url)
            .expect("KEYSTEAD_TEST_PG is not set: run ./test, or scripts/with-postgres COMMAND");
        let name = format!("domain_{}", Random::system().hex(8).unwrap());
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.execute(&format!("CREATE DATABASE {name}"), &[]).await.unwrap();
        let base = url.rsplit_once('/').unwrap().0;
        let target = Target::Pg { url: Secret::new(format!("{base}/{name}")), connections: 8 };
        Self::open(target, None).await
    }

    async fn open(target: Target, folder: Option<tempfile::TempDir>) -> Self {
        let core = Self::core(target.clone()).await;
        let pool = keystead_core::setup::default_pool(&core).await.unwrap();
        let seed: Seed = serde_json::from_str(SEED).unwrap();
        seed::apply(&core, &seed).await.unwrap();
        Self { core, pool, target, _folder: folder }
    }

    async fn core(target: Target) -> Arc<Core> {
        let masters = MasterKeys::new(vec![zeroize::Zeroizing::new([7; 32])]).unwrap();
        Core::open(CoreSetup {
            target,
            clock: Clock::new(),
            random: Random::system(),
            masters,
            addresses: Addresses { public_url: "https://id.example".into(), https_url: None },
            hash_threads: 2,
            hash_queue: 256,
        })
        .await
        .unwrap()
    }

    /// Whether several nodes may share the database.
    pub fn is_shared(&self) -> bool {
        matches!(self.target, Target::Pg { .. })
    }

    /// A second node on the same database, as after a restart or beside this one.
    pub async fn second_node(&self) -> Arc<Core> {
        Self::core(self.target.clone()).await
    }

    /// Whether several nodes may share this database: then each hears what the others change.
    pub fn has_many_nodes(&self) -> bool {
        matches!(self.target, Target::Pg { .. })
    }

    pub async fn cx(&self) -> Cx {
        Self::cx_on(&self.core, self.pool).await
    }

    pub async fn cx_on(core: &Arc<Core>, pool: PoolId) -> Cx {
        Cx::open(core, pool, RequestFacts::system("test")).await.unwrap()
    }

    pub async fn other_pool(&self) -> PoolId {
        doors::pool_by_code(&mut self.core.db.begin(), "other").await.unwrap().unwrap()
    }

    pub async fn app(&self) -> Arc<App> {
        applications::by_client_id(&mut self.cx().await, CLIENT).await.unwrap().unwrap()
    }

    /// Signs somebody in at an API door.
    pub async fn sign_in(&self, cx: &mut Cx, identifier: &str, password: &str) -> Next {
        self.sign_in_for(cx, identifier, password, IssuerKind::Oidc).await
    }

    /// Signs somebody in at an API door of a protocol.
    pub async fn sign_in_for(
        &self,
        cx: &mut Cx,
        identifier: &str,
        password: &str,
        issuer: IssuerKind,
    ) -> Next {
        let scope = match issuer {
            IssuerKind::Oidc => Scope::parse("openid offline_access").unwrap(),
            IssuerKind::Oauth => Scope::parse("user").unwrap(),
        };
        let mut flow = signin::begin_direct(self.app().await, Direct { scope, issuer });
        let input = Input::new(NamedBy::Account, identifier, Secret::new(password));
        signin::prove(cx, &mut flow, MethodId::Password, &input, None).await.unwrap()
    }

    /// Signs Ann in and gives her no tokens yet.
    pub async fn signed_in(&self) -> Box<Done> {
        self.signed_in_for(IssuerKind::Oidc).await
    }

    async fn signed_in_for(&self, issuer: IssuerKind) -> Box<Done> {
        let mut cx = self.cx().await;
        let next = self.sign_in_for(&mut cx, "ann@example.com", PASSWORD, issuer).await;
        let Next::Done(done) = next else { panic!("Ann could not sign in") };
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        done
    }

    /// Signs Ann in; answers the facts and her first tokens.
    pub async fn ann(&self) -> (Box<Done>, TokenSet) {
        self.ann_for(IssuerKind::Oidc).await
    }

    /// Signs Ann in by a protocol; answers the facts and her first tokens.
    pub async fn ann_for(&self, issuer: IssuerKind) -> (Box<Done>, TokenSet) {
        let done = self.signed_in_for(issuer).await;
        let mut cx = self.cx().await;
        let app = self.app().await;
        let basis =
            Basis { app: &app, user: &done.user, grant: &done.grant, session: Some(&done.session) };
        let tokens = tokens::issue(&mut cx, &basis).await.unwrap();
        cx.settled().await.unwrap();
        (done, tokens)
    }

    /// Whether an access token is taken.
    pub async fn takes(&self, token: &Secret) -> bool {
        let mut cx = self.cx().await;
        tokens::access::admit(&mut cx, Some(token.expose())).await.is_ok()
    }

    /// The kinds of all events of the pool's audit log, oldest first.
    pub async fn events(&self) -> Vec<String> {
        let text = "SELECT kind FROM audit_events WHERE pool_id = $1 ORDER BY id";
        let mut cx = self.cx().await;
        let kinds: Vec<(String,)> = cx.store().list(text, &[]).await.unwrap();
        kinds.into_iter().map(|(kind,)| kind).collect()
    }

    /// Gives a user another status behind the domain's back.
    pub async fn set_status(&self, user: UserId, status: &str) {
        let text = "UPDATE users SET status = $3 WHERE pool_id = $1 AND id = $2";
        let mut cx = self.cx().await;
        let values = [Value::from(user), Value::from(status)];
        assert_eq!(cx.store().execute(text, &values).await.unwrap(), 1);
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }
}
