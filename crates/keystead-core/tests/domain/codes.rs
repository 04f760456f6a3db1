//! Authorization codes: once, whoever hurries.

use crate::on_both;

on_both! { attack_02_parallel_code_redemption; attack_01_code_reuse; attack_04_foreign_purpose; }

mod story {
    use crate::server::Server;
    use futures_util::future::join_all;
    use keystead_core::codes::{self, Binding, Redemption};
    use keystead_core::{setup, tokens};
    use keystead_model::{Code, IssuerKind, Secret};

    const URI: &str = "https://rp.example/cb";

    async fn code(server: &Server) -> Secret {
        let done = server.signed_in().await;
        let binding = Binding { redirect_uri: URI.into(), redirect_sent: true, challenge: None };
        let mut cx = server.cx().await;
        let app = server.app().await;
        let (user, grant) = (done.user.user.id, done.grant.id);
        let code = codes::issue(&mut cx, &app, user, grant, &binding).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        code
    }

    async fn redeem(server: &Server, code: &str, uri: &str) -> Result<tokens::TokenSet, Code> {
        let mut cx = server.cx().await;
        let app = server.app().await;
        let issuer = IssuerKind::Oidc;
        let redemption = Redemption { issuer, code, redirect_uri: Some(uri), verifier: None };
        let tokens = tokens::redeem_code(&mut cx, &app, &redemption).await;
        if tokens.is_err() {
            cx.rollback().await.unwrap();
        }
        cx.settled().await.unwrap();
        tokens.map_err(|e| e.code())
    }

    pub async fn attack_02_parallel_code_redemption(server: Server) {
        let code = code(&server).await;
        let all = join_all((0..50).map(|_| redeem(&server, code.expose(), URI))).await;
        let won = all.iter().filter(|r| r.is_ok()).count();
        assert_eq!(won, 1, "exactly one of 50 redemptions succeeds");
        for refused in all.iter().filter_map(|r| r.as_ref().err()) {
            assert_eq!(*refused, Code::GrantInvalid);
        }
    }

    pub async fn attack_01_code_reuse(server: Server) {
        let code = code(&server).await;
        let first = redeem(&server, code.expose(), URI).await.unwrap();
        assert!(server.takes(&first.access_token).await);
        assert_eq!(redeem(&server, code.expose(), URI).await.unwrap_err(), Code::GrantInvalid);
        assert!(!server.takes(&first.access_token).await, "the first tokens died");
    }

    pub async fn attack_04_foreign_purpose(server: Server) {
        let mut cx = server.cx().await;
        let link = setup::link(&mut cx).await.unwrap().unwrap();
        assert_eq!(redeem(&server, link.expose(), URI).await.unwrap_err(), Code::GrantInvalid);
        assert!(setup::check(&mut cx, link.expose()).await.is_ok(), "the link still works");
        let code = code(&server).await;
        let error = setup::check(&mut cx, code.expose()).await.unwrap_err();
        assert_eq!(error.code(), Code::SetupLinkInvalid);
        // A wrong redirect address uses the code up.
        let wrong = redeem(&server, code.expose(), "https://rp.example/other").await;
        assert_eq!(wrong.unwrap_err(), Code::GrantInvalid);
        assert_eq!(redeem(&server, code.expose(), URI).await.unwrap_err(), Code::GrantInvalid);
    }
}
