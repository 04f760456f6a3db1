//! Opaque access tokens of plain OAuth 2: alive as long as their grant, good at their own doors.

use crate::on_both;

on_both! {
    a_handle_names_its_user_until_its_time_is_over;
    attack_12_tokens_of_one_protocol_are_none_of_the_other;
    attack_37_a_handle_ends_with_what_it_came_from;
    a_handle_that_was_given_back_is_dead_on_every_node;
    attack_12_a_code_is_good_at_its_own_door;
    the_clean_up_takes_handles_that_are_over;
    an_application_that_is_switched_off_ends_what_was_begun;
}

mod story {
    use crate::server::{CLIENT, PASSWORD, Server};
    use keystead_core::codes::{self, Binding, Redemption};
    use keystead_core::seed::{self, Seed};
    use keystead_core::signin::Next;
    use keystead_core::tokens::refresh::{self, Offer};
    use keystead_core::tokens::{self, TokenSet, handles, introspect, revoke, userinfo};
    use keystead_core::{Core, Cx, Principal, applications, sessions};
    use keystead_model::{Code, Error, IssuerKind};
    use keystead_store::work;
    use std::sync::Arc;

    const OAUTH: IssuerKind = IssuerKind::Oauth;

    async fn taken_on(core: &Arc<Core>, server: &Server, tokens: &TokenSet) -> Result<Cx, Error> {
        let mut cx = Server::cx_on(core, server.pool).await;
        handles::admit(&mut cx, Some(tokens.access_token.expose())).await.map(|_| cx)
    }

    async fn taken(server: &Server, tokens: &TokenSet) -> Result<(), Code> {
        taken_on(&server.core, server, tokens).await.map(|_| ()).map_err(|e| e.code())
    }

    async fn refreshed(
        server: &Server,
        tokens: &TokenSet,
        issuer: IssuerKind,
    ) -> Result<TokenSet, Error> {
        let mut cx = server.cx().await;
        let app = server.app().await;
        let token = tokens.refresh_token.as_ref().unwrap().expose();
        let next = refresh::refresh(&mut cx, &app, Offer { token, scope: None, issuer }).await;
        if next.is_err() {
            cx.rollback().await.unwrap();
        }
        cx.settled().await.unwrap();
        next
    }

    async fn is_active(server: &Server, token: &str, issuer: IssuerKind) -> bool {
        let mut cx = server.cx().await;
        let app = server.app().await;
        introspect::introspect(&mut cx, &app, token, issuer).await.unwrap().is_some()
    }

    pub async fn a_handle_names_its_user_until_its_time_is_over(server: Server) {
        let (done, tokens) = server.ann_for(OAUTH).await;
        let value = tokens.access_token.expose();
        assert!(value.len() == 40 && value.bytes().all(|b| b.is_ascii_hexdigit()), "{value}");
        assert!(tokens.id_token.is_none() && tokens.refresh_token.is_some());
        assert_eq!((tokens.scope.as_str(), tokens.expires_in), ("user", 3_600));
        let mut cx = server.cx().await;
        let principal = handles::admit(&mut cx, Some(value)).await.unwrap();
        assert_eq!(principal.user, done.user.user.id);
        let claims = userinfo::userinfo(&mut cx, &principal, OAUTH).await.unwrap();
        let claim = |name: &str| claims.get(name).and_then(|value| value.as_str());
        assert_eq!(claim("email"), Some("ann@example.com"));
        assert_eq!(claim("username"), Some("ann"));
        for wrong in ["", "x", &value.to_uppercase(), &"0".repeat(40), &value[1..]] {
            assert!(handles::admit(&mut cx, Some(wrong)).await.is_err(), "{wrong}");
        }
        server.core.clock.set_offset_s(3_601);
        assert_eq!(taken(&server, &tokens).await, Err(Code::TokenExpired));
        assert!(!is_active(&server, value, OAUTH).await);
    }

    pub async fn attack_12_tokens_of_one_protocol_are_none_of_the_other(server: Server) {
        let (_, plain) = server.ann_for(OAUTH).await;
        let (_, signed) = server.ann().await;
        assert!(!server.takes(&plain.access_token).await);
        assert_eq!(taken(&server, &signed).await, Err(Code::TokenInvalid));
        for (tokens, own, foreign) in
            [(&plain, OAUTH, IssuerKind::Oidc), (&signed, IssuerKind::Oidc, OAUTH)]
        {
            for token in [&tokens.access_token, tokens.refresh_token.as_ref().unwrap()] {
                assert!(is_active(&server, token.expose(), own).await);
                assert!(!is_active(&server, token.expose(), foreign).await);
            }
            let refused = refreshed(&server, tokens, foreign).await.unwrap_err();
            assert_eq!(refused.code(), Code::GrantInvalid);
            let next = refreshed(&server, tokens, own).await.unwrap();
            assert_ne!(next.access_token.expose(), tokens.access_token.expose(), "still good");
            assert_eq!(next.id_token.is_some(), own == IssuerKind::Oidc);
        }
    }

    pub async fn attack_37_a_handle_ends_with_what_it_came_from(server: Server) {
        // Its session.
        let (done, tokens) = server.ann_for(OAUTH).await;
        assert_eq!(taken(&server, &tokens).await, Ok(()));
        let mut cx = server.cx().await;
        sessions::end(&mut cx, done.session.id, "test").await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        assert_eq!(taken(&server, &tokens).await, Err(Code::TokenInvalid));
        let refused = refreshed(&server, &tokens, OAUTH).await.unwrap_err();
        assert_eq!(refused.code(), Code::GrantInvalid);
        // Its user's generation: a new password.
        let (_, tokens) = server.ann_for(OAUTH).await;
        assert_eq!(taken(&server, &tokens).await, Ok(()));
        let seed = r#"{"users": [{"username": "ann", "password": "correct horse 30"}]}"#;
        let seed: Seed = serde_json::from_str(seed).unwrap();
        seed::apply(&server.core, &seed).await.unwrap();
        assert_eq!(taken(&server, &tokens).await, Err(Code::TokenInvalid));
    }

