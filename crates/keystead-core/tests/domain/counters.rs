//! Tries: counted before they are checked, on keys that every door shares.

use crate::on_both;

on_both! { attack_27_a_burst_is_admitted_exactly_to_the_limit; attack_27_the_lock_ends; }

mod story {
    use crate::server::{PASSWORD, Server};
    use futures_util::future::join_all;
    use keystead_core::counters::{self, Admission};
    use keystead_core::signin::Next;
    use keystead_model::Code;

    pub async fn attack_27_a_burst_is_admitted_exactly_to_the_limit(server: Server) {
        let tries = (0..90).map(|_| async {
            let mut cx = server.cx().await;
            counters::take(&mut cx, "nobody", None).await.unwrap()
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
            Next::Ask(_) => panic!("nothing is asked at an API door"),
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
}
