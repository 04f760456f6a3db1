//! The clients' manners from outside: patience, errors, lists and sign-ins, against a stand-in.
#![cfg(feature = "client")]
#![allow(missing_docs, reason = "a test has no readers of its documentation")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may die")]

use keystead_authing::v3::access_keys::ListAccessKey;
use keystead_authing::v3::audit_logs::GetAdminAuditLogs;
use keystead_authing::v3::custom_fields::ListCustomFields;
use keystead_authing::v3::mine::{GetLoginHistory, GetRoleList};
use keystead_authing::v3::roles::{CreateRole, ListRoleAssignments, ListRoles, TargetType};
use keystead_authing::v3::signin::SignInOptions;
use keystead_authing::v3::signup::{SignUpOptions, SignUpProfile};
use keystead_authing::v3::users::{GetUser, ListUsers};
use keystead_authing::{AuthenticationClient, ManagementClient, Retry};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers connection after connection with these texts, an empty one cutting it off; what came
/// after the last is not answered.
struct StandIn {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl StandIn {
    async fn new(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        tokio::spawn(async move {
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = vec![0; 8192];
                let read = stream.read(&mut bytes).await.unwrap();
                log.lock().unwrap().push(String::from_utf8_lossy(&bytes[..read]).into_owned());
                stream.write_all(answer.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        });
        Self { url, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// The first line and the JSON body of each request.
    fn calls(&self) -> Vec<(String, Value)> {
        let call = |text: &String| {
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            let line = head.split(" HTTP/1.1").next().unwrap().to_owned();
            (line, serde_json::from_str(body).unwrap_or_default())
        };
        self.seen().iter().map(call).collect()
    }

    fn admin(&self) -> ManagementClient {
        let builder = ManagementClient::builder().access_key_id("AK").access_key_secret("SK");
        let builder = builder.host(&self.url).timeout(Duration::from_secs(5));
        builder.transport(|http| http.retry(quick())).build().unwrap()
    }

    fn application(&self) -> AuthenticationClient {
        let builder = AuthenticationClient::builder().app_id("app").app_secret("s");
        let builder = builder.app_host(&self.url).access_token("at").lang("ja-JP");
        builder.transport(|http| http.retry(quick())).build().unwrap()
    }
}

fn quick() -> Retry {
    Retry { limit: 2, first: Duration::from_millis(1), ..Retry::default() }
}

fn http(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\n{headers}connection: close\r\n\r\n\
         {body}"
    )
}

fn refused(status: u16, code: u32, headers: &str) -> String {
    let body = json!({ "statusCode": status, "apiCode": code, "message": "no", "requestId": "r1" });
    http(200, headers, &body.to_string())
}

fn good(data: Value) -> String {
    http(200, "", &json!({ "statusCode": 200, "message": "", "data": data }).to_string())
}

fn role(code: &str) -> Value {
    json!({ "id": code, "code": code, "name": code, "namespace": "default",
        "namespaceName": "Default", "status": "ENABLE", "enablePermissionApply": false })
}

fn create() -> CreateRole {
    CreateRole { code: "c".into(), ..CreateRole::default() }
}

#[tokio::test]
async fn later_is_asked_again_in_the_envelope_or_outside_it() {
    for first in [
        refused(429, 499, "retry-after: 0\r\n"),
        refused(502, 1, ""),
        refused(503, 1, ""),
        refused(504, 1, ""),
        http(429, "retry-after: 0\r\n", ""),
        http(502, "", "<html>"),
        http(503, "", ""),
        http(504, "", ""),
    ] {
        let server = StandIn::new(vec![first, good(json!({ "success": true }))]).await;
        let answer = server.admin().request("POST", "/api/v3/x", &json!({})).await.unwrap();
        assert_eq!((answer, server.seen().len()), (json!({ "success": true }), 2));
    }
}

#[tokio::test]
async fn other_refusals_and_long_waits_end_the_call_at_once() {
    for first in [refused(400, 1, ""), refused(500, 1, ""), http(500, "", "")] {
        let server = StandIn::new(vec![first, good(json!(1))]).await;
        let error = server.admin().create_role(&create()).await.unwrap_err();
        assert!(error.is_business() && server.seen().len() == 1, "{error}");
    }
    let server = StandIn::new(vec![refused(429, 499, "retry-after: 3600\r\n")]).await;
    let error = server.admin().create_role(&create()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3_600)));

