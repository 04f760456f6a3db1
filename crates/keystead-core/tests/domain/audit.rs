//! The audit log: what a search finds, how far it reaches, and what is forgotten.

use crate::on_both;

on_both! {
    a_search_finds_what_it_names;
    times_and_pages_have_ends;
    old_events_go_when_the_pool_says_so;
}

mod story {
    use crate::server::{CLIENT, PASSWORD, Server};
    use keystead_core::audit::{self, Category, EventView, Search};
    use keystead_core::seed::{self, Seed};
    use keystead_core::users::{self, NewUser};
    use keystead_core::{Cx, Principal};
    use keystead_model::{EventKind, Millis, Page, PageRequest};

    async fn admin(server: &Server) -> Cx {
        let mut cx = server.cx().await;
        cx.principal = Principal::PoolKey(None);
        cx
    }

    async fn found(server: &Server, category: Category, search: Search) -> Page<EventView> {
        let page = PageRequest::new(None, Some(50)).unwrap();
        audit::list(&mut admin(server).await, category, &search, page).await.unwrap()
    }

    fn kinds(page: &Page<EventView>) -> Vec<EventKind> {
        page.rows.iter().filter_map(|view| view.kind).collect()
    }

    pub async fn a_search_finds_what_it_names(server: Server) {
        let (done, _) = server.ann().await;
        let ann = done.user.user.id.to_string();
        let mut cx = server.cx().await;
        let _ = server.sign_in(&mut cx, "ann@example.com", "wrong wrong 1").await;
        cx.settled().await.unwrap();
        let all = found(&server, Category::User, Search::default()).await;
        let expected = [EventKind::SigninRefused, EventKind::TokensIssued, EventKind::SignedIn];
        assert_eq!((kinds(&all), all.total), (expected.to_vec(), 3));
        let searches = [
            (Search { success: Some(false), ..Search::default() }, 1),
            (Search { target: Some(ann.clone()), success: Some(true), ..Search::default() }, 2),
            (Search { target: Some("nobody".into()), ..Search::default() }, 0),
            (Search { actor: Some(ann.clone()), ..Search::default() }, 0),
            (Search { client_id: Some(CLIENT.into()), ..Search::default() }, 3),
            (Search { client_id: Some("foreign".into()), ..Search::default() }, 0),
            (Search { request_id: Some("test".into()), ..Search::default() }, 3),
            (Search { ip: Some("127.0.0.1".into()), ..Search::default() }, 3),
            (Search { ip: Some("127.0.0.2' OR 1=1 --".into()), ..Search::default() }, 0),
            (Search { kinds: Some(vec![EventKind::SignedIn]), ..Search::default() }, 1),
            (Search { kinds: Some(Vec::new()), ..Search::default() }, 0),
        ];
        for (search, n) in searches {
            assert_eq!(found(&server, Category::User, search.clone()).await.total, n, "{search:?}");
        }
        let signed_in = Search { kinds: Some(vec![EventKind::SignedIn]), ..Search::default() };
        let view = found(&server, Category::User, signed_in).await.rows.remove(0);
        let person = view.user.unwrap();
        assert_eq!(
            (person.id, person.label.as_str(), person.logins),
            (done.user.user.id, "ann", 1)
        );
        assert_eq!(view.application.client_id.as_deref(), Some(CLIENT));
        assert_eq!(view.event.target_name.as_deref(), Some("ann"));

        let mut cx = admin(&server).await;
        let new = NewUser { username: Some("bob".into()), ..NewUser::default() };
        users::create(&mut cx, new).await.unwrap();
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        let made = Search { kinds: Some(vec![EventKind::UserCreated]), ..Search::default() };
        let made = found(&server, Category::Admin, made).await.rows.remove(0).event;
        assert_eq!((made.target_name.as_deref(), made.actor_kind.as_str()), (Some("bob"), "pool"));
        assert_eq!(made.actor_name.as_deref(), Some(cx.pool.name.as_str()));

        let mut other = Server::cx_on(&server.core, server.other_pool().await).await;
        other.principal = Principal::PoolKey(None);
        let page = PageRequest::new(None, None).unwrap();
        let search = Search { target: Some(ann), ..Search::default() };
        let theirs = audit::list(&mut other, Category::User, &search, page).await.unwrap();
        assert_eq!(theirs.total, 0, "a log is its pool's");
    }

    pub async fn times_and_pages_have_ends(server: Server) {
        for _ in 0..3 {
            server.ann().await;
        }
        let page = |number, limit| PageRequest::new(Some(number), Some(limit)).unwrap();
        let mut cx = admin(&server).await;
        let mut seen = Vec::new();
        for number in [1, 2] {
            let part =
                audit::list(&mut cx, Category::User, &Search::default(), page(number, 4)).await;
            let part = part.unwrap();
            assert_eq!(part.total, 6);
            seen.extend(part.rows.into_iter().map(|view| view.event.id));
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.is_sorted_by(|newer, older| newer > older), "newest first");
        let behind = audit::list(&mut cx, Category::User, &Search::default(), page(9, 4)).await;
        let behind = behind.unwrap();
        assert_eq!((behind.total, behind.rows.len()), (6, 0));
        let now = cx.now;
        let hour = 3_600_000;
        for (from, until, n) in [
            (Some(now.plus_ms(-hour)), Some(now.plus_ms(hour)), 6),
            (Some(now.plus_ms(hour)), None, 0),
            (None, Some(now.plus_ms(-hour)), 0),
            (Some(now.plus_ms(hour)), Some(now.plus_ms(-hour)), 0),
            (Some(Millis(i64::MIN)), Some(Millis(i64::MAX)), 6),
            (Some(Millis(-1)), None, 6),
        ] {
            let search = Search { from, until, ..Search::default() };
            assert_eq!(found(&server, Category::User, search).await.total, n, "{from:?} {until:?}");
        }
    }

    pub async fn old_events_go_when_the_pool_says_so(server: Server) {
        let _ = server.ann().await;
        let old = u64::try_from(server.events().await.len()).unwrap();
        server.core.clock.set_offset_s(40 * 86_400);
        let mut cx = server.cx().await;
        let _ = server.sign_in(&mut cx, "ann@example.com", PASSWORD).await;
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
        assert_eq!(audit::clean_up(&server.core).await.unwrap(), 0, "kept for ever without it");
        let seed: Seed = serde_json::from_str(r#"{"settings": {"audit_days": 30}}"#).unwrap();
        seed::apply(&server.core, &seed).await.unwrap();
        assert_eq!(audit::clean_up(&server.core).await.unwrap(), old);
        let left = found(&server, Category::User, Search::default()).await;
        assert_eq!(kinds(&left), [EventKind::SignedIn]);
    }
}
