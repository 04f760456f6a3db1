//! Roles: all or nothing, in date, gone with their subjects, and nobody else's.

use crate::on_both;

on_both! {
    a_list_with_one_wrong_row_changes_nothing; an_assignment_counts_in_its_dates;
    deleting_takes_the_assignments; attack_41_roles_of_another_pool;
    built_in_namespaces_are_made_once; roles_that_exclude_each_other;
}

mod story {
    use crate::server::Server;
    use futures_util::future::join_all;
    use keystead_core::roles::{self, Check, Dates, NewRole, RoleName, RolePatch};
    use keystead_core::subjects::{self, Named, SubjectKind};
    use keystead_core::users::{self, KeyKind};
    use keystead_core::{Cx, Principal};
    use keystead_model::{Code, Error, Millis, PageRequest, PoolId, UserId};
    use keystead_store::role_assignments;

    async fn admin(server: &Server, pool: PoolId) -> Cx {
        let mut cx = Server::cx_on(&server.core, pool).await;
        cx.principal = Principal::System;
        cx
    }

    async fn save(mut cx: Cx) {
        cx.settle().await.unwrap();
        cx.settled().await.unwrap();
    }

    async fn ann(cx: &mut Cx) -> UserId {
        users::by(cx, KeyKind::Email, "ann@example.com").await.unwrap().user.id
    }

    fn new(code: &str) -> NewRole {
        NewRole { code: code.into(), ..NewRole::default() }
    }

    fn name(code: &str) -> [RoleName; 1] {
        [RoleName { namespace: None, code: code.into(), listed: false }]
    }

    fn user(id: impl ToString) -> Named {
        Named { kind: SubjectKind::User, text: id.to_string() }
    }

    fn told(error: Error) -> (Code, String) {
        (error.code(), error.field_name().unwrap_or_default().to_owned())
    }

    async fn made(server: &Server, codes: &[&str]) -> UserId {
        let mut cx = admin(server, server.pool).await;
        for code in codes {
            roles::create(&mut cx, new(code), false).await.unwrap();
        }
        let ann = ann(&mut cx).await;
        save(cx).await;
        ann
    }

    pub async fn a_list_with_one_wrong_row_changes_nothing(server: Server) {
        let ann = made(&server, &["a", "b"]).await;
        let refused = |cx: Cx, error: Error| async move {
            drop(cx);
            told(error)
        };
        let mut cx = admin(&server, server.pool).await;
        let list = vec![new("c"), new("d"), new("c")];
        let error = roles::create_all(&mut cx, list).await.unwrap_err();
        assert_eq!(refused(cx, error).await, (Code::RoleCodeTaken, "list[2].code".into()));

        let mut cx = admin(&server, server.pool).await;
        let list = vec![new("c"), new(" ")];
        let error = roles::create_all(&mut cx, list).await.unwrap_err();
        assert_eq!(refused(cx, error).await, (Code::RoleCodeInvalid, "list[1].code".into()));

        let mut cx = admin(&server, server.pool).await;
        let list = [(None, "a".to_owned()), (None, "nobody".to_owned())];
        let error = roles::delete(&mut cx, &list, "codeList", false).await.unwrap_err();
        assert_eq!(refused(cx, error).await, (Code::RoleUnknown, "codeList[1]".into()));

        let mut cx = admin(&server, server.pool).await;
        let targets = [user(ann), user("0123456789abcdef01234567")];
        let error = roles::assign(&mut cx, &name("a"), &targets, Dates::default()).await;
        let field = "targets[1].targetIdentifier".to_owned();
        assert_eq!(refused(cx, error.unwrap_err()).await, (Code::UserUnknown, field));

        let mut cx = admin(&server, server.pool).await;
        let page = PageRequest::new(None, None).unwrap();
        let all = roles::list(&mut cx, None, None, page).await.unwrap();
        let mut codes: Vec<_> = all.rows.iter().map(|view| view.role.code.as_str()).collect();
        codes.sort_unstable();
        assert_eq!((all.total, codes), (2, vec!["a", "b"]));
        assert!(roles::of_user(&mut cx, ann, None).await.unwrap().is_empty());
    }

