//! Users: create, get, list; health and system beside them.

use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::TestServer;
use keystead_authing::v3::roles::{AssignRole, CreateRole, Target};
use keystead_authing::v3::system::GetSystemInfo;
use keystead_authing::v3::users::{
    CreateUser, CreateUserOptions, CreateUserOtp, GetOtpSecretByUser, GetUser, GetUserDepartments,
    GetUserMfaStatus, GetUserPasswordCiphertext, GetUserRoles, HasAnyRole, HasRole, ImportOtp,
    ImportOtpItem, ListUsers, ListUsersOptions, OneUser, Pagination, SetUserDepartment,
    SetUserDepartments,
};
use keystead_authing::v3::words::UserIdType;

on_both!(
    health_and_system,
    a_user_is_created_read_and_listed,
    a_taken_name_is_a_conflict,
    what_a_user_belongs_to,
    secrets_of_users_stay_hidden_unless_the_pool_gives_them_out
);

async fn health_and_system(engine: Engine) {
    let server = TestServer::shared(engine);
    for (path, want) in [("live", "live"), ("ready", "ready")] {
        let answer = Raw::get(&format!("{}/health/{path}", server.url())).send().await;
        assert_eq!((answer.status, answer.text().trim()), (200, want));
        assert!(!answer.header("x-request-id").is_empty());
    }
    let system = server.anonymous().call(&GetSystemInfo {}).await.unwrap();
    assert!(system.rsa.public_key.starts_with("-----BEGIN PUBLIC KEY-----"));
    let metrics = Raw::get(&format!("{}/metrics", server.url())).send().await;
    assert_eq!(metrics.status, 200);
}

async fn a_user_is_created_read_and_listed(engine: Engine) {
    let admin = TestServer::shared(engine).admin();
    let made = admin
        .create_user(&CreateUser {
            email: Some("Ann@Users.Example".into()),
            username: Some("ann".into()),
            phone: Some("13900000001".into()),
            external_id: Some("crm-ann".into()),
            name: Some("Ann".into()),
            ..CreateUser::default()
        })
        .await
        .unwrap();
    for (kind, key) in [
        (UserIdType::UserId, made.user_id.as_str()),
        (UserIdType::Email, "ann@users.example"),
        (UserIdType::Username, "ANN"),
        (UserIdType::Phone, "13900000001"),
        (UserIdType::ExternalId, "crm-ann"),
    ] {
        let got = admin.get_user(&GetUser::by(kind, key)).await.unwrap();
        assert_eq!((&got.user_id, &got.created_at), (&made.user_id, &made.created_at), "{key}");
    }
    let page = |keywords: &str, page, limit| ListUsers {
        keywords: Some(keywords.into()),
        options: Some(ListUsersOptions {
            pagination: Some(Pagination { page: Some(page), limit: Some(limit) }),
            ..ListUsersOptions::default()
        }),
        ..ListUsers::default()
    };
    for n in 0..3 {
        let name = Some(format!("paged-{n}"));
        admin.create_user(&CreateUser { username: name, ..CreateUser::default() }).await.unwrap();
    }
    let first = admin.list_users(&page("paged-", 1, 2)).await.unwrap();
    let second = admin.list_users(&page("paged-", 2, 2)).await.unwrap();
    assert_eq!((first.total_count, first.list.len(), second.list.len()), (3, 2, 1));
    assert!(first.list.iter().all(|user| user.user_id != second.list[0].user_id));
}

async fn a_taken_name_is_a_conflict(engine: Engine) {
    let admin = TestServer::shared(engine).admin();
    let user = |email: &str, username: &str| CreateUser {
        email: Some(email.into()),
        username: Some(username.into()),
        ..CreateUser::default()
    };
    admin.create_user(&user("taken@users.example", "taken")).await.unwrap();
    for (email, username, code) in
        [("TAKEN@users.example", "free", 2026), ("free@users.example", "Taken", 2034)]
    {
        let refused = admin.create_user(&user(email, username)).await.unwrap_err();
        assert_eq!((refused.status_code(), refused.code()), (Some(409), Some(code)), "{email}");
    }
    let free = admin.get_user(&GetUser::by(UserIdType::Email, "free@users.example")).await;
    assert_eq!(free.unwrap_err().code(), Some(2004), "a refused call leaves nothing");
}

