//! Captchas: asked of an address before an account locks, good for one try, here and now.

use crate::on_both;

on_both! {
    attack_27_a_captcha_is_asked_before_the_account_locks;
    a_right_captcha_admits_one_try;
    a_foreign_captcha_is_refused_and_used_up;
    a_burst_of_right_passwords_owes_nothing;
    doors_without_captcha_wait;
    an_account_may_ask_a_captcha_where_others_lock;
}

mod story {
    use crate::server::{PASSWORD, Server};
    use futures_util::future::join_all;
    use keystead_core::captcha::{self, Answered, Answers};
    use keystead_core::signin::method::NamedBy;
    use keystead_core::signin::{self, Direct, Input, MethodId, Next};
    use keystead_core::{Cx, settings};
    use keystead_model::{ApplicationId, Code, Secret, SigninId};
    use keystead_protocol::oauth::scope::Scope;
    use serde_json::{Value, json};

    const OTHER_APP: &str = "0000000000000000000000ff";

    /// A server that asks after three wrong tries.
    async fn asking(server: &Server, more: Value) -> Answers {
        let answers = Answers::default();
        server.core.attached.set(answers.clone());
        let mut document = json!({"captcha_after": 3});
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut cx = server.cx().await;
        let document = document.as_object().unwrap();
        settings::change(&mut cx, settings::Owner::Pool, document).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        answers
    }

    async fn shown(
        cx: &mut Cx,
        answers: &Answers,
        application: Option<ApplicationId>,
        flow: Option<SigninId>,
    ) -> (Secret, String) {
        let shown = captcha::make(cx, application, flow).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        assert!(shown.picture.starts_with("data:image/png;base64,iVBOR"));
        let code = answers.of(shown.token.expose()).unwrap().expose().to_owned();
        (shown.token, code)
    }

    async fn right(server: &Server, answers: &Answers) -> Answered {
        let (token, code) = shown(&mut server.cx().await, answers, None, None).await;
        Answered::With { token, code: code.to_lowercase() }
    }

    async fn tried(server: &Server, name: &str, password: &str, captcha: Answered) -> Option<Code> {
        let mut cx = server.cx().await;
        let scope = Scope::parse("openid").unwrap();
        let mut flow = signin::begin_direct(server.app().await, Direct::from(scope));
        let input = Input::new(NamedBy::Account, name, Secret::new(password));
        let input = Input { captcha, ..input };
        let (method, flow) = (MethodId::Password, &mut flow);
        let next = signin::prove(&mut cx, flow, method, &input, None).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        match next {
            Next::Denied(denial) => Some(denial.code),
            Next::Done(_) => None,
            Next::Ask(_) | Next::Consent => panic!("nothing is asked at an API door"),
        }
    }

    const WRONG: Option<Code> = Some(Code::SigninCredentials);
    const OWED: Option<Code> = Some(Code::CaptchaRequired);

    pub async fn attack_27_a_captcha_is_asked_before_the_account_locks(server: Server) {
        let answers = asking(&server, json!({})).await;
        let burst = join_all((0..12).map(|_| tried(&server, "ann", "wrong", Answered::Not))).await;
        assert_eq!(burst.iter().filter(|code| **code == WRONG).count(), 3, "{burst:?}");
        assert_eq!(burst.iter().filter(|code| **code == OWED).count(), 9, "{burst:?}");
        // Known or unknown, right or wrong: the address owes it.
        assert_eq!(tried(&server, "nobody", "wrong", Answered::Not).await, OWED);
        assert_eq!(tried(&server, "ann", PASSWORD, Answered::Not).await, OWED);
        // None of the refused ones was counted on the account: seven more wrong ones are.
        for n in 0..7 {
            let captcha = right(&server, &answers).await;
            assert_eq!(tried(&server, "ann", "wrong", captcha).await, WRONG, "{n}");
        }
        let captcha = right(&server, &answers).await;
        assert_eq!(tried(&server, "ann", PASSWORD, captcha).await, Some(Code::Locked));
        server.core.clock.set_offset_s(301);
        assert_eq!(tried(&server, "ann", PASSWORD, Answered::Not).await, None, "it is forgotten");
    }

