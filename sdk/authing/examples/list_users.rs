//! Lists the users of the development pool with an access key.
//!
//! `cargo run --example list_users -- keystead-data/dev.json`, beside `keystead serve --dev`.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use keystead_authing::ManagementClient;
use keystead_authing::v3::users::ListUsers;
use serde::Deserialize;
use std::error::Error;

/// The keys of `dev.json` that this example needs.
#[derive(Deserialize)]
struct Settings {
    http_url: String,
    access_key_id: String,
    access_key_secret: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: list_users <dev.json>")?;
    let settings: Settings = serde_json::from_slice(&std::fs::read(path)?)?;
    let client = ManagementClient::builder()
        .access_key_id(settings.access_key_id)
        .access_key_secret(settings.access_key_secret)
        .host(settings.http_url)
        .build()?;

    let mut pages = client.pages(ListUsers::default());
    while let Some(page) = pages.next().await {
        for user in page?.items {
            let name = user.name.or(user.username).unwrap_or_default();
            println!("{}  {}  {name}", user.user_id, user.email.unwrap_or_default());
        }
    }
    Ok(())
}
