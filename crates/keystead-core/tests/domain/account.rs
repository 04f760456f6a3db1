//! What people do with their own account: whatever is not proved changes nothing.

use crate::on_both;

on_both! {
    a_forgotten_password_is_set_anew_by_a_code_to_its_owner_alone;
    attack_31_a_link_is_looked_at_freely_and_used_once;
    a_changed_password_ends_every_other_session;
    an_address_moves_by_codes_to_the_old_and_the_new_one;
    a_slip_in_one_code_does_not_cost_the_other;
    a_sign_up_that_fails_does_not_cost_its_code;
    attack_27_a_locked_owner_is_told_and_unlocks_by_a_code;
    a_password_that_is_due_is_chosen_in_the_flow;
    an_account_is_deleted_in_two_steps_by_its_owner_alone;
}

mod story {
    use crate::node::{Node, node};
    use crate::server::{PASSWORD, Server};
    use keystead_core::account::contact::{self, Proven};
    use keystead_core::account::{deletion, password, unlock};
    use keystead_core::messages::Channel;
    use keystead_core::one_time::{Address, CodePurpose};
    use keystead_core::passwords::{self, Transport};
    use keystead_core::principal::UserPrincipal;
    use keystead_core::sending::{self, Wanted};
    use keystead_core::signin::method::NamedBy;
    use keystead_core::signin::{self, Done, Input, MethodId, Next};
    use keystead_core::signup::{self, Completion};
    use keystead_core::tokens;
    use keystead_core::users::list::ListQuery;
    use keystead_core::users::{self, NewUser};
    use keystead_core::{Cx, Principal};
    use keystead_model::{Code, PageRequest, Secret};
    use keystead_protocol::oauth::scope::Scope;

    const ANN: &str = "ann@example.com";
    const NEW: &str = "a newer horse 19";

    fn plain(text: &str) -> Secret {
        Secret::new(text)
    }

    async fn as_owner(server: &Server, done: &Done) -> Cx {
        let mut cx = server.cx().await;
        cx.principal = Principal::User(UserPrincipal {
            user: done.user.user.id,
            grant: done.grant.id,
            session: Some(done.session.id),
            application: done.grant.application_id,
            scope: "openid".to_owned(),
        });
        cx
    }

    /// Sends a code and reads it where it arrives.
    async fn code(server: &Server, node: &Node, purpose: CodePurpose, to: &str) -> String {
        node.capture.clear();
        let address = Address::email(to).unwrap();
        let mut cx = server.cx().await;
        let wanted =
            Wanted { purpose, address: &address, application: None, flow: None, user: None };
        sending::code(&mut cx, &wanted).await.unwrap();
        cx.settled().await.unwrap();
        node.messages(1).await[0].code.clone().unwrap()
    }

    async fn can_sign_in(server: &Server, with: &str) -> bool {
        let mut cx = server.cx().await;
        let next = server.sign_in(&mut cx, ANN, with).await;
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        matches!(next, Next::Done(_))
    }

    pub async fn a_forgotten_password_is_set_anew_by_a_code_to_its_owner_alone(server: Server) {
        let node = node(&server.core, None);
        let (_, tokens) = server.ann().await;
        // For an address without account nothing is sent, and nothing else is different.
        let nobody = Address::email("nobody@example.com").unwrap();
        let mut cx = server.cx().await;
        let purpose = CodePurpose::Reset;
        let wanted =
            Wanted { purpose, address: &nobody, application: None, flow: None, user: None };
        sending::code(&mut cx, &wanted).await.unwrap();
        cx.settled().await.unwrap();
        node.idle().await;
        assert!(node.capture.list().is_empty());

        let code = code(&server, &node, purpose, ANN).await;
        let address = Address::email(ANN).unwrap();
        let mut cx = server.cx().await;
        let (token, _) = password::verify_reset(&mut cx, &address, &code).await.unwrap();
        let again = password::verify_reset(&mut cx, &address, &code).await.unwrap_err();
        assert_eq!(again.code(), Code::CodeWrong);
        let weak = password::reset(&mut cx, &token, plain("ann"), Transport::Plain).await;
        assert_eq!(weak.unwrap_err().code(), Code::PasswordWeak);
        cx.rollback().await.unwrap();
        // A weak password did not cost the token.
        password::reset(&mut cx, &token, plain(NEW), Transport::Plain).await.unwrap();
        cx.settled().await.unwrap();
        let used = password::reset(&mut cx, &token, plain(PASSWORD), Transport::Plain).await;
        assert_eq!(used.unwrap_err().code(), Code::StepTokenInvalid);
        assert!(!server.takes(&tokens.access_token).await);
        assert!(!can_sign_in(&server, PASSWORD).await && can_sign_in(&server, NEW).await);
        let mail = node.messages(2).await;
        assert!(mail.iter().any(|mail| mail.letter == "password_changed"), "the owner is told");
    }

