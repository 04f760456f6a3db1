//! Refresh tokens: rotation, the grace, reuse.

use crate::on_both;

on_both! {
    a_retry_gets_the_same_successor;
    attack_08_reuse_after_the_grace;
    attack_08_parallel_uses_stay_bounded;
    attack_09_scope_cannot_grow;
}

mod story {
    use crate::server::{CLIENT, Server};
    use futures_util::future::join_all;
    use keystead_core::applications;
    use keystead_core::tokens::TokenSet;
    use keystead_core::tokens::refresh::{self, Offer};
    use keystead_model::{Code, IssuerKind};

    async fn refresh(server: &Server, token: &str, scope: Option<&str>) -> Result<TokenSet, Code> {
        let mut cx = server.cx().await;
        let app = applications::by_client_id(&mut cx, CLIENT).await.unwrap().unwrap();
        let offer = Offer { token, scope, issuer: IssuerKind::Oidc };
        let tokens = refresh::refresh(&mut cx, &app, offer).await;
        if tokens.is_err() {
            cx.rollback().await.unwrap();
        }
        cx.settled().await.unwrap();
        tokens.map_err(|e| e.code())
    }

    fn token(tokens: &TokenSet) -> String {
        tokens.refresh_token.as_ref().unwrap().expose().to_owned()
    }

    pub async fn a_retry_gets_the_same_successor(server: Server) {
        let (_, first) = server.ann().await;
        let next = refresh(&server, &token(&first), None).await.unwrap();
        let again = refresh(&server, &token(&first), None).await.unwrap();
        assert_eq!(token(&next), token(&again), "a family never forks");
        assert_ne!(next.access_token.expose(), again.access_token.expose());
        let third = refresh(&server, &token(&next), None).await.unwrap();
        assert_ne!(token(&third), token(&next));
    }

    pub async fn attack_08_reuse_after_the_grace(server: Server) {
        let (_, first) = server.ann().await;
        let next = refresh(&server, &token(&first), None).await.unwrap();
        server.core.clock.set_offset_s(11);
        assert_eq!(refresh(&server, &token(&first), None).await.unwrap_err(), Code::GrantInvalid);
        assert_eq!(refresh(&server, &token(&next), None).await.unwrap_err(), Code::GrantInvalid);
        assert!(!server.takes(&next.access_token).await, "the family's grant ended");
    }

    pub async fn attack_08_parallel_uses_stay_bounded(server: Server) {
        let (_, first) = server.ann().await;
        let old = token(&first);
        let all = join_all((0..25).map(|_| refresh(&server, &old, None))).await;
        let given: Vec<_> = all.iter().flatten().collect();
        assert_eq!(given.len(), 21, "one rotation and twenty retries");
        let successors: std::collections::HashSet<_> = given.iter().map(|t| token(t)).collect();
        assert_eq!(successors.len(), 1);
        let refused = all.iter().filter_map(|r| r.as_ref().err());
        assert!(refused.into_iter().all(|code| *code == Code::RefreshGraceUsed));
        let alive = successors.into_iter().next().unwrap();
        assert!(refresh(&server, &alive, None).await.is_ok(), "the family lives");
    }

    pub async fn attack_09_scope_cannot_grow(server: Server) {
        let (_, first) = server.ann().await;
        let wider = refresh(&server, &token(&first), Some("openid email")).await;
        assert_eq!(wider.unwrap_err(), Code::ScopeInvalid);
        let narrower = refresh(&server, &token(&first), Some("openid")).await.unwrap();
        assert_eq!(narrower.scope, "openid", "and the refusal did not use the token up");
        for foreign in ["", "ksr_", "ksr_AAAA", &"x".repeat(10_000)] {
            assert_eq!(refresh(&server, foreign, None).await.unwrap_err(), Code::GrantInvalid);
        }
    }
}