    pub async fn an_assignment_counts_in_its_dates(server: Server) {
        let ann = made(&server, &["soon", "now", "off", "late"]).await;
        let mut cx = admin(&server, server.pool).await;
        let now = cx.now.0;
        for (code, starts_at, ends_at) in
            [("soon", Some(now + 60_000), None), ("now", None, Some(now + 60_000))]
        {
            let dates = Dates { starts_at: starts_at.map(Millis), ends_at: ends_at.map(Millis) };
            roles::assign(&mut cx, &name(code), &[user(ann)], dates).await.unwrap();
        }
        for code in ["off", "late"] {
            let any = Dates::default();
            roles::assign(&mut cx, &name(code), &[user(ann)], any).await.unwrap();
        }
        let off = RolePatch { enabled: Some(false), ..RolePatch::default() };
        roles::update(&mut cx, None, "off", off).await.unwrap();
        let late = RolePatch { disable_at: Some(Some(Millis(now + 60_000))), ..Default::default() };
        roles::update(&mut cx, None, "late", late).await.unwrap();
        save(cx).await;
        let has = async |later_ms: i64| {
            let mut cx = admin(&server, server.pool).await;
            cx.now = Millis(now + later_ms);
            let found = roles::of_user(&mut cx, ann, None).await.unwrap();
            let mut codes: Vec<_> = found.into_iter().map(|view| view.role.code).collect();
            codes.sort_unstable();
            codes
        };
        assert_eq!(has(0).await, ["late", "now"]);
        assert_eq!(has(59_999).await, ["late", "now"]);
        assert_eq!(has(60_000).await, ["soon"]);
        for (later_ms, code, want) in
            [(0, "now", true), (0, "soon", false), (60_000, "soon", true), (60_000, "now", false)]
        {
            let mut cx = admin(&server, server.pool).await;
            cx.now = Millis(now + later_ms);
            let wanted = [(None, "nobody"), (Some("default"), code)];
            assert_eq!(roles::has_any(&mut cx, ann, &wanted).await.unwrap(), want, "{code}");
            let elsewhere = [(Some(crate::server::CLIENT), code)];
            assert!(!roles::has_any(&mut cx, ann, &elsewhere).await.unwrap());
        }
        // Once more is success, and the new dates count.
        let mut cx = admin(&server, server.pool).await;
        roles::assign(&mut cx, &name("now"), &[user(ann)], Dates::default()).await.unwrap();
        let past = Dates { starts_at: None, ends_at: Some(Millis(now - 1)) };
        let error = roles::assign(&mut cx, &name("now"), &[user(ann)], past).await.unwrap_err();
        assert_eq!(told(error), (Code::FieldInvalid, "endTime".into()));
        save(cx).await;
        assert_eq!(has(60_000).await, ["now", "soon"]);
    }

    pub async fn deleting_takes_the_assignments(server: Server) {
        let ann = made(&server, &["a", "b"]).await;
        let mut cx = admin(&server, server.pool).await;
        for code in ["a", "b"] {
            let any = Dates::default();
            roles::assign(&mut cx, &name(code), &[user(ann)], any).await.unwrap();
        }
        let b = roles::get(&mut cx, None, "b").await.unwrap().role.id;
        roles::delete(&mut cx, &[(None, "a".to_owned())], "codeList", false).await.unwrap();
        save(cx).await;
        let mut cx = admin(&server, server.pool).await;
        let left = roles::of_user(&mut cx, ann, None).await.unwrap();
        assert_eq!(left.len(), 1);
        subjects::forget(&mut cx, SubjectKind::User, ann.0).await.unwrap();
        assert!(roles::of_user(&mut cx, ann, None).await.unwrap().is_empty());
        let all = role_assignments::total(&mut cx.store(), b, ["user"; 3]).await.unwrap();
        assert_eq!(all, 0);
        // The code is free again.
        roles::create(&mut cx, new("a"), false).await.unwrap();
        save(cx).await;
    }