async fn what_a_user_belongs_to(engine: Engine) {
    let admin = TestServer::shared(engine).admin();
    let name = Some("belongs-ann".to_owned());
    let user = CreateUser { username: name.clone(), ..CreateUser::default() };
    let user_id = admin.create_user(&user).await.unwrap().user_id;
    admin
        .create_role(&CreateRole { code: "belongs-editor".into(), ..CreateRole::default() })
        .await
        .unwrap();
    let targets = vec![Target::user(&user_id)];
    let assign = AssignRole { targets, code: "belongs-editor".into(), ..Default::default() };
    admin.assign_role(&assign).await.unwrap();
    let roles = GetUserRoles {
        user_id: "belongs-ann".into(),
        user_id_type: Some(UserIdType::Username),
        namespace: None,
    };
    let found = admin.get_user_roles(&roles).await.unwrap();
    assert_eq!((found.total_count, found.list[0].code.as_str()), (1, "belongs-editor"));
    let has = async |code: &str| {
        let roles = vec![HasRole { namespace: None, code: code.into() }];
        let ask = HasAnyRole { roles, user_id: user_id.clone(), options: None };
        admin.has_any_role(&ask).await.unwrap().has_any_role
    };
    assert!(has("belongs-editor").await && !has("belongs-nobody").await);

    let of = GetUserDepartments { user_id: user_id.clone(), ..GetUserDepartments::default() };
    assert_eq!(admin.get_user_departments(&of).await.unwrap().total_count, 0);
    let department = SetUserDepartment { department_id: "nowhere".into(), ..Default::default() };
    let set = SetUserDepartments { user_id, departments: vec![department], options: None };
    let refused = admin.set_user_departments(&set).await.unwrap_err();
    assert_eq!(refused.status_code(), Some(404));
    assert!(refused.to_string().contains("departments[0].departmentId"), "{refused}");
}

async fn secrets_of_users_stay_hidden_unless_the_pool_gives_them_out(engine: Engine) {
    let admin = TestServer::shared(engine).admin();
    let weak = CreateUser {
        username: Some("secrets-ann".into()),
        password: Some("767dd7042ad3b4c2d5863b59a95300c7".into()),
        salt: Some("salt".into()),
        options: Some(CreateUserOptions { keep_password: Some(true), ..Default::default() }),
        ..CreateUser::default()
    };
    let user_id = admin.create_user(&weak).await.unwrap().user_id;
    let ask = GetUserPasswordCiphertext(OneUser::by_id(&user_id));
    let refused = admin.get_user_password_ciphertext(&ask).await.unwrap_err();
    assert_eq!(refused.status_code(), Some(403));
    let otp = CreateUserOtp { secret: "JBSWY3DPEHPK3PXP".into(), recovery_code: None };
    let item = |user_id: &str| ImportOtpItem { user_id: user_id.to_owned(), otp: otp.clone() };
    let list = vec![item(&user_id), item("0123456789abcdef01234567")];
    let refused = admin.import_otp(&ImportOtp { list }).await.unwrap_err();
    assert_eq!(refused.code(), Some(2004));
    let list = vec![item(&user_id)];
    admin.import_otp(&ImportOtp { list }).await.unwrap();
    let ask = GetOtpSecretByUser(OneUser::by_id(&user_id));
    let refused = admin.get_otp_secret_by_user(&ask).await.unwrap_err();
    assert_eq!(refused.status_code(), Some(403));
    let status = GetUserMfaStatus(OneUser::by_id(&user_id));
    assert_eq!(admin.get_user_mfa_status(&status).await.unwrap().totp_mfa_enabled, Some(true));
}
