//! Signing keys turn: no client that keeps the key set for its `max-age` ever fails to verify.

use crate::on_both;

on_both! {
    attack_60_no_token_fails_while_keys_turn;
    attack_60_many_nodes_make_one_successor;
    a_transport_key_opens_old_passwords_after_its_turn;
    a_turn_by_hand_waits_for_caches;
    a_revoked_key_signs_and_verifies_nothing;
    grants_of_a_pool_end_at_once;
}

mod story {
    use crate::server::Server;
    use futures_util::future::join_all;
    use keystead_core::signing_keys::{self, KeyView, rotation};
    use keystead_core::tokens;
    use keystead_model::{Algorithm, Code, IssuerKind, Secret};
    use keystead_protocol::jose::{self, Jwks, PublicKey};

    const DAY_S: i64 = 24 * 3_600;

    /// The key set as a relying party keeps it.
    async fn key_set(server: &Server) -> Jwks {
        let text = server.cx().await.pool.documents.jwks.clone();
        serde_json::from_slice(&text).unwrap()
    }

    fn leading(keys: &Jwks) -> &str {
        keys.keys.first().map_or("", |jwk| &jwk.kid)
    }

    fn kid(token: &Secret) -> String {
        jose::peek(token.expose()).unwrap().kid.unwrap()
    }

    fn verifies(token: &Secret, keys: &Jwks) -> bool {
        let kid = kid(token);
        let jwk = keys.keys.iter().find(|jwk| jwk.kid == kid);
        jwk.is_some_and(|jwk| {
            jose::verify(token.expose(), &PublicKey::from_jwk(jwk).unwrap()).is_ok()
        })
    }

    async fn at(server: &Server, offset_s: i64) {
        server.core.clock.set_offset_s(offset_s);
        server.core.forget_caches();
        rotation::run(&server.core).await.unwrap();
    }

    async fn access_token(server: &Server) -> Secret {
        server.ann_for(IssuerKind::Oidc).await.1.access_token
    }

    pub async fn attack_60_no_token_fails_while_keys_turn(server: Server) {
        let first = key_set(&server).await;
        assert_eq!(first.keys.len(), 3);
        assert_eq!(leading(&first), kid(&access_token(&server).await), "the active RSA key first");

        at(&server, 88 * DAY_S - 60).await;
        assert_eq!(key_set(&server).await.keys.len(), 3, "nothing is due yet");

        at(&server, 88 * DAY_S + 60).await;
        let published = key_set(&server).await;
        assert_eq!(published.keys.len(), 6, "successors are published");
        assert_eq!(leading(&published), leading(&first), "and wait behind the active key");
        let old = access_token(&server).await;
        assert!(verifies(&old, &first), "the old key signs");

        at(&server, 90 * DAY_S + 60).await;
        let new = access_token(&server).await;
        assert_ne!(kid(&new), kid(&old));
        assert!(!verifies(&new, &first));
        assert!(verifies(&new, &published), "whoever kept the set of before can verify");
        let both = key_set(&server).await;
        assert_eq!(leading(&both), kid(&new));
        assert!(verifies(&old, &both), "and the old key is still there");

        // A token that was signed just before the turn is taken here to the end of its life.
        at(&server, 90 * DAY_S + 120).await;
        assert!(server.takes(&new).await);
        at(&server, 104 * DAY_S).await;
        assert_eq!(key_set(&server).await.keys.len(), 6, "14 days: the longest life");
        at(&server, 104 * DAY_S + 2 * 3_600).await;
        let last = key_set(&server).await;
        assert_eq!(last.keys.len(), 3);
        assert!(verifies(&new, &last) && !verifies(&old, &last));
    }

    pub async fn attack_60_many_nodes_make_one_successor(server: Server) {
        let nodes = match server.is_shared() {
            true => vec![server.core.clone(), server.second_node().await],
            false => vec![server.core.clone(), server.core.clone()],
        };
        for day in [89, 92] {
            for core in &nodes {
                core.clock.set_offset_s(day * DAY_S);
            }
            let all = join_all(nodes.iter().chain(&nodes).map(rotation::run)).await;
            assert!(all.iter().all(Result::is_ok));
        }
        // What one node signs, every other one takes.
        let token = access_token(&server).await;
        for core in &nodes {
            core.forget_caches();
            let mut cx = Server::cx_on(core, server.pool).await;
            assert!(tokens::access::admit(&mut cx, Some(token.expose())).await.is_ok());
        }
        let set = key_set(&server).await;
        assert_eq!(set.keys.len(), 6, "one successor of each kind, beside the retired ones");
    }

    pub async fn a_transport_key_opens_old_passwords_after_its_turn(server: Server) {
        let before = server.cx().await.pool.signing.transport().len();
        assert_eq!(before, 1);
        at(&server, 365 * DAY_S).await;
        assert_eq!(server.cx().await.pool.signing.transport().len(), 2);
        at(&server, 365 * DAY_S + 2 * 3_600).await;
        assert_eq!(server.cx().await.pool.signing.transport().len(), 2, "the old one still opens");
        at(&server, 365 * DAY_S + 91 * DAY_S).await;
        assert_eq!(server.cx().await.pool.signing.transport().len(), 1);
    }

    async fn keys(server: &Server) -> Vec<KeyView> {
        signing_keys::list(&mut server.cx().await).await.unwrap()
    }