    pub async fn attack_41_roles_of_another_pool(server: Server) {
        let ann = made(&server, &["ours"]).await;
        let other = server.other_pool().await;
        let mut cx = admin(&server, other).await;
        let theirs = self::ann(&mut cx).await;
        assert_ne!(ann, theirs);
        let error = roles::get(&mut cx, None, "ours").await.unwrap_err();
        assert_eq!(told(error), (Code::RoleUnknown, "code".into()));
        roles::create(&mut cx, new("ours"), false).await.unwrap();
        for foreign in [ann.to_string(), "0123456789abcdef01234567".to_owned(), "x".to_owned()] {
            let error =
                roles::assign(&mut cx, &name("ours"), &[user(foreign)], Dates::default()).await;
            let field = "targets[0].targetIdentifier".to_owned();
            assert_eq!(told(error.unwrap_err()), (Code::UserUnknown, field));
        }
        assert!(roles::of_user(&mut cx, ann, None).await.unwrap().is_empty());
        assert!(!roles::has_any(&mut cx, ann, &[(None, "ours")]).await.unwrap());
        save(cx).await;
        let mut cx = admin(&server, server.pool).await;
        let page = PageRequest::new(None, None).unwrap();
        assert_eq!(roles::members(&mut cx, None, "ours", page).await.unwrap().total, 0);
    }

    pub async fn built_in_namespaces_are_made_once(server: Server) {
        let one = async |n: usize| {
            let mut cx = admin(&server, server.pool).await;
            roles::create(&mut cx, new(&format!("role-{n}")), false).await.unwrap();
            let app = Some(crate::server::CLIENT.to_owned());
            let own = NewRole { namespace: app, ..new(&format!("role-{n}")) };
            roles::create(&mut cx, own, false).await.unwrap();
            save(cx).await;
        };
        join_all((0..6).map(one)).await;
        let mut cx = admin(&server, server.pool).await;
        let page = PageRequest::new(None, None).unwrap();
        for namespace in [None, Some(crate::server::CLIENT)] {
            let all = roles::list(&mut cx, namespace, Some("ROLE-"), page).await.unwrap();
            assert_eq!((all.total, all.rows.len()), (6, 6));
        }
        let free = roles::check(&mut cx, None, "new", Some("role-1")).await.unwrap();
        assert_eq!(free, Check::Refused(Code::RoleNameTaken));
        let admin_role = roles::create(&mut cx, new("auditor"), true).await.unwrap();
        assert_eq!(admin_role.namespace, "system");
        let own = NewRole { namespace: Some("system".into()), ..new("mine") };
        let error = roles::create(&mut cx, own, false).await.unwrap_err();
        assert_eq!(told(error), (Code::NamespaceReserved, "namespace".into()));
        let error = roles::list(&mut cx, Some("nothing"), None, page).await.unwrap_err();
        assert_eq!(told(error), (Code::NamespaceUnknown, "namespace".into()));
        save(cx).await;
    }

    pub async fn roles_that_exclude_each_other(server: Server) {
        let ann = made(&server, &["buyer", "payer", "guest"]).await;
        let seed = serde_json::json!({"settings": {
            "account_tries": 10, "ip_tries": 100_000, "captcha_after": 100_000,
            "role_exclusions": ["default/buyer payer", "gone guest"]}});
        let seed = serde_json::from_value(seed).unwrap();
        keystead_core::seed::apply(&server.core, &seed).await.unwrap();
        let mut cx = admin(&server, server.pool).await;
        let any = Dates::default();
        let both = ["buyer", "payer"].map(|code| RoleName {
            namespace: None,
            code: code.into(),
            listed: true,
        });
        assert!(roles::exclusive(&mut cx, &both).await.unwrap());
        let error = roles::assign(&mut cx, &both, &[user(ann)], any).await.unwrap_err();
        assert_eq!(told(error), (Code::RoleExclusive, "targets[0]".into()));
        for code in ["buyer", "guest"] {
            roles::assign(&mut cx, &name(code), &[user(ann)], any).await.unwrap();
        }
        let error = roles::assign(&mut cx, &name("payer"), &[user(ann)], any).await.unwrap_err();
        assert_eq!(told(error), (Code::RoleExclusive, "targets[0]".into()));
        roles::revoke(&mut cx, &name("buyer"), &[user(ann)]).await.unwrap();
        roles::assign(&mut cx, &name("payer"), &[user(ann)], any).await.unwrap();
        save(cx).await;
    }
}