    pub async fn attack_31_a_link_is_looked_at_freely_and_used_once(server: Server) {
        let node = node(&server.core, None);
        let mut cx = server.cx().await;
        password::forgot(&mut cx, ANN, None).await.unwrap();
        cx.settled().await.unwrap();
        let mail = node.messages(1).await;
        let link = token_in(&mail[0].text).unwrap();
        for _ in 0..3 {
            let address = password::look_at_link(&mut cx, &link).await.unwrap();
            assert_eq!(address.key, ANN);
        }
        password::reset_by_link(&mut cx, &link, &plain(NEW)).await.unwrap();
        cx.settled().await.unwrap();
        let again = password::reset_by_link(&mut cx, &link, &plain(PASSWORD)).await.unwrap_err();
        assert_eq!(again.code(), Code::LinkInvalid);
        assert!(can_sign_in(&server, NEW).await);
    }

    fn token_in(text: &str) -> Option<Secret> {
        let (_, rest) = text.split_once("token=")?;
        Some(Secret::new(rest.split_whitespace().next()?))
    }

    pub async fn a_changed_password_ends_every_other_session(server: Server) {
        let (_, other) = server.ann().await;
        let (done, mine) = server.ann().await;
        let mut cx = as_owner(&server, &done).await;
        let wrong = password::change(&mut cx, Some(plain("no")), plain(NEW), Transport::Plain);
        assert_eq!(wrong.await.unwrap_err().code(), Code::OldPasswordWrong);
        let none = password::change(&mut cx, None, plain(NEW), Transport::Plain).await;
        assert_eq!(none.unwrap_err().code(), Code::OldPasswordMissing);
        assert!(server.takes(&other.access_token).await);
        let old = Some(plain(PASSWORD));
        password::change(&mut cx, old, plain(NEW), Transport::Plain).await.unwrap();
        cx.settled().await.unwrap();
        assert!(server.takes(&mine.access_token).await, "the caller's own session lives on");
        assert!(!server.takes(&other.access_token).await);
    }

    pub async fn an_address_moves_by_codes_to_the_old_and_the_new_one(server: Server) {
        let node = node(&server.core, None);
        let done = server.signed_in().await;
        let (old, new) = (Address::email(ANN).unwrap(), Address::email("a@new.example").unwrap());
        let to_new = code(&server, &node, CodePurpose::Contact, &new.key).await;
        let to_old = code(&server, &node, CodePurpose::Contact, ANN).await;
        let mut cx = as_owner(&server, &done).await;
        let proven = Proven { address: &new, code: &to_new };
        let alone = contact::verify_change(&mut cx, &proven, None).await.unwrap_err();
        assert_eq!(alone.code(), Code::EmailOldWrong);
        let by = Proven { address: &old, code: &to_old };
        let (token, _) = contact::verify_change(&mut cx, &proven, Some(&by)).await.unwrap();
        let wrong = contact::change(&mut cx, Channel::Sms, &token).await.unwrap_err();
        assert_eq!(wrong.code(), Code::StepTokenInvalid);
        let view = contact::change(&mut cx, Channel::Email, &token).await.unwrap();
        assert_eq!(view.user.email.as_deref(), Some("a@new.example"));
        assert!(view.user.email_verified);
        let again = contact::change(&mut cx, Channel::Email, &token).await.unwrap_err();
        assert_eq!(again.code(), Code::StepTokenInvalid);
        cx.settled().await.unwrap();
        // Keywords find the new domain, and the old one no more.
        let mut cx = server.cx().await;
        cx.principal = Principal::System;
        for (keyword, found) in [("new.example", 1), ("example.com", 0)] {
            let page = PageRequest::new(None, None).unwrap();
            let query = ListQuery::of_keyword(&cx, Some(keyword), page);
            assert_eq!(users::list(&mut cx, query).await.unwrap().total, found, "{keyword}");
        }
    }

