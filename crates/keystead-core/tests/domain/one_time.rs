//! One-time codes: once, newest only, bound, counted; and the doors that take them.

use crate::on_both;

on_both! {
    attack_30_a_code_works_once_and_the_newest_alone;
    attack_30_a_code_is_bound_to_purpose_address_and_application;
    attack_30_guesses_are_counted_before_they_are_checked;
    attack_04_no_door_takes_a_value_of_another_purpose;
    a_code_that_comes_late_says_so;
    looking_at_a_code_costs_one_of_its_tries;
    a_proven_address_without_account_signs_up_where_that_is_asked_for;
    a_stranger_s_account_under_my_address_is_mine_once_i_prove_it;
    a_second_address_of_a_stranger_s_account_lets_nobody_in;
}

mod story {
    use crate::server::{PASSWORD, Server};
    use keystead_core::one_time::codes::{self, Asked};
    use keystead_core::one_time::{Address, CodeCheck, CodePurpose, Looked, TokenPurpose, tokens};
    use keystead_core::passwords::Transport;
    use keystead_core::signin::method::NamedBy;
    use keystead_core::signin::{self, Input, MethodId, Next};
    use keystead_core::signup::{self, Completion};
    use keystead_core::users::{self, KeyKind, NewUser};
    use keystead_core::{Cx, Principal};
    use keystead_model::{Code, Secret};
    use keystead_protocol::oauth::scope::Scope;

    const ANN: &str = "ann@example.com";

    async fn make(server: &Server, purpose: CodePurpose, to: &str) -> Secret {
        let mut cx = server.cx().await;
        let address = Address::email(to).unwrap();
        let application = Some(server.app().await.id);
        let asked = Asked { purpose, address: &address, user: None, application, flow: None };
        let (_, code) = codes::make(&mut cx, &asked).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        code
    }

    async fn take(cx: &mut Cx, purpose: CodePurpose, to: &str, code: &Secret) -> Looked {
        let address = Address::email(to).unwrap();
        let application = None;
        let check = CodeCheck { purpose, address: &address, application, flow: None, user: None };
        let looked = codes::take(cx, &check, code.expose()).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        looked
    }

    async fn sign_in(server: &Server, to: &str, code: &Secret, may_register: bool) -> Next {
        let mut cx = server.cx().await;
        let scope = Scope::parse("openid").unwrap();
        let mut flow = signin::begin_direct(server.app().await, scope);
        let input =
            Input { may_register, ..Input::new(NamedBy::Email, to, Secret::new(code.expose())) };
        let next =
            signin::prove(&mut cx, &mut flow, MethodId::EmailCode, &input, None).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        next
    }

    fn denied(next: &Next) -> Code {
        match next {
            Next::Denied(denial) => denial.code,
            other => panic!("{other:?}"),
        }
    }

    pub async fn attack_30_a_code_works_once_and_the_newest_alone(server: Server) {
        let old = make(&server, CodePurpose::Login, ANN).await;
        let new = make(&server, CodePurpose::Login, ANN).await;
        if old.expose() != new.expose() {
            assert_eq!(denied(&sign_in(&server, ANN, &old, false).await), Code::CodeWrong);
        }
        assert!(matches!(sign_in(&server, ANN, &new, false).await, Next::Done(_)));
        assert_eq!(denied(&sign_in(&server, ANN, &new, false).await), Code::CodeWrong);
    }

