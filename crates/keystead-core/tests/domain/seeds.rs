//! Seeds and nonces: what a second run, or a second node, finds.

use crate::on_both;

on_both! {
    a_second_run_changes_nothing;
    a_new_password_ends_the_old_tokens;
    attack_40_a_nonce_is_known_to_every_node;
}

mod story {
    use crate::server::Server;
    use keystead_core::Core;
    use keystead_core::access_keys::{self, Freshness};
    use keystead_core::seed::{self, Seed};
    use keystead_core::users::{self, NewUser};
    use keystead_model::{Code, Result};
    use std::sync::Arc;

    const KEYS: &str = r#"{"access_keys": [{"id": "ak1", "secret": "sk1 sk1 sk1"}],
        "users": [{"username": "bob", "password": "correct horse 20", "name": "Bob"}]}"#;

    async fn apply(core: &Arc<Core>, text: &str) -> Vec<String> {
        let seed: Seed = serde_json::from_str(text).unwrap();
        seed::apply(core, &seed).await.unwrap().done
    }

    pub async fn a_second_run_changes_nothing(server: Server) {
        assert_eq!(apply(&server.core, KEYS).await.len(), 2);
        assert_eq!(apply(&server.core, KEYS).await, Vec::<String>::new());
        let changed = KEYS.replace("horse 20", "horse 21").replace("sk1 sk1", "sk2 sk2");
        assert_eq!(apply(&server.core, &changed).await.len(), 2);
        let unknown = serde_json::from_str::<Seed>(r#"{"user": []}"#).unwrap_err();
        assert!(unknown.to_string().contains("user"));
    }

    pub async fn a_new_password_ends_the_old_tokens(server: Server) {
        let (_, tokens) = server.ann().await;
        assert!(server.takes(&tokens.access_token).await);
        let seed = r#"{"users": [{"username": "ann", "password": "correct horse 30"}]}"#;
        assert_eq!(apply(&server.core, seed).await.len(), 1);
        assert!(!server.takes(&tokens.access_token).await);
    }

    async fn signed_create(server: &Server, core: &Arc<Core>, name: &str) -> Result<()> {
        let mut cx = Server::cx_on(core, server.pool).await;
        let key = access_keys::find(&mut cx, "ak1").await?;
        let date = keystead_model::Millis(server.core.clock.now().0 / 60_000 * 60_000);
        access_keys::admit(&mut cx, &key, &Freshness { key_id: "ak1", date, nonce: "n" })?;
        let new = NewUser { username: Some(name.into()), ..NewUser::default() };
        users::create(&mut cx, new).await?;
        let settled = cx.settle().await;
        if settled.is_err() {
            cx.rollback().await?;
        }
        cx.settled().await?;
        settled
    }

    pub async fn attack_40_a_nonce_is_known_to_every_node(server: Server) {
        apply(&server.core, KEYS).await;
        signed_create(&server, &server.core, "one").await.unwrap();
        let here = signed_create(&server, &server.core, "two").await.unwrap_err();
        assert_eq!(here.code(), Code::SignatureReplay);
        let second = server.second_node().await;
        let there = signed_create(&server, &second, "three").await.unwrap_err();
        assert_eq!(there.code(), Code::SignatureReplay);
        let mut cx = server.cx().await;
        cx.principal = keystead_core::Principal::PoolKey(None);
        let three = users::by(&mut cx, users::KeyKind::Username, "three").await;
        assert_eq!(three.unwrap_err().code(), Code::UserUnknown, "nothing was written");
    }
}
