//! Signing keys turn: no client that keeps the key set for its `max-age` ever fails to verify.

use crate::on_both;

on_both! {
    attack_60_no_token_fails_while_keys_turn;
    attack_60_many_nodes_make_one_successor;
    a_transport_key_opens_old_passwords_after_its_turn;
}

mod story {
    use crate::server::Server;
    use futures_util::future::join_all;
    use keystead_core::signing_keys::rotation;
    use keystead_core::tokens;
    use keystead_model::{IssuerKind, Secret};
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
}