    pub async fn attack_30_a_code_is_bound_to_purpose_address_and_application(server: Server) {
        let code = make(&server, CodePurpose::Login, ANN).await;
        let mut cx = server.cx().await;
        // Without its application, to another address, for another purpose, in another pool.
        let wrong = Looked::Wrong;
        assert_eq!(take(&mut cx, CodePurpose::Login, ANN, &code).await, wrong);
        assert_eq!(take(&mut cx, CodePurpose::Login, "bob@example.com", &code).await, wrong);
        assert_eq!(take(&mut cx, CodePurpose::Reset, ANN, &code).await, wrong);
        let mut other = Server::cx_on(&server.core, server.other_pool().await).await;
        assert_eq!(take(&mut other, CodePurpose::Login, ANN, &code).await, wrong);
        assert!(matches!(sign_in(&server, ANN, &code, false).await, Next::Done(_)));
        // A code without a named purpose does for those of the list, and for no other.
        let any = make(&server, CodePurpose::Any, ANN).await;
        assert_eq!(take(&mut cx, CodePurpose::Delete, ANN, &any).await, wrong);
        assert_eq!(take(&mut cx, CodePurpose::Contact, ANN, &any).await, Looked::Right);
    }

    pub async fn attack_30_guesses_are_counted_before_they_are_checked(server: Server) {
        let server = std::sync::Arc::new(server);
        let code = make(&server, CodePurpose::Contact, ANN).await;
        let wrong = Secret::new(if code.expose() == "000000" { "111111" } else { "000000" });
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..30 {
            let (server, wrong) = (server.clone(), wrong.clone());
            tries.spawn(async move {
                let mut cx = server.cx().await;
                take(&mut cx, CodePurpose::Contact, ANN, &wrong).await
            });
        }
        while let Some(looked) = tries.join_next().await {
            assert_eq!(looked.unwrap(), Looked::Wrong);
        }
        let mut cx = server.cx().await;
        assert_eq!(take(&mut cx, CodePurpose::Contact, ANN, &code).await, Looked::Wrong);
    }

    pub async fn attack_04_no_door_takes_a_value_of_another_purpose(server: Server) {
        let mut cx = server.cx().await;
        for made in TokenPurpose::ALL {
            let secret = tokens::make(&mut cx, *made, None, &(), 300).await.unwrap();
            for tried in TokenPurpose::ALL.iter().filter(|tried| *tried != made) {
                let taken = tokens::take::<()>(&mut cx, *tried, &secret).await.unwrap();
                assert!(taken.is_none(), "{made:?} was taken as {tried:?}");
            }
            assert!(tokens::peek::<()>(&mut cx, *made, &secret).await.unwrap().is_some());
            assert!(tokens::take::<()>(&mut cx, *made, &secret).await.unwrap().is_some());
            assert!(tokens::take::<()>(&mut cx, *made, &secret).await.unwrap().is_none());
        }
        cx.rollback().await.unwrap();
        for made in CodePurpose::ALL {
            for tried in CodePurpose::ALL.iter().filter(|tried| *tried != made) {
                if *made == CodePurpose::Any && tried.takes_any() {
                    continue;
                }
                let code = make(&server, *made, ANN).await;
                let looked = take(&mut cx, *tried, ANN, &code).await;
                assert_eq!(looked, Looked::Wrong, "{made:?} was taken as {tried:?}");
            }
        }
    }

    pub async fn a_code_that_comes_late_says_so(server: Server) {
        let code = make(&server, CodePurpose::Contact, ANN).await;
        let wrong = Secret::new(if code.expose() == "000000" { "111111" } else { "000000" });
        server.core.clock.set_offset_s(keystead_core::messages::HAND_OVER_S + 1);
        let mut cx = server.cx().await;
        assert_eq!(take(&mut cx, CodePurpose::Contact, ANN, &wrong).await, Looked::Wrong);
        assert_eq!(take(&mut cx, CodePurpose::Contact, ANN, &code).await, Looked::Late);
    }

    pub async fn looking_at_a_code_costs_one_of_its_tries(server: Server) {
        let address = Address::email(ANN).unwrap();
        for purpose in [CodePurpose::Any, CodePurpose::Delete] {
            let code = make(&server, purpose, ANN).await;
            let wrong = if code.expose() == "000000" { "111111" } else { "000000" };
            let mut cx = server.cx().await;
            // A code without a named purpose does for this one as well.
            let used = if purpose == CodePurpose::Any { CodePurpose::Contact } else { purpose };
            for typed in [wrong, code.expose(), wrong, code.expose()] {
                let right = codes::pre_check(&mut cx, used, &address, typed, None).await.unwrap();
                assert_eq!(right, typed == code.expose(), "{purpose:?}");
            }
            let sent = code.expose();
            let other = codes::pre_check(&mut cx, CodePurpose::Mfa, &address, sent, None).await;
            assert!(!other.unwrap(), "{purpose:?}");
            assert_eq!(take(&mut cx, used, ANN, &code).await, Looked::Right, "{purpose:?}");
            assert!(!codes::pre_check(&mut cx, used, &address, sent, None).await.unwrap());
        }
    }

