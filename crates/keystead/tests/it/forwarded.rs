//! What proxies and servers say about whom they speak for: addresses are believed from those who
//! may name them, and nothing that they say makes a link.

use crate::browser::{self, Browser};
use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::TestServer;
use keystead_authing::v3::audit_logs::GetUserActionLogs;
use keystead_authing::v3::users::{CreateUser, GetUser};
use serde_json::{Value, json};

on_both!(
    attack_29_what_proxies_say_makes_no_link,
    attack_29_a_forwarded_address_is_believed_from_trusted_proxies_alone,
    a_server_names_the_address_of_its_user,
);

const PASSWORD: &str = "a password of four words";
const CLAIMED: &str = "198.51.100.23";

async fn person(server: &TestServer, name: &str) -> String {
    let new = CreateUser {
        username: Some(name.into()),
        email: Some(format!("{name}@forwarded.example")),
        password: Some(PASSWORD.into()),
        ..CreateUser::default()
    };
    server.admin().create_user(&new).await.unwrap().user_id
}

fn sign_in(server: &TestServer, name: &str, options: Value, with_secret: bool) -> Raw {
    let mut body = json!({
        "connection": "PASSWORD",
        "passwordPayload": { "username": name, "password": PASSWORD },
        "options": options,
        "client_id": server.dev("app_id"),
    });
    if with_secret {
        body["client_secret"] = server.dev("app_secret").into();
    }
    Raw::post(&format!("{}/api/v3/signin", server.url()), body.to_string())
}

/// The address of the last sign-in, as the log and as the account show it.
async fn addresses(server: &TestServer, user: &str) -> (String, String) {
    let logins = GetUserActionLogs {
        event_type: Some("login".into()),
        user_id: Some(user.to_owned()),
        ..GetUserActionLogs::default()
    };
    let log = server.admin().get_user_action_logs(&logins).await.unwrap();
    let account = server.admin().get_user(&GetUser::by_id(user)).await.unwrap();
    (log.list[0].client_ip.clone().unwrap(), account.last_ip.unwrap())
}

async fn attack_29_what_proxies_say_makes_no_link(engine: Engine) {
    let server =
        TestServer::start_with(engine, &[("KEYSTEAD_HTTP_TRUSTED_PROXIES", "127.0.0.1, ::1")]);
    let hostile = |request: Raw| {
        request
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "https")
            .header("x-forwarded-port", "444")
            .header("forwarded", "for=1.1.1.1;host=evil.example;proto=https")
    };
    let discovery = format!("{}/oidc/.well-known/openid-configuration", server.url());
    let plain = Raw::get(&discovery).send().await;
    let said = hostile(Raw::get(&discovery)).send().await;
    assert_eq!((said.status, said.body), (200, plain.body));

    person(&server, "link").await;
    let (mut browser, page) = Browser::at_sign_in(&server, "").await;
    browser.extra = vec![
        ("x-forwarded-host", "evil.example".to_owned()),
        ("x-forwarded-proto", "https".to_owned()),
    ];
    let form = [("identifier", "link@forwarded.example")];
    assert_eq!(browser.post(&format!("{page}/forgot"), &form).await.status, 200);
    let mail = browser::message(&server, "link@forwarded.example", 0).await;
    let text = mail["text"].as_str().unwrap();
    assert!(!text.contains("evil"), "{text}");
    assert!(text.contains(&format!("{}/", server.url())), "{text}");
}

async fn attack_29_a_forwarded_address_is_believed_from_trusted_proxies_alone(engine: Engine) {
    let trusting =
        TestServer::start_with(engine, &[("KEYSTEAD_HTTP_TRUSTED_PROXIES", "127.0.0.1, ::1")]);
    for (server, seen) in [(&trusting, "203.0.113.9"), (TestServer::shared(engine), "127.0.0.1")] {
        let user = person(server, "behind").await;
        let answer = sign_in(server, "behind", json!({}), true)
            .header("x-forwarded-for", "1.1.1.1, 203.0.113.9")
            .header("x-real-ip", "2.2.2.2")
            .send()
            .await;
        assert_eq!(answer.json()["statusCode"], 200, "{}", answer.text());
        assert_eq!(addresses(server, &user).await, (seen.to_owned(), seen.to_owned()));
    }
}

async fn a_server_names_the_address_of_its_user(engine: Engine) {
    let server = TestServer::shared(engine);
    let user = person(server, "claimed").await;
    for (said, shown) in [(CLAIMED, CLAIMED), ("\u{1b}[2J', 1.1.1.1", "127.0.0.1")] {
        let options = json!({ "clientIp": said });
        let answer = sign_in(server, "claimed", options, true).send().await;
        assert_eq!(answer.json()["statusCode"], 200, "{}", answer.text());
        let expected = ("127.0.0.1".to_owned(), shown.to_owned());
        assert_eq!(addresses(server, &user).await, expected, "{said}");
    }
}
