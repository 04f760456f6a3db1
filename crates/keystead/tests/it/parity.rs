//! The same story through every door leaves the same trace: one machine, thin edges.

use crate::browser::Browser;
use crate::database::Engine;
use crate::on_both;
use crate::raw::Raw;
use crate::server::TestServer;
use keystead_authing::v3::audit_logs::GetUserActionLogs;
use keystead_authing::v3::signin::{PasswordPayload, SignInByCredentials};
use keystead_authing::v3::users::{CreateUser, GetUser};

on_both!(a_sign_in_leaves_the_same_trace_at_every_door);

const PASSWORD: &str = "the same at every door";

/// A door that takes a name and a password.
#[derive(Clone, Copy, Debug)]
enum Door {
    V3,
    Page,
    OidcToken,
    OauthToken,
}

impl Door {
    const ALL: [Self; 4] = [Self::V3, Self::Page, Self::OidcToken, Self::OauthToken];

    /// Whether somebody gets in.
    async fn enter(self, server: &TestServer, name: &str, password: &str) -> bool {
        match self {
            Self::V3 => {
                let payload = PasswordPayload {
                    username: Some(name.to_owned()),
                    password: password.into(),
                    ..PasswordPayload::default()
                };
                server.anonymous().call(&SignInByCredentials::password(payload)).await.is_ok()
            }
            Self::Page => {
                let (mut browser, page) = Browser::at_sign_in(server, "").await;
                browser.post(&page, &[("identifier", name), ("password", password)]).await;
                browser.is_signed_in()
            }
            Self::OidcToken => Self::grant(server, "oidc", "openid", name, password).await,
            Self::OauthToken => Self::grant(server, "oauth", "user", name, password).await,
        }
    }

    async fn grant(server: &TestServer, at: &str, scope: &str, name: &str, with: &str) -> bool {
        let form = format!(
            "grant_type=password&scope={scope}&username={name}&password={}&client_id={}\
             &client_secret={}",
            with.replace(' ', "+"),
            server.dev("app_id"),
            server.dev("app_secret"),
        );
        let request = Raw::post(&format!("{}/{at}/token", server.url()), form)
            .header("content-type", "application/x-www-form-urlencoded");
        request.send().await.status == 200
    }
}

async fn a_sign_in_leaves_the_same_trace_at_every_door(engine: Engine) {
    let server = TestServer::shared(engine);
    let admin = server.admin();
    let mut traces = Vec::new();
    for door in Door::ALL {
        let name = format!("parity-{door:?}").to_lowercase();
        let user = CreateUser {
            username: Some(name.clone()),
            password: Some(PASSWORD.into()),
            ..CreateUser::default()
        };
        let user_id = admin.create_user(&user).await.unwrap().user_id;
        assert!(!door.enter(server, &name, "another").await, "{door:?}");
        assert!(door.enter(server, &name, PASSWORD).await, "{door:?}");
        let search =
            GetUserActionLogs { user_id: Some(user_id.clone()), ..GetUserActionLogs::default() };
        let log = admin.get_user_action_logs(&search).await.unwrap();
        let events: Vec<_> = log
            .list
            .iter()
            .map(|entry| (entry.event_type.clone(), entry.success, entry.app_id.clone()))
            .collect();
        let get = GetUser { user_id, ..GetUser::default() };
        let user = admin.get_user(&get).await.unwrap();
        traces.push((door, events, user.logins_count, user.last_ip, user.last_login.is_some()));
    }
    let (_, events, logins, ip, has_time) = &traces[0];
    assert!(events.iter().any(|(kind, success, _)| kind == "login" && *success), "{events:?}");
    assert!(events.iter().any(|(_, success, _)| !success), "{events:?}");
    assert_eq!((*logins, *has_time), (Some(1), true));
    for (door, others, other_logins, other_ip, _) in &traces {
        assert_eq!((others, other_logins, other_ip), (events, logins, ip), "{door:?}");
    }
}
