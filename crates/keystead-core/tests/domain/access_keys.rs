//! Access keys: made, used, switched off and deleted, on every node at once.

use crate::on_both;

on_both! {
    a_key_works_until_it_is_switched_off;
    a_key_of_a_user_ends_with_them;
    its_use_is_written_once_a_minute;
    a_pool_has_so_many_keys;
}

mod story {
    use crate::server::Server;
    use keystead_core::access_keys::{self, Freshness, KeyView, Kind};
    use keystead_core::{Core, Cx, Principal};
    use keystead_model::{Code, Millis};
    use keystead_store::access_keys as rows;
    use std::sync::Arc;
    use std::time::Duration;

    async fn admin(server: &Server) -> Cx {
        let mut cx = server.cx().await;
        cx.principal = Principal::PoolKey(None);
        cx
    }

    async fn settled(cx: &mut Cx) {
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }

    async fn made(server: &Server, kind: Kind) -> KeyView {
        let mut cx = admin(server).await;
        let key = access_keys::create(&mut cx, kind).await.unwrap();
        settled(&mut cx).await;
        key
    }

    async fn found(server: &Server, core: &Arc<Core>, key: &KeyView) -> Result<(), Code> {
        let mut cx = Server::cx_on(core, server.pool).await;
        let found = access_keys::find(&mut cx, &key.key_id).await;
        found.map(|_| ()).map_err(|e| e.code())
    }

    /// Whether the key is refused there within the second that the feed has.
    async fn ends(server: &Server, core: &Arc<Core>, key: &KeyView) -> bool {
        for _ in 0..100 {
            if found(server, core, key).await == Err(Code::SignatureInvalid) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    pub async fn a_key_works_until_it_is_switched_off(server: Server) {
        let key = made(&server, Kind::Pool).await;
        assert_eq!(key.secret.as_ref().map(|s| s.expose().len()), Some(64));
        let second = server.second_node().await;
        for core in [&server.core, &second] {
            assert_eq!(found(&server, core, &key).await, Ok(()));
        }
        let mut cx = admin(&server).await;
        let shown = access_keys::get(&mut cx, &key.key_id).await.unwrap();
        assert!(shown.secret.is_none(), "a secret is shown once");
        access_keys::set_enabled(&mut cx, &key.key_id, false).await.unwrap();
        settled(&mut cx).await;
        assert_eq!(found(&server, &server.core, &key).await, Err(Code::SignatureInvalid));
        if server.has_many_nodes() {
            assert!(ends(&server, &second, &key).await, "the other node heard nothing");
        }
        let mut cx = admin(&server).await;
        access_keys::set_enabled(&mut cx, &key.key_id, true).await.unwrap();
        settled(&mut cx).await;
        assert_eq!(found(&server, &server.core, &key).await, Ok(()));
        let mut cx = admin(&server).await;
        access_keys::delete(&mut cx, &key.key_id).await.unwrap();
        settled(&mut cx).await;
        assert_eq!(found(&server, &server.core, &key).await, Err(Code::SignatureInvalid));
        let mut cx = admin(&server).await;
        let gone = access_keys::delete(&mut cx, &key.key_id).await.unwrap_err();
        assert_eq!(gone.code(), Code::AccessKeyUnknown);
        let kinds: Vec<String> = server.events().await;
        let expected = [
            "access_key.created",
            "access_key.disabled",
            "access_key.enabled",
            "access_key.deleted",
        ];
        assert!(kinds.ends_with(&expected.map(str::to_owned)), "{kinds:?}");
    }

    pub async fn a_key_of_a_user_ends_with_them(server: Server) {
        let ann = server.signed_in().await.user.user.id;
        let key = made(&server, Kind::User(ann)).await;
        assert_eq!(found(&server, &server.core, &key).await, Ok(()));
        let mut cx = admin(&server).await;
        let theirs = access_keys::list(&mut cx, Some(ann)).await.unwrap();
        assert_eq!(theirs.len(), 1);
        server.set_status(ann, "suspended").await;
        assert_eq!(found(&server, &server.core, &key).await, Err(Code::SignatureInvalid));
        let other = Server::cx_on(&server.core, server.other_pool().await);
        let mut other = other.await;
        other.principal = Principal::PoolKey(None);
        let refused = access_keys::create(&mut other, Kind::User(ann)).await.unwrap_err();
        assert_eq!(refused.code(), Code::UserUnknown);
        let refused = access_keys::get(&mut other, &key.key_id).await.unwrap_err();
        assert_eq!(refused.code(), Code::AccessKeyUnknown);
    }

    async fn last_used(server: &Server, key: &KeyView) -> Option<Millis> {
        let mut cx = server.cx().await;
        rows::by_key_id(&mut cx.store(), &key.key_id).await.unwrap().unwrap().last_used_at
    }

    async fn sign(server: &Server, key: &KeyView, nonce: &str) {
        let mut cx = server.cx().await;
        let found = access_keys::find(&mut cx, &key.key_id).await.unwrap();
        let fresh = Freshness { key_id: &key.key_id, date: cx.now, nonce };
        access_keys::admit(&mut cx, &found, &fresh).await.unwrap();
        cx.rollback().await.unwrap();
    }

    pub async fn its_use_is_written_once_a_minute(server: Server) {
        let key = made(&server, Kind::Pool).await;
        assert_eq!(last_used(&server, &key).await, None);
        sign(&server, &key, "a").await;
        let first = last_used(&server, &key).await;
        assert!(first.is_some(), "a refused call was a use as well");
        sign(&server, &key, "b").await;
        assert_eq!(last_used(&server, &key).await, first);
        server.core.clock.set_offset_s(61);
        sign(&server, &key, "c").await;
        assert!(last_used(&server, &key).await > first);
    }

    pub async fn a_pool_has_so_many_keys(server: Server) {
        let mut cx = admin(&server).await;
        let there = access_keys::list(&mut cx, None).await.unwrap().len();
        for _ in there..usize::try_from(access_keys::MAX_KEYS).unwrap() {
            access_keys::create(&mut cx, Kind::Pool).await.unwrap();
        }
        let refused = access_keys::create(&mut cx, Kind::Pool).await.unwrap_err();
        assert_eq!(refused.code(), Code::AccessKeyLimit);
        cx.rollback().await.unwrap();
    }
}
