//! Tries: counted before they are checked, on keys that every door shares.

use crate::on_both;

on_both! {
    attack_27_a_burst_is_admitted_exactly_to_the_limit;
    attack_27_the_lock_ends;
    a_burst_of_right_passwords_locks_nobody_out;
    wrong_client_secrets_stop_the_right_one_too;
    attack_27_a_claimed_address_counts_only_where_the_caller_may_name_one;
}

mod story {
    use crate::server::{CLIENT, PASSWORD, Server};
    use futures_util::future::join_all;
    use keystead_core::clients::{self, Door, Presented};
    use keystead_core::counters::{self, Admission, Captcha};
    use keystead_core::settings::{self, Owner};
    use keystead_core::signin::Next;
    use keystead_model::{Code, Secret};

    pub async fn attack_27_a_burst_is_admitted_exactly_to_the_limit(server: Server) {
        let tries = (0..90).map(|_| async {
            let mut cx = server.cx().await;
            counters::take(&mut cx, "nobody", None, Captcha::None).await.unwrap()
        });
        let all = join_all(tries).await;
        let admitted = all.iter().filter(|a| matches!(a, Admission::Admitted(_))).count();
        assert_eq!(admitted, 10);
    }

    async fn code(server: &Server, identifier: &str, password: &str) -> Option<Code> {
        let mut cx = server.cx().await;
        match server.sign_in(&mut cx, identifier, password).await {
            Next::Denied(denial) => Some(denial.code),
            Next::Done(_) => {
                cx.settle().await.unwrap();
                None
            }
            Next::Ask(_) | Next::Consent => panic!("nothing is asked at an API door"),
        }
    }

    pub async fn attack_27_the_lock_ends(server: Server) {
        for _ in 0..10 {
            let refused = code(&server, "ann", "wrong").await;
            assert_eq!(refused, Some(Code::SigninCredentials));
        }
        assert_eq!(code(&server, "ann", PASSWORD).await, Some(Code::Locked));
        // Under another of her names the account is locked as well, and nobody is told.
        let by_email = code(&server, "ann@example.com", PASSWORD).await;
        assert_eq!(by_email, Some(Code::SigninCredentials));
        server.core.clock.set_offset_s(62);
        assert_eq!(code(&server, "ann", PASSWORD).await, None, "the owner gets in again");
    }

    pub async fn a_burst_of_right_passwords_locks_nobody_out(server: Server) {
        let all = join_all((0..40).map(|_| code(&server, "ann", PASSWORD))).await;
        assert!(all.iter().all(Option::is_none), "{all:?}");
    }

    /// How a try ends that names this address for its user.
    async fn claiming(server: &Server, claim: &str, secret: Option<&str>) -> bool {
        let mut cx = server.cx().await;
        cx.request.claim(Some(claim));
        if let Some(secret) = secret {
            let body = Some((CLIENT.to_owned(), Some(Secret::new(secret))));
            let presented = Presented { body, ..Presented::default() };
            clients::authenticate(&mut cx, &presented, Door::Token).await.unwrap();
        }
        let name = format!("nobody at {claim}");
        matches!(
            counters::take(&mut cx, &name, None, Captcha::None).await.unwrap(),
            Admission::Admitted(_)
        )
    }

    pub async fn attack_27_a_claimed_address_counts_only_where_the_caller_may_name_one(
        server: Server,
    ) {
        let mut cx = server.cx().await;
        let few = serde_json::json!({ "ip_tries": 2 });
        settings::change(&mut cx, Owner::Pool, few.as_object().unwrap()).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        // Anybody can write a new address into each try: the caller's own is counted.
        for (claim, admitted) in [("192.0.2.1", true), ("192.0.2.2", true), ("192.0.2.3", false)] {
            assert_eq!(claiming(&server, claim, None).await, admitted, "{claim}");
        }
        server.core.clock.set_offset_s(301);
        let secret = Some("s3cret s3cret");
        for n in 1..=20 {
            let claim = format!("198.51.100.{n}");
            assert!(claiming(&server, &claim, secret).await, "{claim}");
            assert!(claiming(&server, &claim, secret).await, "{claim}");
        }
        // Each of its users has two; the server itself has twenty times as many.
        assert!(!claiming(&server, "198.51.100.1", secret).await);
        assert!(!claiming(&server, "198.51.100.99", secret).await);
        assert!(!claiming(&server, "hostile", secret).await);
    }

    pub async fn wrong_client_secrets_stop_the_right_one_too(server: Server) {
        let call = async |secret: &str| {
            let mut cx = server.cx().await;
            let body = Some((CLIENT.to_owned(), Some(Secret::new(secret))));
            let presented = Presented { body, ..Presented::default() };
            let app = clients::authenticate(&mut cx, &presented, Door::Token).await;
            cx.settled().await.unwrap();
            app.map(|_| ()).map_err(|e| e.code())
        };
        assert_eq!(call("s3cret s3cret").await, Ok(()));
        for _ in 0..20 {
            assert_eq!(call("wrong").await, Err(Code::ClientInvalid));
        }
        assert_eq!(call("s3cret s3cret").await, Err(Code::RateLimited));
        server.core.clock.set_offset_s(61);
        assert_eq!(call("s3cret s3cret").await, Ok(()));
    }
}
