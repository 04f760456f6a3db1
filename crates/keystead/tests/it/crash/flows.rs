//! The flows that a kill cuts in the middle, a line for each.

use super::client::{By, Client, PASSWORD, Step, phone};
use futures_util::future::{BoxFuture, FutureExt as _};
use serde_json::json;

/// A flow, with users of its own.
pub type Flow = for<'c> fn(&'c mut Client) -> BoxFuture<'c, Step<()>>;

const NEXT: &str = "another password of words";

/// **A new flow is one line here.**
pub const FLOWS: &[(&str, Flow)] = &[
    ("sign-in by password, refresh", |c| password(c).boxed()),
    ("sign-in by e-mail code", |c| email_code(c).boxed()),
    ("sign-in by text message", |c| sms_code(c).boxed()),
    ("sign-up by password", |c| sign_up(c).boxed()),
    ("sign-up by code", |c| sign_up_by_code(c).boxed()),
    ("forgotten password", |c| forgotten(c).boxed()),
    ("changed password", |c| changed(c).boxed()),
    ("changed address", |c| contact(c).boxed()),
    ("bound and unbound number", |c| bound(c).boxed()),
    ("deleted account", |c| deletion(c).boxed()),
    ("roles in a batch", |c| roles(c).boxed()),
    ("users in a batch", |c| users(c).boxed()),
];

async fn password(c: &mut Client) -> Step<()> {
    let (email, _) = c.newcomer().await?;
    c.sign_in(&email).await?;
    for _ in 0..3 {
        c.refresh(&email).await?;
    }
    Ok(())
}

async fn email_code(c: &mut Client) -> Step<()> {
    let (email, _) = c.newcomer().await?;
    let code = c.code(&email, "CHANNEL_LOGIN").await?;
    let body = json!({"connection": "PASSCODE",
        "passCodePayload": {"email": email, "passCode": code}});
    c.once("signin", By::Application, body).await.map(|_| ())
}

async fn sms_code(c: &mut Client) -> Step<()> {
    let phone = phone();
    let code = c.code(&phone, "CHANNEL_LOGIN").await?;
    let body = json!({"connection": "PASSCODE", "options": {"autoRegister": true},
        "passCodePayload": {"phone": phone, "passCode": code}});
    c.once("signin", By::Application, body).await?;
    c.know_user("phone", &phone, true);
    Ok(())
}

async fn sign_up(c: &mut Client) -> Step<()> {
    let email = c.email();
    let body = json!({"connection": "PASSWORD",
        "passwordPayload": {"email": email, "password": PASSWORD}});
    c.call("signup", By::Application, body).await?;
    c.know_user("email", &email, true);
    c.know_password(&email, &[PASSWORD]);
    c.sign_in(&email).await.map(|_| ())
}

async fn sign_up_by_code(c: &mut Client) -> Step<()> {
    let email = c.email();
    let code = c.code(&email, "CHANNEL_REGISTER").await?;
    let body = json!({"connection": "PASSCODE",
        "passCodePayload": {"email": email, "passCode": code}});
    c.once("signup", By::Application, body).await?;
    c.know_user("email", &email, true);
    Ok(())
}

async fn forgotten(c: &mut Client) -> Step<()> {
    let (email, _) = c.newcomer().await?;
    c.know_password(&email, &[PASSWORD]);
    let code = c.code(&email, "CHANNEL_RESET_PASSWORD").await?;
    let proof = json!({"verifyMethod": "EMAIL_PASSCODE",
        "emailPassCodePayload": {"email": email, "passCode": code}});
    let proved = c.once("verify-reset-password-request", By::Application, proof).await?;
    c.know_password(&email, &[PASSWORD, NEXT]);
    let reset = json!({"password": NEXT, "passwordResetToken": proved["passwordResetToken"]});
    c.once("reset-password", By::Application, reset).await?;
    c.know_password(&email, &[NEXT]);
    Ok(())
}

