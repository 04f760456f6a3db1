//! Signing in with a password through V3.

use crate::database::Engine;
use crate::on_both;
use crate::server::TestServer;
use keystead_authing::v3::signin::{PasswordPayload, SignInByCredentials};
use keystead_authing::v3::users::CreateUser;

on_both!(
    a_user_signs_in_by_any_name,
    a_wrong_password_and_an_unknown_account_are_told_apart_only_in_development,
    the_seeded_people_sign_in,
);

const PASSWORD: &str = "a password of four words";

fn payload(password: &str, set: impl FnOnce(&mut PasswordPayload)) -> SignInByCredentials {
    let mut payload = PasswordPayload { password: password.into(), ..PasswordPayload::default() };
    set(&mut payload);
    SignInByCredentials::password(payload)
}

async fn a_user_signs_in_by_any_name(engine: Engine) {
    let server = TestServer::shared(engine);
    let new = CreateUser {
        email: Some("sue@signin.example".into()),
        username: Some("sue".into()),
        phone: Some("13900000002".into()),
        password: Some(PASSWORD.into()),
        ..CreateUser::default()
    };
    server.admin().create_user(&new).await.unwrap();
    let application = server.anonymous();
    let own = |text: &str| Some(text.to_owned());
    for (name, request) in [
        ("email", payload(PASSWORD, |p| p.email = own("sue@signin.example"))),
        ("username", payload(PASSWORD, |p| p.username = own("sue"))),
        ("phone", payload(PASSWORD, |p| p.phone = own("13900000002"))),
        ("account is an email", payload(PASSWORD, |p| p.account = own("sue@signin.example"))),
        ("account is a name", payload(PASSWORD, |p| p.account = own("sue"))),
        ("account is a number", payload(PASSWORD, |p| p.account = own("13900000002"))),
    ] {
        let tokens = application.call(&request).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(tokens.access_token.is_some() && tokens.id_token.is_some(), "{name}");
        assert_eq!((tokens.token_type.as_str(), tokens.expire_in), ("Bearer", 3_600), "{name}");
    }
}

async fn a_wrong_password_and_an_unknown_account_are_told_apart_only_in_development(
    engine: Engine,
) {
    let server = TestServer::shared(engine);
    let new = CreateUser {
        username: Some("wrong".into()),
        password: Some(PASSWORD.into()),
        ..CreateUser::default()
    };
    server.admin().create_user(&new).await.unwrap();
    let code = async |application: &keystead_authing::AuthenticationClient, name: &str| {
        let request = payload("not it", |p| p.username = Some(name.to_owned()));
        application.call(&request).await.unwrap_err().code()
    };
    let (development, other) = (server.anonymous(), server.other().anonymous());
    assert_eq!(code(&development, "wrong").await, Some(2006));
    assert_eq!(code(&development, "nobody-here").await, Some(2004));
    assert_eq!(code(&other, "nobody-here").await, Some(2333));
    assert_eq!(code(&other, "wrong").await, Some(2333));
}

async fn the_seeded_people_sign_in(engine: Engine) {
    let server = TestServer::shared(engine);
    for (email, password) in [("user_email", "user_password"), ("admin_email", "admin_password")] {
        let (email, password) = (server.dev(email), server.dev(password));
        let request = payload(password, |p| p.email = Some(email.to_owned()));
        server.anonymous().call(&request).await.unwrap();
        let foreign = server.other().anonymous().call(&request).await.unwrap_err();
        assert_eq!(foreign.code(), Some(2333), "the other pool knows nobody of this one");
    }
}