    pub async fn a_slip_in_one_code_does_not_cost_the_other(server: Server) {
        let node = node(&server.core, None);
        let done = server.signed_in().await;
        let (old, new) = (Address::email(ANN).unwrap(), Address::email("a@new.example").unwrap());
        let to_new = code(&server, &node, CodePurpose::Contact, &new.key).await;
        let to_old = code(&server, &node, CodePurpose::Contact, ANN).await;
        let mut cx = as_owner(&server, &done).await;
        let (right_old, right_new) =
            (Proven { address: &old, code: &to_old }, Proven { address: &new, code: &to_new });
        let slip = Proven { address: &new, code: "none" };
        let wrong = contact::verify_change(&mut cx, &slip, Some(&right_old)).await.unwrap_err();
        assert_eq!(wrong.code(), Code::CodeWrong);
        let slip = Proven { address: &old, code: "none" };
        let wrong = contact::verify_change(&mut cx, &right_new, Some(&slip)).await.unwrap_err();
        assert_eq!(wrong.code(), Code::CodeWrong);
        contact::verify_change(&mut cx, &right_new, Some(&right_old)).await.unwrap();
        let again = contact::verify_change(&mut cx, &right_new, Some(&right_old)).await;
        assert_eq!(again.unwrap_err().code(), Code::CodeWrong, "both are used up now");
    }

    pub async fn a_sign_up_that_fails_does_not_cost_its_code(server: Server) {
        let node = node(&server.core, None);
        let address = Address::email("bo@example.com").unwrap();
        let code = code(&server, &node, CodePurpose::Register, &address.key).await;
        let named = |username: &str, password: &str| NewUser {
            username: Some(username.to_owned()),
            password: Some(plain(password)),
            ..NewUser::default()
        };
        let mut cx = server.cx().await;
        let no_more = Completion::default();
        for (new, expected) in
            [(named("bo", "1"), Code::PasswordWeak), (named("ann", NEW), Code::UsernameTaken)]
        {
            let refused = signup::by_code(&mut cx, None, (&address, &code), new, &no_more).await;
            assert_eq!(refused.unwrap_err().code(), expected);
            cx.rollback().await.unwrap();
        }
        let new = named("bo", NEW);
        let view = signup::by_code(&mut cx, None, (&address, &code), new, &no_more).await.unwrap();
        assert!(view.user.email_verified);
        let new = named("bo2", NEW);
        let again = signup::by_code(&mut cx, None, (&address, &code), new, &no_more).await;
        assert_eq!(again.unwrap_err().code(), Code::CodeWrong);
    }