    async fn signer(server: &Server) -> KeyView {
        let all = keys(server).await;
        all.into_iter().find(|key| key.alg == "RS256" && key.state == "active").unwrap()
    }

    async fn revoke(server: &Server, key: &KeyView) -> signing_keys::Revoked {
        let mut cx = server.cx().await;
        let revoked = signing_keys::revoke(&mut cx, key.id).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        revoked
    }

    pub async fn a_turn_by_hand_waits_for_caches(server: Server) {
        let old = access_token(&server).await;
        let mut cx = server.cx().await;
        let none = signing_keys::rotate(&mut cx, Some(Algorithm::Hs256), false).await.unwrap_err();
        assert_eq!(none.code(), Code::FieldInvalid);
        let rsa = Some(Algorithm::Rs256);
        let listed = signing_keys::rotate(&mut cx, rsa, false).await.unwrap();
        let next: Vec<_> = listed.iter().filter(|key| key.state == "next").collect();
        assert_eq!(next.len(), 1);
        assert_eq!(next[0].active_from, cx.now.plus_seconds(2 * DAY_S));
        let published = key_set(&server).await;
        assert_eq!(published.keys.len(), 4);

        // A second turn brings the same key forward, and never back.
        let mut cx = server.cx().await;
        let listed = signing_keys::rotate(&mut cx, rsa, true).await.unwrap();
        let sooner = listed.iter().find(|key| key.state == "next").unwrap();
        assert_eq!((sooner.id, sooner.active_from), (next[0].id, cx.now.plus_seconds(600)));
        let listed = signing_keys::rotate(&mut cx, None, false).await.unwrap();
        assert!(listed.contains(sooner), "it stays as it is");
        assert_eq!(listed.iter().filter(|key| key.state == "next").count(), 3);

        at(&server, 300).await;
        assert_eq!(kid(&access_token(&server).await), kid(&old));
        at(&server, 601).await;
        let new = access_token(&server).await;
        assert_eq!(kid(&new), sooner.id.to_string());
        assert!(verifies(&new, &published) && server.takes(&old).await);
    }

    pub async fn a_revoked_key_signs_and_verifies_nothing(server: Server) {
        let (first, old) = (signer(&server).await, access_token(&server).await);
        assert!(server.takes(&old).await, "and its signature is kept in memory");
        let revoked = revoke(&server, &first).await;
        assert_eq!(revoked.key, first);
        let new = access_token(&server).await;
        assert_eq!(revoked.successor.unwrap().to_string(), kid(&new));
        assert!(server.takes(&new).await && !server.takes(&old).await);
        let set = key_set(&server).await;
        assert_eq!((set.keys.len(), leading(&set).to_owned()), (3, kid(&new)));

        // A waiting successor comes first; a retired key needs none; a waiting one neither.
        let mut cx = server.cx().await;
        let listed = signing_keys::rotate(&mut cx, Some(Algorithm::Rs256), false).await.unwrap();
        let next = listed.into_iter().find(|key| key.state == "next").unwrap();
        let second = revoke(&server, &signer(&server).await).await;
        assert_eq!(second.successor, Some(next.id));
        assert!(!server.takes(&new).await);
        let third = access_token(&server).await;
        let mut cx = server.cx().await;
        signing_keys::rotate(&mut cx, Some(Algorithm::Rs256), true).await.unwrap();
        at(&server, 601).await;
        assert!(server.takes(&third).await, "retired, and still published");
        let all = keys(&server).await;
        let retired = all.iter().find(|key| key.state == "retired").unwrap();
        assert_eq!(revoke(&server, retired).await.successor, None);
        assert!(!server.takes(&third).await);
        let transport = all.iter().find(|key| key.purpose == "password").unwrap();
        assert!(revoke(&server, transport).await.successor.is_some());
        assert_eq!(server.cx().await.pool.signing.transport().len(), 1);

        let gone = signing_keys::revoke(&mut server.cx().await, first.id).await.unwrap_err();
        assert_eq!(gone.code(), Code::FieldInvalid);
        let mut other = Server::cx_on(&server.core, server.other_pool().await).await;
        let own = signer(&server).await;
        let foreign = signing_keys::revoke(&mut other, own.id).await.unwrap_err();
        assert_eq!(foreign.code(), Code::FieldInvalid, "a key of another pool answers as missing");
        assert_eq!(signer(&server).await, own);
        let events = server.events().await;
        assert_eq!(events.iter().filter(|kind| *kind == "signing_key.revoked").count(), 4);
    }

    pub async fn grants_of_a_pool_end_at_once(server: Server) {
        let (one, two) = (access_token(&server).await, access_token(&server).await);
        let mut other = Server::cx_on(&server.core, server.other_pool().await).await;
        assert_eq!(signing_keys::end_grants(&mut other).await.unwrap(), 0);
        assert!(server.takes(&one).await && server.takes(&two).await);
        let mut cx = server.cx().await;
        assert_eq!(signing_keys::end_grants(&mut cx).await.unwrap(), 2);
        assert!(!server.takes(&one).await && !server.takes(&two).await);
        assert_eq!(signing_keys::end_grants(&mut server.cx().await).await.unwrap(), 0);
        server.core.clock.set_offset_s(1);
        assert!(server.takes(&access_token(&server).await).await, "and new ones begin");
    }
}