    pub async fn a_right_captcha_admits_one_try(server: Server) {
        let answers = asking(&server, json!({})).await;
        for _ in 0..3 {
            assert_eq!(tried(&server, "ann", "wrong", Answered::Not).await, WRONG);
        }
        let captcha = right(&server, &answers).await;
        let burst =
            join_all((0..8).map(|_| tried(&server, "ann", PASSWORD, captcha.clone()))).await;
        assert_eq!(burst.iter().filter(|code| code.is_none()).count(), 1, "{burst:?}");
        let refused = burst.iter().filter(|code| **code == Some(Code::CaptchaWrong)).count();
        assert_eq!(refused, 7, "{burst:?}");
        assert_eq!(tried(&server, "ann", PASSWORD, Answered::Not).await, OWED, "it owes still");
        let late = right(&server, &answers).await;
        server.core.clock.set_offset_s(300);
        assert_eq!(tried(&server, "ann", PASSWORD, late).await, Some(Code::CaptchaWrong));
    }

    pub async fn a_foreign_captcha_is_refused_and_used_up(server: Server) {
        let answers = asking(&server, json!({})).await;
        let wrong = Some(Code::CaptchaWrong);
        let (token, code) = shown(&mut server.cx().await, &answers, None, None).await;
        let typo = Answered::With { token: token.clone(), code: "0000".to_owned() };
        assert_eq!(tried(&server, "ann", PASSWORD, typo).await, wrong);
        let after = Answered::With { token, code };
        assert_eq!(tried(&server, "ann", PASSWORD, after).await, wrong, "one look each");
        let application = second_application(&server).await;
        let flow: SigninId = "0000000000000000000000fe".parse().unwrap();
        for (application, flow) in [(Some(application), None), (None, Some(flow))] {
            let (token, code) = shown(&mut server.cx().await, &answers, application, flow).await;
            let foreign = Answered::With { token, code };
            assert_eq!(tried(&server, "ann", PASSWORD, foreign).await, wrong);
        }
        let mut other = Server::cx_on(&server.core, server.other_pool().await).await;
        let (token, code) = shown(&mut other, &answers, None, None).await;
        let foreign = Answered::With { token, code };
        assert_eq!(tried(&server, "ann", PASSWORD, foreign).await, wrong);
        let own = server.app().await.id;
        let (token, code) = shown(&mut server.cx().await, &answers, Some(own), None).await;
        let own = Answered::With { token, code };
        assert_eq!(tried(&server, "ann", PASSWORD, own).await, None);
    }

    async fn second_application(server: &Server) -> ApplicationId {
        let seed = format!(
            r#"{{"applications": [{{"client_id": "{OTHER_APP}", "name": "B",
            "secret": "s3cret s3cret", "redirect_uris": ["https://b.example/cb"]}}]}}"#
        );
        let seed = serde_json::from_str(&seed).unwrap();
        keystead_core::seed::apply(&server.core, &seed).await.unwrap();
        let mut cx = server.cx().await;
        let app = keystead_core::applications::by_client_id(&mut cx, OTHER_APP).await;
        app.unwrap().unwrap().id
    }

    pub async fn a_burst_of_right_passwords_owes_nothing(server: Server) {
        asking(&server, json!({})).await;
        let all = join_all((0..20).map(|_| tried(&server, "ann", PASSWORD, Answered::Not))).await;
        assert!(all.iter().all(Option::is_none), "{all:?}");
    }

    pub async fn doors_without_captcha_wait(server: Server) {
        asking(&server, json!({})).await;
        for _ in 0..6 {
            assert_eq!(tried(&server, "ann", "wrong", Answered::Never).await, WRONG);
        }
        let waits = Some(Code::RateLimited);
        assert_eq!(tried(&server, "ann", PASSWORD, Answered::Never).await, waits);
    }

    pub async fn an_account_may_ask_a_captcha_where_others_lock(server: Server) {
        let more = json!({"captcha_after": 1000, "login_fail_strategy": "captcha"});
        let answers = asking(&server, more).await;
        for _ in 0..10 {
            assert_eq!(tried(&server, "ann", "wrong", Answered::Not).await, WRONG);
            assert_eq!(tried(&server, "nobody", "wrong", Answered::Not).await, WRONG);
        }
        for name in ["ann", "nobody"] {
            assert_eq!(tried(&server, name, PASSWORD, Answered::Not).await, OWED, "{name}");
        }
        // Under another of her names nobody is told, and a door without captchas stays shut.
        assert_eq!(tried(&server, "ann@example.com", PASSWORD, Answered::Not).await, WRONG);
        assert_eq!(tried(&server, "ann", PASSWORD, Answered::Never).await, Some(Code::Locked));
        let captcha = right(&server, &answers).await;
        assert_eq!(tried(&server, "ann", PASSWORD, captcha).await, None);
        assert_eq!(tried(&server, "ann", PASSWORD, Answered::Not).await, None, "all is forgotten");
    }
}
