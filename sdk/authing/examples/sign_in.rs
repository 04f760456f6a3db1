//! Signs the development user in with a password and looks at the tokens.
//!
//! `cargo run --example sign_in -- keystead-data/dev.json`, beside `keystead serve --dev`.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use keystead_authing::AuthenticationClient;
use keystead_authing::v3::signin::SignInOptions;
use serde::Deserialize;
use std::error::Error;

/// The keys of `dev.json` that this example needs.
#[derive(Deserialize)]
struct Settings {
    http_url: String,
    app_id: String,
    app_secret: String,
    user_email: String,
    user_password: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: sign_in <dev.json>")?;
    let settings: Settings = serde_json::from_slice(&std::fs::read(path)?)?;
    let client = AuthenticationClient::builder()
        .app_id(settings.app_id)
        .app_secret(settings.app_secret)
        .app_host(settings.http_url)
        .build()?;

    let scope = Some("openid profile email".into());
    let options = Some(SignInOptions { scope, ..SignInOptions::default() });
    let (email, password) = (settings.user_email, settings.user_password);
    let tokens = client.sign_in_by_email_password(email, password, options).await?;
    println!("a {} token for {} s", tokens.token_type, tokens.expire_in);

    let access_token = tokens.access_token.ok_or("there is no access token")?;
    let claims = client.verify_access_token(access_token.expose()).await?;
    println!("subject {}, by {}", claims.sub, claims.iss);
    let user = client.get_user_info_by_access_token(access_token.expose()).await?;
    println!("user info: {}", serde_json::to_string_pretty(&user)?);
    Ok(())
}