    pub async fn a_proven_address_without_account_signs_up_where_that_is_asked_for(server: Server) {
        let new = "new@example.com";
        let code = make(&server, CodePurpose::Login, new).await;
        assert_eq!(denied(&sign_in(&server, new, &code, false).await), Code::UserUnknown);
        let code = make(&server, CodePurpose::Login, new).await;
        let Next::Done(first) = sign_in(&server, new, &code, true).await else { panic!() };
        assert!(first.user.user.email_verified);
        let code = make(&server, CodePurpose::Login, new).await;
        let Next::Done(second) = sign_in(&server, new, &code, true).await else { panic!() };
        assert_eq!(first.user.user.id, second.user.user.id);
    }

    pub async fn a_stranger_s_account_under_my_address_is_mine_once_i_prove_it(server: Server) {
        let mine = "victim@example.com";
        let mut cx = server.cx().await;
        let new = NewUser {
            email: Some(mine.into()),
            password: Some(Secret::new(PASSWORD)),
            transport: Transport::Plain,
            ..NewUser::default()
        };
        let app = server.app().await;
        signup::by_password(&mut cx, Some(&app), new, &Completion::default()).await.unwrap();
        cx.settled().await.unwrap();
        assert!(matches!(server.sign_in(&mut cx, mine, PASSWORD).await, Next::Done(_)));
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let code = make(&server, CodePurpose::Login, mine).await;
        assert!(matches!(sign_in(&server, mine, &code, false).await, Next::Done(_)));
        assert!(matches!(server.sign_in(&mut cx, mine, PASSWORD).await, Next::Denied(_)));
    }

    /// Somebody signed up by proving one address, and gave mine beside it.
    pub async fn a_second_address_of_a_stranger_s_account_lets_nobody_in(server: Server) {
        let (theirs, mine) = ("+8613800000031", "mistyped@example.com");
        let mut cx = server.cx().await;
        let app = server.app().await;
        let phone = Address::phone(&cx, theirs, None).unwrap();
        let application = Some(app.id);
        let purpose = CodePurpose::Register;
        let asked = Asked { purpose, address: &phone, user: None, application, flow: None };
        let (_, code) = codes::make(&mut cx, &asked).await.unwrap();
        cx.settle().await.unwrap();
        let new = NewUser { email: Some(mine.into()), ..NewUser::default() };
        let no_more = Completion::default();
        let proved = (&phone, code.expose());
        let made = signup::by_code(&mut cx, Some(&app), proved, new, &no_more).await.unwrap();
        assert!(made.user.phone_verified && !made.user.email_verified);
        cx.settled().await.unwrap();
        // My code does not open their account.
        let code = make(&server, CodePurpose::Login, mine).await;
        assert_eq!(denied(&sign_in(&server, mine, &code, false).await), Code::UserUnknown);
        let code = make(&server, CodePurpose::Login, mine).await;
        let Next::Done(done) = sign_in(&server, mine, &code, true).await else { panic!() };
        assert_ne!(done.user.user.id, made.user.id);
        assert_eq!(done.user.user.email.as_deref(), Some(mine));
        let mut cx = server.cx().await;
        cx.principal = Principal::PoolKey(None);
        let id = made.user.id.to_string();
        let left = users::by(&mut cx, KeyKind::UserId, &id).await.unwrap().user;
        assert_eq!((left.email, left.phone_verified), (None, true), "theirs keeps what it proved");
    }
}
