//! Ids, keys and tokens of another pool are worth nothing.

use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::{OTHER, TestServer};
use keystead_authing::v3::signin::{PasswordPayload, SignInByCredentials};
use keystead_authing::v3::users::{GetUser, ListUsers};
use keystead_authing::v3::words::UserIdType;

on_both!(
    attack_41_ids_of_another_pool_answer_as_missing,
    attack_12_a_token_of_another_pool_opens_nothing
);

async fn attack_41_ids_of_another_pool_answer_as_missing(engine: Engine) {
    let server = TestServer::shared(engine);
    let (ours, theirs) = (server.admin(), server.other().admin());
    let missing = "0123456789abcdef01234567";
    for (admin, kind, key) in [
        (&ours, UserIdType::UserId, OTHER.user_id),
        (&ours, UserIdType::Email, OTHER.user_email),
        (&ours, UserIdType::UserId, missing),
        (&theirs, UserIdType::UserId, server.dev("user_id")),
        (&theirs, UserIdType::Email, server.dev("user_email")),
        (&theirs, UserIdType::UserId, missing),
    ] {
        let refused = admin.get_user(&GetUser::by(kind, key)).await.unwrap_err();
        let said = (refused.status_code(), refused.code(), refused.message().to_owned());
        let unknown = admin.get_user(&GetUser::by_id(missing)).await.unwrap_err();
        let same = (unknown.status_code(), unknown.code(), unknown.message().to_owned());
        assert_eq!(said, same, "{key}");
        assert_eq!(said.1, Some(2004), "{key}");
    }
    let found = theirs.get_user(&GetUser::by_id(OTHER.user_id)).await.unwrap();
    assert_eq!(found.user_id, OTHER.user_id);
    let all = theirs.list_users(&ListUsers::default()).await.unwrap();
    assert_eq!((all.total_count, all.list.len()), (1, 1));
}

async fn attack_12_a_token_of_another_pool_opens_nothing(engine: Engine) {
    let server = TestServer::shared(engine);
    let payload = PasswordPayload {
        password: OTHER.user_password.into(),
        email: Some(OTHER.user_email.into()),
        ..PasswordPayload::default()
    };
    let tokens = server.other().anonymous().call(&SignInByCredentials::password(payload)).await;
    let token = tokens.unwrap().access_token.unwrap();
    let bearer = format!("Bearer {}", token.expose());
    let me =
        |path: &str| Raw::get(&format!("{}{path}", server.url())).header("authorization", &bearer);
    let theirs = me("/p/other/oidc/me").send().await;
    assert_eq!((theirs.status, &theirs.json()["sub"]), (200, &OTHER.user_id.into()));
    let ours = me("/p/main/oidc/me").send().await;
    assert_eq!(ours.status, 401, "{}", ours.text());
}
