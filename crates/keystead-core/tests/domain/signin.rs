//! Sign-in: one answer and one hash for known and unknown, and pools that do not know each other.

use crate::on_both;

on_both! {
    attack_26_known_and_unknown_cost_the_same;
    attack_26_a_name_that_is_taken_is_told_to_nobody_who_registers_by_signing_in;
    attack_41_another_pool_knows_nobody;
}

mod story {
    use crate::server::{PASSWORD, Server};
    use keystead_core::Principal;
    use keystead_core::signin::method::NamedBy;
    use keystead_core::signin::{self, Direct, Input, MethodId, Next};
    use keystead_core::tokens;
    use keystead_core::users::{self, KeyKind};
    use keystead_model::{Code, Secret};
    use keystead_protocol::oauth::scope::Scope;

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

    async fn registering(server: &Server, input: Input) -> Next {
        let mut cx = server.cx().await;
        let scope = Scope::parse("openid").unwrap();
        let mut flow = signin::begin_direct(server.app().await, Direct::from(scope));
        let input = Input { may_register: true, ..input };
        let (method, flow) = (MethodId::Password, &mut flow);
        let next = signin::prove(&mut cx, flow, method, &input, None).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        next
    }

    pub async fn attack_26_a_name_that_is_taken_is_told_to_nobody_who_registers_by_signing_in(
        server: Server,
    ) {
        let by = |name: NamedBy, text: &str, n: usize| {
            Input::new(name, text, Secret::new(format!("a phrase of number {n}")))
        };
        // Several at once for one new name: one account, and the others hear what any wrong
        // password hears.
        let all = (0..6).map(|n| registering(&server, by(NamedBy::Username, "newcomer", n)));
        let all = futures_util::future::join_all(all).await;
        let code = |next: &Next| match next {
            Next::Denied(denial) => Some(denial.code),
            _ => None,
        };
        let codes: Vec<_> = all.iter().map(code).collect();
        assert_eq!(codes.iter().filter(|code| code.is_none()).count(), 1, "{codes:?}");
        let wrong = Some(Code::SigninCredentials);
        assert_eq!(codes.iter().filter(|code| **code == wrong).count(), 5, "{codes:?}");
        // A number whose country stands beside it is the number of an account.
        let phone = Input { country: Some("+1".to_owned()), ..by(NamedBy::Phone, "2025550123", 1) };
        let again = Input { secret: Secret::new("another phrase"), ..copy(&phone) };
        assert!(matches!(registering(&server, copy(&phone)).await, Next::Done(_)));
        assert_eq!(code(&registering(&server, again).await), wrong);
        assert!(matches!(registering(&server, phone).await, Next::Done(_)), "and signs in");
    }

    fn copy(input: &Input) -> Input {
        let (country, secret) = (input.country.clone(), input.secret.clone());
        Input { country, ..Input::new(input.named_by, input.identifier.clone(), secret) }
    }
}