    let busy = refused(503, 7, "");
    let server = StandIn::new(vec![busy; 4]).await;
    let error = server.admin().create_role(&create()).await.unwrap_err();
    assert_eq!((error.status_code(), server.seen().len()), (Some(503), 3));
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_again_only_for_calls_that_read() {
    let page = good(json!({ "totalCount": 0, "list": [] }));
    let server = StandIn::new(vec![String::new(), page]).await;
    assert!(server.admin().list_users(&ListUsers::default()).await.unwrap().list.is_empty());
    let server = StandIn::new(vec![String::new(), good(role("c"))]).await;
    let error = server.admin().create_role(&create()).await.unwrap_err();
    assert!(error.is_transport() && !error.is_connect(), "{error:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn errors_say_what_they_are() {
    let server = StandIn::new(vec![refused(404, 2004, "")]).await;
    let error = server.admin().get_user(&GetUser::by_id("u")).await.unwrap_err();
    assert!(error.is_business() && !error.is_transport() && !error.is_decoding());
    assert_eq!((error.status(), error.status_code()), (Some(200), Some(404)));
    assert_eq!((error.api_code(), error.request_id()), (Some(2004), Some("r1")));
    assert_eq!(error.to_string(), "refused with 404 (code 2004): no [request r1]");

    let server = StandIn::new(vec![good(json!({ "code": 5 }))]).await;
    let error = server.admin().create_role(&create()).await.unwrap_err();
    assert!(error.is_decoding() && error.message().contains("create_role"), "{error}");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let slow = ManagementClient::builder().access_key_id("AK").access_key_secret("SK").host(host);
    let slow = slow.timeout(Duration::from_millis(20)).build().unwrap();
    let error = slow.create_role(&create()).await.unwrap_err();
    assert!(error.is_transport() && error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn lists_of_administrators_are_streams() {
    let list = |total: u64, codes: &[&str]| {
        let list: Vec<_> = codes.iter().map(|code| role(code)).collect();
        good(json!({ "totalCount": total, "list": list }))
    };
    let server = StandIn::new(vec![list(3, &["a", "b"]), list(3, &["c"])]).await;
    let roles = ListRoles { limit: Some(2), page: Some(9), ..ListRoles::default() };
    let mut roles = server.admin().pages(roles).items();
    let mut codes = Vec::new();
    while let Some(role) = roles.next().await {
        codes.push(role.unwrap().code);
    }
    assert_eq!(codes, ["a", "b", "c"]);
    let lines: Vec<_> = server.calls().into_iter().map(|(line, _)| line).collect();
    let expected =
        ["GET /api/v3/list-roles?limit=2&page=1", "GET /api/v3/list-roles?limit=2&page=2"];
    assert_eq!(lines, expected);

    let empty = || good(json!({ "totalCount": 0, "list": [], "data": [] }));
    let server = StandIn::new(vec![empty(), empty(), empty(), good(json!([]))]).await;
    let admin = server.admin();
    assert!(admin.pages(GetAdminAuditLogs::default()).all().await.unwrap().is_empty());
    let fields = ListCustomFields::of(TargetType::User);
    assert!(admin.pages(fields).all().await.unwrap().is_empty());
    let assignments = ListRoleAssignments { role_code: "c".into(), ..Default::default() };
    assert!(admin.pages(assignments).all().await.unwrap().is_empty());
    assert!(admin.pages(ListAccessKey::default()).all().await.unwrap().is_empty());
    let calls = server.calls();
    assert_eq!(calls[0].1, json!({ "pagination": { "limit": 50, "page": 1 } }));
    assert!(calls[1].0.ends_with("?limit=50&page=1&targetType=USER"), "{}", calls[1].0);
    assert!(calls[2].0.ends_with("?limit=50&page=1&roleCode=c"), "{}", calls[2].0);
    assert_eq!(calls[3].0, "GET /api/v3/list-access-key");
}

#[tokio::test]
async fn lists_of_a_user_are_streams_and_end_with_an_error() {
    let answers = vec![
        good(json!([role("a"), role("b")])),
        good(json!({ "totalCount": 9, "list": [] })),
        refused(401, 1, ""),
    ];
    let server = StandIn::new(answers).await;
    let user = server.application();
    assert_eq!(user.pages(GetRoleList::default()).all().await.unwrap().len(), 2);
    assert!(user.pages(GetLoginHistory::default()).all().await.unwrap().is_empty());
    let mut history = user.pages(GetLoginHistory::default());
    assert_eq!(history.next().await.unwrap().unwrap_err().status_code(), Some(401));
    assert!(history.next().await.is_none());
    let seen = server.seen();
    assert!(seen.iter().all(|call| call.contains("authorization: Bearer at\r\n")));
    assert!(seen.iter().all(|call| call.contains("x-authing-lang: ja-JP\r\n")));
}

#[tokio::test]
async fn each_way_to_sign_in_fills_its_payload() {
    let token = || good(json!({ "token_type": "Bearer", "expire_in": 60 }));
    let server = StandIn::new((0..8).map(|_| token()).collect()).await;
    let client = server.application();
    let options = || Some(SignInOptions { scope: Some("openid".into()), ..Default::default() });
    client.sign_in_by_email_password("e@x", "p", options()).await.unwrap();
    client.sign_in_by_phone_password("1", "p", None).await.unwrap();
    client.sign_in_by_username_password("u", "p", None).await.unwrap();
    client.sign_in_by_account_password("a", "p", None).await.unwrap();
    client.sign_in_by_email_pass_code("e@x", "c", options()).await.unwrap();
    client.sign_in_by_phone_pass_code(("+44", "1"), "c", None).await.unwrap();
    client.sign_in_by_ad("s", "p", None).await.unwrap();
    client.sign_in_by_ldap("s", "p", options()).await.unwrap();

    let scope = json!({ "scope": "openid" });
    let directory = json!({ "sAMAccountName": "s", "password": "p" });
    let expected = [
        json!({ "connection": "PASSWORD", "passwordPayload": { "email": "e@x", "password": "p" },
            "options": scope }),
        json!({ "connection": "PASSWORD", "passwordPayload": { "phone": "1", "password": "p" } }),
        json!({ "connection": "PASSWORD",
            "passwordPayload": { "username": "u", "password": "p" } }),
        json!({ "connection": "PASSWORD", "passwordPayload": { "account": "a", "password": "p" } }),
        json!({ "connection": "PASSCODE", "passCodePayload": { "email": "e@x", "passCode": "c" },
            "options": scope }),
        json!({ "connection": "PASSCODE", "passCodePayload":
            { "phone": "1", "phoneCountryCode": "+44", "passCode": "c" } }),
        json!({ "connection": "AD", "adPayload": directory }),
        json!({ "connection": "LDAP", "ldapPayload": directory, "options": scope }),
    ];
    for ((line, body), mut expected) in server.calls().into_iter().zip(expected) {
        expected["client_id"] = json!("app");
        expected["client_secret"] = json!("s");
        assert_eq!((line.as_str(), body), ("POST /api/v3/signin", expected));
    }
}

#[tokio::test]
async fn each_way_to_sign_up_fills_its_payload() {
    let user = || {
        good(json!({ "userId": "u", "createdAt": "", "updatedAt": "", "status": "Activated",
            "workStatus": "Active", "gender": "U", "emailVerified": false, "phoneVerified": false,
            "userSourceType": "register" }))
    };
    let server = StandIn::new((0..4).map(|_| user()).collect()).await;
    let client = server.application();
    let profile = || Some(SignUpProfile { name: Some("N".into()), ..Default::default() });
    let client_ip = || Some("1.2.3.4".to_owned());
    let options = || Some(SignUpOptions { client_ip: client_ip(), ..Default::default() });
    client.sign_up_by_email_password("e@x", "p", profile(), None).await.unwrap();
    client.sign_up_by_username_password("u", "p", None, options()).await.unwrap();
    client.sign_up_by_email_code("e@x", "c", None, None).await.unwrap();
    client.sign_up_by_phone_code("+441", "c", profile(), options()).await.unwrap();

    let (profile, options) = (json!({ "name": "N" }), json!({ "clientIp": "1.2.3.4" }));
    let expected = [
        json!({ "connection": "PASSWORD", "passwordPayload": { "email": "e@x", "password": "p" },
            "profile": profile }),
        json!({ "connection": "PASSWORD", "passwordPayload": { "username": "u", "password": "p" },
            "options": options }),
        json!({ "connection": "PASSCODE", "passCodePayload": { "email": "e@x", "passCode": "c" } }),
        json!({ "connection": "PASSCODE", "passCodePayload": { "phone": "+441", "passCode": "c" },
            "profile": profile, "options": options }),
    ];
    for ((line, body), expected) in server.calls().into_iter().zip(expected) {
        assert_eq!((line.as_str(), body), ("POST /api/v3/signup", expected));
    }
}
