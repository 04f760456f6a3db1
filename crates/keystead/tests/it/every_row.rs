//! Attacks on every row of V3, made from its description: a new row is under them at once.

mod request;

use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::{OTHER, TestServer};
use futures_util::future::join_all;
use keystead_authing::v3::access_keys::{CreateAccessKey, ListAccessKey};
use keystead_authing::v3::roles::{CreateRole, ListRoles};
use keystead_authing::v3::users::{CreateUser, ListUsers};
use request::{Fixtures, Leaf, operations};
use serde_json::{Value, json};

on_both!(
    attack_41_ids_of_another_pool_are_missing_in_every_row,
    attack_44_hostile_texts_in_every_field,
    attack_52_pages_and_floods_in_every_row,
);

const PASSWORD: &str = "a password of four words";
/// Rows whose id of another pool must be refused as one that does not exist, in every such field.
const REFUSED: &[&str] = &[
    "assign-role",
    "assign-role-batch",
    "check-session-status",
    "create-access-key",
    "delete-access-key",
    "delete-roles-batch",
    "delete-users-batch",
    "get-access-key",
    "get-role",
    "get-user",
    "get-user-accessible-apps",
    "get-user-authorized-apps",
    "get-user-identities",
    "get-user-loggedin-apps",
    "get-user-logged-in-identities",
    "get-user-login-history",
    "get-user-mfa-info",
    "get-user-principal-authentication-info",
    "kick-users",
    "list-role-assignments",
    "list-role-members",
    "multiple-namespace-delete-roles-batch",
    "resign-user",
    "resign-user-batch",
    "revoke-role",
    "revoke-role-batch",
    "set-custom-data",
    "update-access-key",
    "update-role",
    "update-user",
    "update-user-batch",
];

/// Lists whose members are but switched on.
const FLAGS: &[&str] = &["fuzzySearchOn"];

/// A server of its own with something of each kind in both pools.
async fn start(engine: Engine) -> (TestServer, Fixtures) {
    let server = TestServer::start(engine);
    let admin = server.admin();
    let new = CreateUser {
        username: Some("rows".into()),
        email: Some("rows@rows.example".into()),
        password: Some(PASSWORD.into()),
        ..CreateUser::default()
    };
    let user_id = admin.create_user(&new).await.unwrap().user_id;
    let role = |code: &str| CreateRole { code: code.into(), ..CreateRole::default() };
    admin.create_role(&role("rows-role")).await.unwrap();
    server.other().admin().create_role(&role("their-role")).await.unwrap();
    let key = CreateAccessKey { kind: "userpool".into(), ..CreateAccessKey::default() };
    let key = admin.create_access_key(&key).await.unwrap().remove(0);
    let body = json!({"client_id": server.dev("app_id"), "client_secret": server.dev("app_secret"),
        "connection": "PASSWORD", "passwordPayload": {"username": "rows", "password": PASSWORD}});
    let url = format!("{}/api/v3/signin", server.url());
    let tokens = Raw::post(&url, body.to_string()).send().await.json();
    let fixtures = Fixtures {
        user_id,
        role: "rows-role".into(),
        access_key_id: key.access_key_id,
        access_token: tokens["data"]["access_token"].as_str().unwrap().to_owned(),
    };
    (server, fixtures)
}

/// What an administrator of the other pool sees.
async fn theirs(server: &TestServer) -> String {
    let admin = server.other().admin();
    let users = admin.list_users(&ListUsers::default()).await.unwrap();
    let roles = admin.list_roles(&ListRoles::default()).await.unwrap();
    let mut keys = admin.get_access_key_list(&ListAccessKey::default()).await.unwrap();
    // The key that this list is asked for with was used just now.
    keys.iter_mut().for_each(|key| key.last_date = None);
    format!("{:?} {:?} {keys:?}", users.list, roles.list)
}