    pub async fn a_handle_that_was_given_back_is_dead_on_every_node(server: Server) {
        let (_, tokens) = server.ann_for(OAUTH).await;
        // SQLite's file belongs to one process: there a second node is this one.
        let second = match server.is_shared() {
            true => server.second_node().await,
            false => server.core.clone(),
        };
        assert!(taken_on(&second, &server, &tokens).await.is_ok());
        let mut cx = server.cx().await;
        let app = server.app().await;
        let value = tokens.access_token.expose();
        revoke::revoke(&mut cx, &app, value).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        assert_eq!(taken(&server, &tokens).await, Err(Code::TokenInvalid));
        let mut tries = 0;
        while taken_on(&second, &server, &tokens).await.is_ok() {
            tries += 1;
            assert!(tries < 500, "the other node never heard of it");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        // The grant lives on: its refresh token gives a new handle.
        let next = refreshed(&server, &tokens, OAUTH).await.unwrap();
        assert_eq!(taken(&server, &next).await, Ok(()));
        // A refresh token that is given back takes the grant along.
        let mut cx = server.cx().await;
        let token = next.refresh_token.as_ref().unwrap().expose();
        revoke::revoke(&mut cx, &app, token).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        assert_eq!(taken(&server, &next).await, Err(Code::TokenInvalid));
    }

    pub async fn attack_12_a_code_is_good_at_its_own_door(server: Server) {
        let uri = "https://rp.example/cb";
        for (given, asked) in [(OAUTH, IssuerKind::Oidc), (IssuerKind::Oidc, OAUTH)] {
            let (done, _) = server.ann_for(given).await;
            let mut cx = server.cx().await;
            let app = server.app().await;
            assert_eq!(app.client_id, CLIENT);
            let binding =
                Binding { redirect_uri: uri.into(), redirect_sent: true, challenge: None };
            let (user, grant) = (done.user.user.id, done.grant.id);
            let code = codes::issue(&mut cx, &app, user, grant, &binding).await.unwrap();
            cx.settle().await.unwrap();
            cx.settled().await.unwrap();
            for issuer in [asked, given] {
                let mut cx = server.cx().await;
                let code = code.expose();
                let r = Redemption { issuer, code, redirect_uri: Some(uri), verifier: None };
                let refused = tokens::redeem_code(&mut cx, &app, &r).await.unwrap_err();
                assert_eq!(refused.code(), Code::GrantInvalid, "the wrong door uses it up");
                cx.rollback().await.unwrap();
                cx.settled().await.unwrap();
            }
        }
    }

    async fn switch(server: &Server, enabled: bool) {
        let mut cx = server.cx().await;
        cx.principal = Principal::System;
        let app = server.app().await;
        assert!(applications::switch(&mut cx, &app, enabled).await.unwrap());
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }

    pub async fn an_application_that_is_switched_off_ends_what_was_begun(server: Server) {
        let (done, plain) = server.ann_for(OAUTH).await;
        let (_, signed) = server.ann().await;
        let app = server.app().await;
        let uri = "https://rp.example/cb";
        let mut cx = server.cx().await;
        let binding = Binding { redirect_uri: uri.into(), redirect_sent: true, challenge: None };
        let (user, grant) = (done.user.user.id, done.grant.id);
        let code = codes::issue(&mut cx, &app, user, grant, &binding).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        assert_eq!(taken(&server, &plain).await, Ok(()));
        switch(&server, false).await;
        assert_eq!(taken(&server, &plain).await, Err(Code::TokenInvalid));
        assert!(!server.takes(&signed.access_token).await);
        // A sign-in that was begun before gets no further.
        let mut cx = server.cx().await;
        let next = server.sign_in_for(&mut cx, "ann", PASSWORD, OAUTH).await;
        let Next::Denied(denial) = next else { panic!("{next:?}") };
        assert_eq!(denial.code, Code::ApplicationDisabled);
        let off = server.app().await;
        let code = code.expose();
        let r = Redemption { issuer: OAUTH, code, redirect_uri: Some(uri), verifier: None };
        let refused = tokens::redeem_code(&mut cx, &off, &r).await.unwrap_err();
        assert_eq!(refused.code(), Code::GrantInvalid);
        cx.rollback().await.unwrap();
        cx.settled().await.unwrap();
        let refused = refreshed(&server, &signed, IssuerKind::Oidc).await.unwrap_err();
        assert_eq!(refused.code(), Code::GrantInvalid);
        switch(&server, true).await;
        assert_eq!(taken(&server, &plain).await, Ok(()), "what was not ended lives on");
    }

    pub async fn the_clean_up_takes_handles_that_are_over(server: Server) {
        let (_, tokens) = server.ann_for(OAUTH).await;
        let now = server.core.clock.now();
        work::clean_up(&server.core.db, now).await.unwrap();
        assert_eq!(taken(&server, &tokens).await, Ok(()));
        let gone = work::clean_up(&server.core.db, now.plus_seconds(3_601)).await.unwrap();
        assert!(gone >= 1);
        server.core.forget_caches();
        assert_eq!(taken(&server, &tokens).await, Err(Code::TokenInvalid));
    }
}
