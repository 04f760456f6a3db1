//! Seeds and nonces: what a second run, or a second node, finds.

use crate::on_both;

on_both! {
    a_second_run_changes_nothing;
    one_fault_undoes_all_of_it;
    what_changed_is_mended_or_refused_by_name;
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

    const SHOP: &str = r#"{
        "settings": {"ip_tries": 77},
        "pools": [{"code": "shop", "name": "Shop", "secret": "shop secret", "settings":
            {"ip_tries": 5}}],
        "applications": [{"pool": "shop", "client_id": "shop-app", "name": "Shop", "identifier":
            "shop-one", "secret": "shop app secret"}],
        "users": [{"pool": "shop", "username": "cleo", "password": "correct horse 50"},
            {"email": "dan@a.example", "administrator": true}],
        "access_keys": [{"pool": "shop", "id": "shop-key", "secret": "shop key secret"}]}"#;

    /// Everything a seed may touch, as later requests see it.
    async fn seen(core: &Arc<Core>) -> String {
        let page = keystead_model::PageRequest::new(None, Some(50)).unwrap();
        let mut all = String::new();
        for pool in keystead_core::pools::list(core, page).await.unwrap().rows {
            let mut cx = keystead_core::Cx::system(core, pool.id).await.unwrap();
            let apps = keystead_core::applications::list(&mut cx, page).await.unwrap();
            let query = users::list::ListQuery::of_keyword(&cx, None, page);
            let users = users::list(&mut cx, query).await.unwrap().rows;
            let users: Vec<_> = users.iter().map(|view| &view.user).collect();
            let key = access_keys::find(&mut cx, "shop-key").await.map(|key| key.pool);
            let (tries, secret) = (cx.settings().ip_tries, cx.pool.secret.expose());
            all += &format!("{pool:?} {tries} {secret} {apps:?} {users:?} {:?}\n", key.ok());
        }
        all
    }

    pub async fn one_fault_undoes_all_of_it(server: Server) {
        let before = seen(&server.core).await;
        for (good, bad, field) in [
            (
                "shop key secret\"}",
                "shop key secret\"}, {\"pool\": \"x\", \"id\": \"y\", \"secret\":
                \"z\"}",
                "pool",
            ),
            ("correct horse 50", "1234", "password"),
            (
                "shop app secret\"",
                "shop app secret\", \"redirect_uris\": [\"https://a.example\", \"x\"]",
                "redirect_uris[1]",
            ),
        ] {
            let text = SHOP.replacen(good, bad, 1);
            assert_ne!(text, SHOP);
            let seed: Seed = serde_json::from_str(&text).unwrap();
            let error = seed::apply(&server.core, &seed).await.unwrap_err();
            assert_eq!(error.field_name(), Some(field), "{}", error.log_line());
            assert_eq!(seen(&server.core).await, before, "{field}");
        }
        assert_eq!(seen(&server.second_node().await).await, before);
        // What was tried in vain stands in the way of nothing.
        assert_eq!(apply(&server.core, SHOP).await.len(), 8);
        assert_ne!(seen(&server.core).await, before);
        assert_eq!(apply(&server.core, SHOP).await, Vec::<String>::new());
        server.ann().await;
    }

    pub async fn what_changed_is_mended_or_refused_by_name(server: Server) {
        apply(&server.core, SHOP).await;
        for (old, new, done) in [
            (
                "\"name\": \"Shop\", \"secret\": \"shop secret\"",
                "\"name\": \"Store\", \"secret\":
                \"new secret\"",
                "changed pool shop",
            ),
            ("shop-one", "shop-two", "changed application shop-app"),
            ("shop app secret", "another secret", "changed application shop-app"),
            ("shop key secret", "another secret", "changed access key shop-key"),
            ("\"ip_tries\": 77", "\"ip_tries\": 78", "changed settings of pool main"),
        ] {
            let changed = SHOP.replacen(old, new, 1);
            assert_ne!(changed, SHOP);
            assert_eq!(apply(&server.core, &changed).await, [done]);
            assert_eq!(apply(&server.core, &changed).await, Vec::<String>::new(), "{done}");
            assert_eq!(apply(&server.core, SHOP).await, [done]);
        }
        let id = "0000000000000000000000ff";
        for (old, new, field) in [
            ("\"code\": \"shop\"", format!("\"code\": \"shop\", \"id\": \"{id}\""), "id"),
            ("\"username\": \"cleo\"", format!("\"username\": \"cleo\", \"id\": \"{id}\""), "id"),
            ("shop-one", crate::server::CLIENT.to_owned(), "identifier"),
        ] {
            let before = seen(&server.core).await;
            let seed: Seed = serde_json::from_str(&SHOP.replacen(old, &new, 1)).unwrap();
            let error = seed::apply(&server.core, &seed).await.unwrap_err();
            assert_eq!((error.code(), error.field_name()), (Code::FieldInvalid, Some(field)));
            assert_eq!(seen(&server.core).await, before, "{field}");
        }
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
        let fresh = Freshness { key_id: "ak1", date, nonce: "n" };
        access_keys::admit(&mut cx, &key, &fresh).await?;
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
