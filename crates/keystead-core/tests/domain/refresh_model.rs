//! Refresh families against a model of them: whatever order of uses, waits and restores.

use crate::on_both;

on_both! { attack_08_families_follow_their_model; }

mod story {
    use crate::server::{CLIENT, Server};
    use keystead_core::applications;
    use keystead_core::tokens::refresh::{self, Offer};
    use keystead_model::{Code, IssuerKind};
    use keystead_store::Value;
    use proptest::prelude::{Just, Strategy, prop_oneof};
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    /// `refresh_grace_s` of the test's application, and the retries of one rotation.
    const GRACE_S: i64 = 10;
    const RETRIES: u32 = 20;
    const CASES: usize = 12;

    /// What happens to a family.
    #[derive(Clone, Copy, Debug)]
    enum Step {
        /// The token that is so many behind the newest comes, so many times.
        Use { behind: usize, times: u32 },
        /// Seconds go by. No sum of them is near the grace, so the real clock does not matter.
        Wait(i64),
        /// A backup from one rotation ago is restored.
        Restore,
    }

    fn step() -> impl Strategy<Value = Step> {
        let once = |behind| Step::Use { behind, times: 1 };
        prop_oneof![
            6 => Just(once(0)),
            3 => Just(once(1)),
            2 => Just(once(2)),
            1 => (3..6_usize).prop_map(once),
            1 => (1..3_usize).prop_map(|behind| Step::Use { behind, times: 22 }),
            3 => prop_oneof![Just(4), Just(7), Just(14)].prop_map(Step::Wait),
            1 => Just(Step::Restore),
        ]
    }

    /// What `signin.md` 5.5 says of a family, without a store.
    struct Model {
        n: usize,
        rotated: Option<i64>,
        rotated_before: Option<i64>,
        retries: u32,
        is_over: bool,
        now: i64,
    }

    impl Model {
        /// The number of the token that a use answers with, or its refusal.
        fn offer(&mut self, k: usize) -> Result<usize, Code> {
            let recent = |at: Option<i64>, now: i64| at.is_some_and(|at| at > now - GRACE_S);
            if self.is_over || k > self.n {
                return Err(Code::GrantInvalid);
            }
            if k == self.n {
                self.rotated_before = self.rotated;
                self.rotated = Some(self.now);
                (self.n, self.retries) = (self.n + 1, RETRIES);
                return Ok(self.n);
            }
            let in_grace = match self.n - k {
                1 => recent(self.rotated, self.now),
                2 => recent(self.rotated_before, self.now),
                _ => false,
            };
            if !in_grace {
                self.is_over = true;
                return Err(Code::GrantInvalid);
            }
            if self.retries == 0 {
                return Err(Code::RefreshGraceUsed);
            }
            self.retries -= 1;
            Ok(self.n)
        }

        fn restore(&mut self) -> bool {
            let goes_back = self.n > 1 && !self.is_over;
            if goes_back {
                self.n -= 1;
                self.rotated = self.rotated_before.take();
            }
            goes_back
        }
    }

    async fn offer(server: &Server, token: &str) -> Result<String, Code> {
        let mut cx = server.cx().await;
        let app = applications::by_client_id(&mut cx, CLIENT).await.unwrap().unwrap();
        let offer = Offer { token, scope: None, issuer: IssuerKind::Oidc };
        let tokens = refresh::refresh(&mut cx, &app, offer).await;
        if tokens.is_err() {
            cx.rollback().await.unwrap();
        }
        cx.settled().await.unwrap();
        let tokens = tokens.map_err(|error| error.code())?;
        Ok(tokens.refresh_token.unwrap().expose().to_owned())
    }

    async fn restore(server: &Server, user: keystead_model::UserId) {
        let text = "UPDATE refresh_families SET n = n - 1, rotated_at = prev_rotated_at,
            prev_rotated_at = 0 WHERE pool_id = $1 AND user_id = $2 AND n > 1
            AND revoked_at IS NULL";
        let mut cx = server.cx().await;
        cx.store().execute(text, &[Value::from(user)]).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }

    pub async fn attack_08_families_follow_their_model(server: Server) {
        let mut runner = TestRunner::deterministic();
        let steps = proptest::collection::vec(step(), 6..24);
        for _ in 0..CASES {
            let steps = steps.new_tree(&mut runner).unwrap().current();
            run(&server, &steps).await;
        }
    }

    async fn run(server: &Server, steps: &[Step]) {
        server.core.clock.set_offset_s(0);
        let (done, first) = server.ann().await;
        let user = done.user.user.id;
        // Tokens by their number; the first has number 1.
        let mut tokens = vec![String::new(), first.refresh_token.unwrap().expose().to_owned()];
        let mut model =
            Model { n: 1, rotated: None, rotated_before: None, retries: 0, is_over: false, now: 0 };
        for (at, step) in steps.iter().enumerate() {
            match *step {
                Step::Wait(seconds) => {
                    model.now += seconds;
                    server.core.clock.set_offset_s(model.now);
                }
                Step::Restore => {
                    if model.restore() {
                        restore(server, user).await;
                    }
                }
                Step::Use { behind, times } => {
                    let k = tokens.len().saturating_sub(1 + behind).max(1);
                    for _ in 0..times {
                        let expected = model.offer(k);
                        let got = offer(server, &tokens[k]).await;
                        let story = &steps[..=at];
                        assert_eq!(got.clone().err(), expected.err(), "{k} in {story:?}");
                        if let (Ok(n), Ok(token)) = (expected, got) {
                            if n < tokens.len() {
                                assert_eq!(token, tokens[n], "a family never forks: {story:?}");
                            } else {
                                tokens.push(token);
                            }
                        }
                    }
                }
            }
        }
        end(server, user).await;
    }

    /// Ends the families of this case: the next one signs the same user in again.
    async fn end(server: &Server, user: keystead_model::UserId) {
        let text = "UPDATE refresh_families SET revoked_at = 1, revoked_by = 'test'
            WHERE pool_id = $1 AND user_id = $2 AND revoked_at IS NULL";
        let mut cx = server.cx().await;
        cx.store().execute(text, &[Value::from(user)]).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }
}