async fn attack_41_ids_of_another_pool_are_missing_in_every_row(engine: Engine) {
    let (server, fixtures) = start(engine).await;
    let before = theirs(&server).await;
    let foreign = [OTHER.user_id, OTHER.access_key_id, OTHER.app_id, OTHER.pool_id, "their-role"];
    let mut refused = Vec::new();
    for operation in operations() {
        for leaf in operation.leaves().into_iter().filter(Leaf::names_something) {
            for id in foreign {
                let missing = id.replace(['0', 't'], "9");
                let ask = async |id: &str| {
                    let answer = operation.send(&server, &fixtures, &leaf, &json!(id)).await;
                    let mut said = answer.json();
                    said.as_object_mut().unwrap().remove("requestId");
                    if said["statusCode"] == 200 && !operation.reads() {
                        said.as_object_mut().unwrap().remove("data");
                    }
                    (said["statusCode"].clone(), said.to_string().replace(id, "<id>"))
                };
                let (status, said) = ask(id).await;
                let what = format!("{} {leaf} = {id}", operation.name());
                assert_eq!((status.clone(), said), ask(&missing).await, "{what}");
                if status == 404 {
                    refused.push(operation.name());
                }
            }
        }
    }
    for name in REFUSED {
        assert!(refused.contains(name), "{name} refused no id");
    }
    assert_eq!(theirs(&server).await, before, "nothing of the other pool has changed");
}

async fn attack_44_hostile_texts_in_every_field(engine: Engine) {
    let (server, fixtures) = start(engine).await;
    let hostile = [
        json!("x' OR '1'='1"),
        json!("\"; DROP TABLE users; --"),
        json!("%"),
        json!("a\u{0}b\r\nSet-Cookie: x=1"),
        json!("x".repeat(30_000)),
        json!({"$ne": null}),
        json!(["x", {"a": []}]),
        json!(-9_223_372_036_854_775_808_i64),
    ];
    for operation in operations() {
        for leaf in operation.leaves() {
            let sent = hostile.iter().map(|value| async {
                let answer = operation.send(&server, &fixtures, &leaf, value).await;
                let shown: String = value.to_string().chars().take(40).collect();
                let what = format!("{} {leaf} = {shown}: {}", operation.name(), answer.text());
                is_a_decision(&answer.json(), &what);
                assert!(answer.header("set-cookie").is_empty(), "{what}");
            });
            join_all(sent).await;
        }
    }
    // All tables stand, and the only ones who were made are those a row may make.
    let users = server.admin().list_users(&ListUsers::default()).await.unwrap();
    assert!(users.total_count >= 2, "{users:?}");
}

async fn attack_52_pages_and_floods_in_every_row(engine: Engine) {
    let (server, fixtures) = start(engine).await;
    let mut lists = 0;
    for operation in operations() {
        for leaf in operation.leaves() {
            let values = match leaf.name() {
                "page" => vec![json!(0), json!(-1), json!(1_000_000_000), json!(1.5)],
                "limit" => vec![json!(0), json!(-1), json!(51), json!(1_000_000_000)],
                _ => Vec::new(),
            };
            lists += usize::from(!values.is_empty());
            for value in values {
                let said = operation.send(&server, &fixtures, &leaf, &value).await.json();
                let what = format!("{} {leaf} = {value}: {said}", operation.name());
                assert_eq!(said["statusCode"], 400, "{what}");
                assert!(said["message"].as_str().unwrap().contains(leaf.name()), "{what}");
            }
        }
        for list in operation.lists() {
            let (within, beyond) = operation.floods(&server, &fixtures, &list);
            // What is over the limit may stay unread; then the connection ends.
            if let Some(answer) = beyond.try_send().await {
                assert_eq!(answer.json()["statusCode"], 413, "{} {list}", operation.name());
            }
            let answer = within.send().await;
            let text: String = answer.text().chars().take(200).collect();
            let what = format!("{} {list}: {text}", operation.name());
            is_a_decision(&answer.json(), &what);
            assert!(answer.json()["statusCode"] != 200 || FLAGS.contains(&list.name()), "{what}");
        }
    }
    server.admin().list_users(&ListUsers::default()).await.unwrap();
    assert!(lists >= 20, "{lists} fields of pages");
}

/// Done or refused for a reason, never failed; a refusal says something.
fn is_a_decision(said: &Value, what: &str) {
    let status = said["statusCode"].as_u64().unwrap_or_default();
    assert!(matches!(status, 200 | 400..=499 | 501), "{what}");
    let message = said["message"].as_str().unwrap_or_default();
    assert!(status == 200 || !message.is_empty(), "{what}");
}
