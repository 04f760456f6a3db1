//! The logs over HTTP: who did what, found by each filter.

use crate::database::Engine;
use crate::on_both;
use crate::server::{OTHER, TestServer};
use keystead_authing::v3::audit_logs::{GetAdminAuditLogs, GetUserActionLogs};
use keystead_authing::v3::signin::{PasswordPayload, SignInByCredentials};
use keystead_authing::v3::users::{CreateUser, Pagination};

on_both!(
    a_sign_in_and_what_an_administrator_did_are_found,
    attack_41_a_log_shows_its_own_pool_alone,
    attack_44_52_filters_and_pages_have_bounds,
);

async fn a_sign_in_and_what_an_administrator_did_are_found(engine: Engine) {
    let server = TestServer::shared(engine);
    let admin = server.admin();
    let made = admin
        .create_user(&CreateUser {
            username: Some("logged".into()),
            nickname: Some("Logged One".into()),
            password: Some("password of the log".into()),
            ..CreateUser::default()
        })
        .await
        .unwrap();
    let payload = PasswordPayload {
        password: "password of the log".into(),
        username: Some("logged".into()),
        ..PasswordPayload::default()
    };
    server.anonymous().call(&SignInByCredentials::password(payload)).await.unwrap();
    let logins = GetUserActionLogs {
        event_type: Some("login".into()),
        user_id: Some(made.user_id.clone()),
        app_id: Some(server.dev("app_id").into()),
        success: Some(true),
        ..GetUserActionLogs::default()
    };
    let found = admin.get_user_action_logs(&logins).await.unwrap();
    assert_eq!((found.total_count, found.list.len()), (1, 1));
    let entry = &found.list[0];
    assert_eq!(entry.user_id.as_ref(), Some(&made.user_id));
    assert_eq!(entry.user_display_name.as_deref(), Some("Logged One"));
    assert_eq!((entry.event_type.as_str(), entry.user_logins_count), ("login", 1));
    assert_eq!(entry.app_id.as_deref(), Some(server.dev("app_id")));
    assert!(entry.app_login_url.is_some() && entry.client_ip.is_some());

    let creations = GetAdminAuditLogs {
        operation_type: Some("create".into()),
        resource_type: Some("user".into()),
        ..GetAdminAuditLogs::default()
    };
    let found = admin.get_admin_audit_logs(&creations).await.unwrap();
    let entry = found
        .list
        .iter()
        .find(|entry| entry.event_details.as_ref().is_some_and(|d| d.contains(&made.user_id)))
        .unwrap();
    assert_eq!(entry.admin_user_display_name.as_deref(), Some(server.dev("access_key_id")));
    let mine = GetAdminAuditLogs {
        user_id: entry.admin_user_id.clone(),
        request_id: Some(entry.request_id.clone()),
        ..GetAdminAuditLogs::default()
    };
    assert_eq!(admin.get_admin_audit_logs(&mine).await.unwrap().total_count, 1);
}

async fn attack_41_a_log_shows_its_own_pool_alone(engine: Engine) {
    let server = TestServer::shared(engine);
    let payload = PasswordPayload {
        password: OTHER.user_password.into(),
        email: Some(OTHER.user_email.into()),
        ..PasswordPayload::default()
    };
    server.other().anonymous().call(&SignInByCredentials::password(payload)).await.unwrap();
    let of_bob =
        GetUserActionLogs { user_id: Some(OTHER.user_id.into()), ..GetUserActionLogs::default() };
    let of_app =
        GetUserActionLogs { app_id: Some(OTHER.app_id.into()), ..GetUserActionLogs::default() };
    for search in [&of_bob, &of_app] {
        assert_eq!(server.admin().get_user_action_logs(search).await.unwrap().total_count, 0);
        let theirs = server.other().admin().get_user_action_logs(search).await.unwrap();
        assert!(theirs.total_count >= 1);
    }
}

async fn attack_44_52_filters_and_pages_have_bounds(engine: Engine) {
    let admin = TestServer::shared(engine).admin();
    let hostile = GetUserActionLogs {
        user_id: Some("x' OR '1'='1".into()),
        client_ip: Some("%".into()),
        request_id: Some("\"; DROP TABLE users; --".into()),
        start: Some(i64::MIN),
        end: Some(i64::MAX),
        ..GetUserActionLogs::default()
    };
    assert_eq!(admin.get_user_action_logs(&hostile).await.unwrap().total_count, 0);
    for (page, limit, field) in [
        (0, 10, "page"),
        (-1, 10, "page"),
        (1_000_000_000, 10, "page"),
        (1, 0, "limit"),
        (1, 51, "limit"),
    ] {
        let pagination = Some(Pagination { page: Some(page), limit: Some(limit) });
        let search = GetAdminAuditLogs { pagination, ..GetAdminAuditLogs::default() };
        let refused = admin.get_admin_audit_logs(&search).await.unwrap_err();
        assert_eq!(refused.status_code(), Some(400), "{page} {limit}");
        assert!(refused.message().contains(field), "{}", refused.message());
    }
    let word = GetAdminAuditLogs {
        operation_type: Some("create' --".into()),
        ..GetAdminAuditLogs::default()
    };
    let refused = admin.get_admin_audit_logs(&word).await.unwrap_err();
    assert!(refused.message().contains("operationType"), "{}", refused.message());
}
