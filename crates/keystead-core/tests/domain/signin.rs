//! Sign-in: one answer and one hash for known and unknown, and pools that do not know each other.

use crate::on_both;

on_both! { attack_26_known_and_unknown_cost_the_same; attack_41_another_pool_knows_nobody; }

mod story {
    use crate::server::{PASSWORD, Server};
    use keystead_core::Principal;
    use keystead_core::signin::Next;
    use keystead_core::tokens;
    use keystead_core::users::{self, KeyKind};
    use keystead_model::Code;

    pub async fn attack_26_known_and_unknown_cost_the_same(server: Server) {
        for identifier in ["ann", "nobody", "", "ann@example.com", "@", "no@example.com"] {
            let before = server.core.hashing.runs();
            let mut cx = server.cx().await;
            let next = server.sign_in(&mut cx, identifier, "wrong").await;
            let Next::Denied(denial) = next else { panic!("{identifier} got in") };
            assert_eq!(denial.code, Code::SigninCredentials, "{identifier}");
            assert_eq!(server.core.hashing.runs() - before, 1, "{identifier}");
        }
    }

    pub async fn attack_41_another_pool_knows_nobody(server: Server) {
        let (done, tokens) = server.ann().await;
        let other = server.other_pool().await;
        let mut cx = Server::cx_on(&server.core, other).await;
        let token = Some(tokens.access_token.expose());
        let error = tokens::access::admit(&mut cx, token).await.unwrap_err();
        assert_eq!(error.code(), Code::TokenInvalid);
        cx.principal = Principal::PoolKey(None);
        let id = done.user.user.id.to_string();
        let error = users::by(&mut cx, KeyKind::UserId, &id).await.unwrap_err();
        let missing = users::by(&mut cx, KeyKind::UserId, "0000000000000000000000ff").await;
        assert_eq!(error.code(), missing.unwrap_err().code());
        let mut cx = server.cx().await;
        assert!(matches!(
            server.sign_in(&mut cx, "ann", "another horse 18").await,
            Next::Denied(_)
        ));
        assert!(matches!(server.sign_in(&mut cx, "ann", PASSWORD).await, Next::Done(_)));
    }
}
