//! Signs somebody up by a code from a mail, then in by the password they chose.
//!
//! `cargo run --example sign_up_by_code -- keystead-data/dev.json`, beside `keystead serve --dev`,
//! whose `/dev/outbox` has the mail.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use keystead_authing::AuthenticationClient;
use keystead_authing::v3::codes::{EmailChannel, SendEmail};
use keystead_authing::v3::signup::{SignUpOptions, SignUpProfile};
use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use std::time::Duration;

/// The keys of `dev.json` that this example needs.
#[derive(Deserialize)]
struct Settings {
    http_url: String,
    app_id: String,
    app_secret: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: sign_up_by_code <dev.json>")?;
    let settings: Settings = serde_json::from_slice(&std::fs::read(path)?)?;
    let client = AuthenticationClient::builder()
        .app_id(settings.app_id)
        .app_secret(settings.app_secret)
        .app_host(settings.http_url)
        .lang("en-US")
        .build()?;

    // Another address each time, so that the example can be run again.
    let email = format!("ada-{}@example.com", std::process::id());
    client.send_email(&SendEmail { channel: EmailChannel::Register, email: email.clone() }).await?;
    let code = code_sent_to(&client, &email).await?;

    // A wrong code is refused, and says so in numbers that a program can read.
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let refusal = client.sign_up_by_email_code(&email, wrong, None, None).await;
    let refusal = refusal.err().ok_or("a wrong code was taken")?;
    println!("a wrong code: {:?}, code {:?}", refusal.status_code(), refusal.api_code());

    let profile = SignUpProfile { name: Some("Ada".into()), ..SignUpProfile::default() };
    let password = "correct-Horse-7-battery";
    let options = SignUpOptions {
        password_for_phone_pass_code: Some(password.into()),
        ..SignUpOptions::default()
    };
    let code = code.as_str();
    let user = client.sign_up_by_email_code(&email, code, Some(profile), Some(options)).await?;
    println!("{} is {} now", email, user.user_id);

    let tokens = client.sign_in_by_email_password(&email, password, None).await?;
    println!("signed in for {} s", tokens.expire_in);
    Ok(())
}

/// The code in the newest mail to this address; mails are sent a moment after they are asked for.
async fn code_sent_to(
    client: &AuthenticationClient,
    email: &str,
) -> Result<String, Box<dyn Error>> {
    for _ in 0..100 {
        let messages = client.request("GET", "/dev/outbox", &json!({})).await?;
        let messages = messages.as_array().cloned().unwrap_or_default();
        let newest = messages.iter().find(|message| message["to"] == email);
        if let Some(code) = newest.and_then(|message| message["code"].as_str()) {
            return Ok(code.to_owned());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("no mail came".into())
}
