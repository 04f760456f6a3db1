//! Access keys over HTTP: made, used, switched off, deleted; those of another pool are missing.

use crate::actors::Keys;
use crate::database::Engine;
use crate::on_both;
use crate::server::{OTHER, TestServer};
use keystead_authing::v3::access_keys::{
    AccessKeyDto, AccessKeyStatus, CreateAccessKey, DeleteAccessKey, GetAccessKey, ListAccessKey,
    UpdateAccessKey,
};
use keystead_authing::v3::users::ListUsers;

on_both!(
    a_key_signs_until_it_is_switched_off_or_deleted,
    attack_41_a_key_of_another_pool_answers_as_missing,
    what_cannot_be_a_key_is_refused,
);

fn signs_with(server: &TestServer, key: &AccessKeyDto) -> Keys {
    Keys {
        access_key_id: key.access_key_id.clone(),
        access_key_secret: key.access_key_secret.expose().to_owned(),
        ..server.keys()
    }
}

fn pool_key() -> CreateAccessKey {
    CreateAccessKey { kind: "userpool".into(), ..CreateAccessKey::default() }
}

async fn a_key_signs_until_it_is_switched_off_or_deleted(engine: Engine) {
    let server = TestServer::shared(engine);
    let admin = server.admin();
    let key = admin.create_access_key(&pool_key()).await.unwrap().remove(0);
    assert_eq!((key.enable, key.status, &key.last_date), (true, AccessKeyStatus::Activated, &None));
    let own = signs_with(server, &key).admin();
    own.list_users(&ListUsers::default()).await.unwrap();
    let named = GetAccessKey { access_key_id: key.access_key_id.clone(), user_id: None };
    let shown = admin.get_access_key(&named).await.unwrap().remove(0);
    assert_eq!(shown.access_key_secret.expose(), "********");
    assert!(shown.last_date.is_some(), "it was used");

    let mut unknown = server.keys();
    unknown.access_key_id = "000000000000000000000000".into();
    let refusal = unknown.admin().list_users(&ListUsers::default()).await.unwrap_err();
    let id = key.access_key_id.clone();
    let switch = |enable| UpdateAccessKey { enable, access_key_id: id.clone() };
    let refused = async || {
        let said = own.list_users(&ListUsers::default()).await.unwrap_err();
        assert_eq!((said.code(), said.message()), (refusal.code(), refusal.message()));
        assert_eq!(said.code(), Some(1300));
    };
    assert!(admin.update_access_key(&switch(false)).await.unwrap().success);
    refused().await;
    let revoked =
        ListAccessKey { status: Some(vec![AccessKeyStatus::Revoked]), ..ListAccessKey::default() };
    let listed = admin.get_access_key_list(&revoked).await.unwrap();
    assert!(listed.iter().any(|other| other.access_key_id == id), "{listed:?}");
    admin.update_access_key(&switch(true)).await.unwrap();
    own.list_users(&ListUsers::default()).await.unwrap();
    admin.delete_access_key(&DeleteAccessKey { access_key_id: id.clone() }).await.unwrap();
    refused().await;
    assert_eq!(admin.get_access_key(&named).await.unwrap_err().status_code(), Some(404));
}

async fn attack_41_a_key_of_another_pool_answers_as_missing(engine: Engine) {
    let server = TestServer::shared(engine);
    let admin = server.admin();
    let mut said = Vec::new();
    for id in [OTHER.access_key_id, "000000000000000000000000"] {
        let id = id.to_owned();
        let named = GetAccessKey { access_key_id: id.clone(), user_id: None };
        let got = admin.get_access_key(&named).await.unwrap_err();
        let switch = UpdateAccessKey { enable: false, access_key_id: id.clone() };
        let switched = admin.update_access_key(&switch).await.unwrap_err();
        let deleted = DeleteAccessKey { access_key_id: id };
        let deleted = admin.delete_access_key(&deleted).await.unwrap_err();
        said.push([got, switched, deleted].map(|e| (e.status_code(), e.message().to_owned())));
    }
    assert_eq!(said[0], said[1]);
    assert_eq!(said[0][0].0, Some(404));
    let foreign = ListAccessKey { user_id: Some(OTHER.user_id.into()), ..ListAccessKey::default() };
    assert!(admin.get_access_key_list(&foreign).await.unwrap().is_empty());
    let user = CreateAccessKey { user_id: Some(OTHER.user_id.into()), ..pool_key() };
    assert_eq!(admin.create_access_key(&user).await.unwrap_err().code(), Some(2004));
    server.other().admin().list_users(&ListUsers::default()).await.unwrap();
}

async fn what_cannot_be_a_key_is_refused(engine: Engine) {
    let server = TestServer::start(engine);
    let admin = server.admin();
    let before = admin.get_access_key_list(&ListAccessKey::default()).await.unwrap().len();
    let kind = |kind: &str| CreateAccessKey { kind: kind.into(), ..CreateAccessKey::default() };
    let tenant = CreateAccessKey { tenant_id: Some("t".into()), ..pool_key() };
    for (request, status, field) in [
        (kind("nonsense"), 400, "type"),
        (kind("user"), 400, "userId"),
        (kind("tenant"), 501, "type"),
        (tenant, 501, "tenantId"),
    ] {
        let refused = admin.create_access_key(&request).await.unwrap_err();
        assert_eq!(refused.status_code(), Some(status), "{field}");
        assert!(refused.message().contains(field), "{}", refused.message());
    }
    let nameless = GetAccessKey::default();
    assert_eq!(admin.get_access_key(&nameless).await.unwrap_err().status_code(), Some(400));
    let after = admin.get_access_key_list(&ListAccessKey::default()).await.unwrap().len();
    assert_eq!(after, before, "nothing was made by a refusal");
}