    pub async fn attack_27_a_locked_owner_is_told_and_unlocks_by_a_code(server: Server) {
        let node = node(&server.core, None);
        // The notice goes to a proven address.
        let first = code(&server, &node, CodePurpose::Login, ANN).await;
        sign_in_by_code(&server, &first).await;
        for _ in 0..12 {
            assert!(!can_sign_in(&server, "wrong").await);
        }
        assert!(!can_sign_in(&server, PASSWORD).await);
        node.idle().await;
        let told = node.capture.list().iter().filter(|m| m.letter == "account_locked").count();
        assert_eq!(told, 1, "one mail per lock");
        let to_owner = code(&server, &node, CodePurpose::Unlock, ANN).await;
        let mut cx = server.cx().await;
        let address = Address::email(ANN).unwrap();
        let wrong = if to_owner == "000000" { "111111" } else { "000000" };
        let refused = unlock::finish(&mut cx, &address, wrong).await.unwrap_err();
        assert_eq!(refused.code(), Code::CodeWrong);
        unlock::finish(&mut cx, &address, &to_owner).await.unwrap();
        cx.settled().await.unwrap();
        assert!(can_sign_in(&server, PASSWORD).await);
    }

    async fn sign_in_by_code(server: &Server, code: &str) {
        let mut cx = server.cx().await;
        let scope = Scope::parse("openid").unwrap();
        let mut flow = signin::begin_direct(server.app().await, scope);
        let input = Input::new(NamedBy::Email, ANN, plain(code));
        let next = signin::prove(&mut cx, &mut flow, MethodId::EmailCode, &input, None).await;
        assert!(matches!(next, Ok(Next::Done(_))), "{next:?}");
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }

    pub async fn a_password_that_is_due_is_chosen_in_the_flow(server: Server) {
        let done = server.signed_in().await;
        let mut cx = server.cx().await;
        let due = passwords::prepare(&mut cx, &plain(PASSWORD), &[]).await.unwrap();
        passwords::set(&mut cx, done.user.user.id, &due, Some("first")).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let scope = Scope::parse("openid").unwrap();
        let mut flow = signin::begin_direct(server.app().await, scope);
        let early = signin::choose_password(&mut cx, &mut flow, &plain(NEW), None).await.unwrap();
        assert!(matches!(early, Next::Denied(_)), "nobody was proved yet");
        let input = Input::new(NamedBy::Email, ANN, plain(PASSWORD));
        let next = signin::prove(&mut cx, &mut flow, MethodId::Password, &input, None).await;
        assert!(matches!(next, Ok(Next::Ask(asked)) if asked == [MethodId::NewPassword]));
        let same = signin::choose_password(&mut cx, &mut flow, &plain(PASSWORD), None).await;
        assert_eq!(same.unwrap_err().code(), Code::PasswordWeak);
        let next = signin::choose_password(&mut cx, &mut flow, &plain(NEW), None).await.unwrap();
        let Next::Done(done) = next else { panic!("{next:?}") };
        let app = server.app().await;
        let session = Some(&done.session);
        let basis = tokens::Basis { app: &app, user: &done.user, grant: &done.grant, session };
        let tokens = tokens::issue(&mut cx, &basis).await.unwrap();
        cx.settled().await.unwrap();
        assert!(server.takes(&tokens.access_token).await);
        assert!(can_sign_in(&server, NEW).await && !can_sign_in(&server, PASSWORD).await);
    }

    pub async fn an_account_is_deleted_in_two_steps_by_its_owner_alone(server: Server) {
        let (done, tokens) = server.ann().await;
        let mut cx = as_owner(&server, &done).await;
        let wrong = deletion::Proof::Password(plain("no"), Transport::Plain);
        let refused = deletion::verify(&mut cx, wrong).await.unwrap_err();
        assert_eq!(refused.code(), Code::OldPasswordWrong);
        let right = deletion::Proof::Password(plain(PASSWORD), Transport::Plain);
        let (token, _) = deletion::verify(&mut cx, right).await.unwrap();
        let guess = deletion::delete(&mut cx, &plain("guess")).await.unwrap_err();
        assert_eq!(guess.code(), Code::StepTokenInvalid);
        deletion::delete(&mut cx, &token).await.unwrap();
        cx.settled().await.unwrap();
        assert!(!server.takes(&tokens.access_token).await);
        assert!(!can_sign_in(&server, PASSWORD).await);
    }
}
