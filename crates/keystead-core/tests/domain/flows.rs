//! A stored flow that many events reach at once, on two nodes: one of them wins.

use crate::on_both;

on_both! {
    attack_02_one_event_of_many_finishes_a_flow;
    a_network_begins_so_many_flows_and_no_more;
}

mod story {
    use crate::server::{PASSWORD, Server};
    use keystead_core::signin::method::NamedBy;
    use keystead_core::signin::{self, Input, MethodId, Next};
    use keystead_core::{Core, seed};
    use keystead_model::{Code, PoolId, Secret};
    use keystead_protocol::oauth::scope::Scope;
    use std::sync::Arc;

    const EVENTS: usize = 12;

    /// One right password for the flow.
    async fn event(core: Arc<Core>, pool: PoolId, id: String, secret: Secret) -> Result<(), Code> {
        let mut cx = Server::cx_on(&core, pool).await;
        let loaded = signin::load(&mut cx, &id, secret.expose()).await;
        let mut flow = loaded.map_err(|error| error.code())?;
        let input = Input::new(NamedBy::Account, "ann", Secret::new(PASSWORD));
        let next = signin::prove(&mut cx, &mut flow, MethodId::Password, &input, None).await;
        let next = next.map_err(|error| error.code())?;
        let end = match next {
            Next::Done(_) => cx.settle().await.map_err(|error| error.code()),
            Next::Denied(denial) => Err(denial.code),
            Next::Consent => panic!("asked for consent"),
            Next::Ask(methods) => panic!("asked for {methods:?}"),
        };
        cx.settled().await.unwrap();
        end
    }

    pub async fn attack_02_one_event_of_many_finishes_a_flow(server: Server) {
        let mut cx = server.cx().await;
        let scope = Scope::parse("openid").unwrap();
        let mut flow = signin::begin_direct(server.app().await, scope);
        let ticket = flow.store(&mut cx).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let other = match server.is_shared() {
            true => server.second_node().await,
            false => server.core.clone(),
        };
        let mut events = tokio::task::JoinSet::new();
        for n in 0..EVENTS {
            let core = if n % 2 == 0 { server.core.clone() } else { other.clone() };
            events.spawn(event(core, server.pool, ticket.id.to_string(), ticket.secret.clone()));
        }
        let ends = events.join_all().await;
        assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1, "{ends:?}");
        for lost in ends.iter().filter_map(|end| end.as_ref().err()) {
            assert_eq!(*lost, Code::SigninExpired, "{ends:?}");
        }
        let count = "SELECT COUNT(*) FROM sessions WHERE pool_id = $1";
        let row = "SELECT state, version FROM signins WHERE pool_id = $1";
        let mut cx = server.cx().await;
        let sessions: Vec<(i64,)> = cx.store().list(count, &[]).await.unwrap();
        assert_eq!(sessions, [(1,)], "the losers left nothing behind");
        let flows: Vec<(String, i64)> = cx.store().list(row, &[]).await.unwrap();
        assert_eq!(flows.len(), 1);
        assert_eq!(flows[0].0, "done");
        let again = signin::load(&mut cx, &ticket.id.to_string(), ticket.secret.expose()).await;
        assert_eq!(again.unwrap_err().code(), Code::SigninExpired);
    }

    pub async fn a_network_begins_so_many_flows_and_no_more(server: Server) {
        let few = serde_json::from_str(r#"{"settings": {"begins_per_hour": 3}}"#).unwrap();
        seed::apply(&server.core, &few).await.unwrap();
        let begin = async || {
            let mut cx = server.cx().await;
            let scope = Scope::parse("openid").unwrap();
            let mut flow = signin::begin_direct(server.app().await, scope);
            let stored = flow.store(&mut cx).await.map(|_| ()).map_err(|error| error.code());
            match stored {
                Ok(()) => cx.settle().await.unwrap(),
                Err(_) => cx.rollback().await.unwrap(),
            }
            cx.settled().await.unwrap();
            stored
        };
        for _ in 0..3 {
            begin().await.unwrap();
        }
        assert_eq!(begin().await.unwrap_err(), Code::RateLimited);
        server.core.clock.set_offset_s(3_601);
        begin().await.unwrap();
    }
}