async fn changed(c: &mut Client) -> Step<()> {
    let (email, _) = c.newcomer().await?;
    let token = c.sign_in(&email).await?;
    c.know_password(&email, &[PASSWORD, NEXT]);
    let body = json!({"oldPassword": PASSWORD, "newPassword": NEXT});
    c.call("update-password", By::User(token), body).await?;
    c.know_password(&email, &[NEXT]);
    Ok(())
}

async fn contact(c: &mut Client) -> Step<()> {
    let ((old, _), new) = (c.newcomer().await?, c.email());
    let token = c.sign_in(&old).await?;
    let old_code = c.code(&old, "CHANNEL_UPDATE_EMAIL").await?;
    let new_code = c.code(&new, "CHANNEL_UPDATE_EMAIL").await?;
    let proof = json!({"verifyMethod": "EMAIL_PASSCODE", "emailPassCodePayload": {
        "newEmail": new, "newEmailPassCode": new_code,
        "oldEmail": old, "oldEmailPassCode": old_code}});
    let by = By::User(token);
    let proved = c.once("verify-update-email-request", by.clone(), proof).await?;
    c.know_user("email", &new, false);
    c.unsure(&old);
    c.unsure(&new);
    let body = json!({"updateEmailToken": proved["updateEmailToken"]});
    c.once("update-email", by, body).await?;
    c.know_user("email", &old, false);
    c.know_user("email", &new, true);
    Ok(())
}

async fn bound(c: &mut Client) -> Step<()> {
    let ((email, _), phone) = (c.newcomer().await?, phone());
    let by = By::User(c.sign_in(&email).await?);
    let code = c.code(&phone, "CHANNEL_BIND_PHONE").await?;
    let body = json!({"phoneNumber": phone, "passCode": code});
    c.once("bind-phone", by.clone(), body).await?;
    c.know_user("phone", &phone, true);
    let code = c.code(&phone, "CHANNEL_UNBIND_PHONE").await?;
    c.unsure(&phone);
    c.once("unbind-phone", by, json!({"passCode": code})).await?;
    c.know_user("phone", &phone, false);
    c.know_user("email", &email, true);
    Ok(())
}

async fn deletion(c: &mut Client) -> Step<()> {
    let (email, _) = c.newcomer().await?;
    let by = By::User(c.sign_in(&email).await?);
    let proof = json!({"verifyMethod": "PASSWORD", "passwordPayload": {"password": PASSWORD}});
    let proved = c.call("verify-delete-account-request", by.clone(), proof).await?;
    c.unsure(&email);
    let body = json!({"deleteAccountToken": proved["deleteAccountToken"]});
    c.once("delete-account", by, body).await?;
    c.know_user("email", &email, false);
    Ok(())
}

async fn roles(c: &mut Client) -> Step<()> {
    let admin = || By::Administrator;
    let codes = [c.fresh(), c.fresh()];
    let list: Vec<_> = codes.iter().map(|code| json!({"code": code})).collect();
    c.call("create-roles-batch", admin(), json!({"list": list})).await?;
    let users = [c.newcomer().await?.1, c.newcomer().await?.1];
    let targets: Vec<_> =
        users.iter().map(|id| json!({"targetType": "USER", "targetIdentifier": id})).collect();
    let body = json!({"targets": targets, "roles": list});
    for (path, held) in [("assign-role-batch", 2), ("revoke-role-batch", 0)] {
        codes.iter().for_each(|code| c.know_role(code, &users, &[0, 2]));
        c.call(path, admin(), body.clone()).await?;
        codes.iter().for_each(|code| c.know_role(code, &users, &[held]));
    }
    Ok(())
}

async fn users(c: &mut Client) -> Step<()> {
    let admin = || By::Administrator;
    let names: Vec<String> = (0..5).map(|_| c.fresh()).collect();
    let list: Vec<_> = names.iter().map(|name| json!({"username": name})).collect();
    c.know_users(&names, &[0, 5]);
    c.call("create-users-batch", admin(), json!({"list": list})).await?;
    c.know_users(&names, &[5]);
    c.know_users(&names, &[0, 5]);
    let body = json!({"userIds": names, "options": {"userIdType": "username"}});
    c.call("delete-users-batch", admin(), body).await?;
    c.know_users(&names, &[0]);
    Ok(())
}
