//! What `endpoints!` makes: rows, a client's methods, newtypes and the list.
#![allow(missing_docs, reason = "a test has no readers of its documentation")]
#![allow(clippy::unwrap_used, reason = "a test may die")]

use keystead_endpoint::{
    Answer, Body, Caller, Endpoint, EndpointRow, Input, Repeat, Reply, decode, endpoints,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub struct CreateRole {
    code: String,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct UserIdReq {
    user_id: String,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
pub struct Done {
    success: bool,
}

#[derive(Serialize, Deserialize)]
pub struct GetRole {}

/// Only the server reads it: no `Serialize`.
#[derive(Deserialize)]
pub struct Authorize {}

mod roles {
    use super::{CreateRole, Done, GetRole, UserIdReq, endpoints};

    #[cfg(feature = "client")]
    pub struct Client;

    #[cfg(feature = "client")]
    impl Client {
        async fn call<E>(&self, request: &E) -> Result<E::Response, keystead_endpoint::SdkError>
        where
            E: keystead_endpoint::Endpoint + serde::Serialize,
        {
            let echo = serde_json::to_string(request).unwrap();
            let reply = keystead_endpoint::Reply::json(&Done { success: echo.contains("x") });
            keystead_endpoint::Respond::receive(E::ROW, reply)
        }
    }

    endpoints! { Client, "roles";
        /// Create a role.
        /// Its code is unique.
        POST "/api/v3/create-role" create_role(CreateRole) -> Done, Admin "role:create";
        /// Mark a user as having left.
        POST "/api/v3/resign-user" | "/resign-user" resign_user(ResignUser = UserIdReq) -> Done,
            Admin "user:update", body Form, answer Bare;
        /// Look at a role.
        GET "/api/v3/get-role" get_role(GetRole) -> Done, User "", answer Both, repeat Once;
    }
}

mod pages {
    use super::{Authorize, Reply, UserIdReq, endpoints};

    endpoints! { "oidc";
        /// The authorization endpoint.
        GET "/oidc/auth" authorize(Authorize) -> Reply, Open "", answer Page;
        /// The same by POST.
        POST "/oidc/auth" authorize_post(AuthorizePost = Authorize) -> Reply, Open "",
            body Form, answer Page, repeat Safe;
        /// Remove one.
        DELETE "/users/{user_id}" remove(Remove = UserIdReq) -> Reply, Client "";
    }
}

#[test]
fn a_row_says_what_was_written() {
    let expected = EndpointRow {
        name: "resign_user",
        method: "POST",
        paths: &["/api/v3/resign-user", "/resign-user"],
        caller: Caller::Admin,
        permission: "user:update",
        body: Body::Form,
        answer: Answer::Bare,
        repeat: Repeat::Once,
        area: "roles",
        doc: "Mark a user as having left.",
    };
    assert_eq!(*roles::ResignUser::ROW, expected);
    assert_eq!(expected.path(), "/api/v3/resign-user");
    assert_eq!(CreateRole::ROW.doc, "Create a role. Its code is unique.");
}

#[test]
fn defaults_follow_the_method() {
    let seen = |row: &EndpointRow| (row.body, row.answer, row.repeat);
    assert_eq!(seen(CreateRole::ROW), (Body::Json, Answer::Envelope, Repeat::Once));
    assert_eq!(seen(GetRole::ROW), (Body::Query, Answer::Both, Repeat::Once));
    assert_eq!(seen(Authorize::ROW), (Body::Query, Answer::Page, Repeat::Safe));
    assert_eq!(seen(pages::AuthorizePost::ROW), (Body::Form, Answer::Page, Repeat::Safe));
    assert_eq!(seen(pages::Remove::ROW), (Body::Query, Answer::Envelope, Repeat::Once));
}

#[test]
fn the_list_has_every_row_in_order() {
    let names = |rows: &[&EndpointRow]| rows.iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names(roles::ENDPOINTS), ["create_role", "resign_user", "get_role"]);
    assert_eq!(names(pages::ENDPOINTS), ["authorize", "authorize_post", "remove"]);
}

#[test]
fn newtypes_decode_like_what_they_wrap() {
    let input = Input { path: &[], query: "", body: b"user_id=u1" };
    let request: roles::ResignUser = decode(roles::ResignUser::ROW, &input).unwrap();
    assert_eq!(request.0.user_id, "u1");
    let input = Input { path: &[("user_id", "u2")], query: "", body: b"" };
    assert_eq!(decode::<pages::Remove>(pages::Remove::ROW, &input).unwrap().0.user_id, "u2");
}

#[cfg(feature = "client")]
#[tokio::test]
async fn a_client_has_a_method_for_each_row() {
    let client = roles::Client;
    let done = client.create_role(&CreateRole { code: "x".into() }).await.unwrap();
    assert_eq!(done, Done { success: true });
    let request = roles::ResignUser::from(UserIdReq { user_id: "u".into() });
    assert!(!client.resign_user(&request).await.unwrap().success);
    assert!(!client.get_role(&GetRole {}).await.unwrap().success);
}
