//! Verifies tokens without asking the server, and sees what such a check cannot see.
//!
//! `cargo run --example verify_offline -- keystead-data/dev.json`, beside `keystead serve --dev`.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use keystead_authing::AuthenticationClient;
use keystead_authing::tokens::TokenError;
use serde::Deserialize;
use std::error::Error;

/// The keys of `dev.json` that this example needs.
#[derive(Deserialize)]
struct Settings {
    https_url: String,
    ca_file: String,
    app_host: String,
    app_id: String,
    app_secret: String,
    user_email: String,
    user_password: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: verify_offline <dev.json>")?;
    let settings: Settings = serde_json::from_slice(&std::fs::read(path)?)?;
    // The development server's certificate is of an authority that only this client trusts.
    let client = AuthenticationClient::builder()
        .app_id(settings.app_id)
        .app_secret(settings.app_secret)
        .app_host(settings.https_url)
        .ca_pem(std::fs::read(settings.ca_file)?)
        .issuer(format!("{}/oidc", settings.app_host))
        .build()?;
    let (email, password) = (settings.user_email, settings.user_password);
    let tokens = client.sign_in_by_email_password(email, password, None).await?;
    let access = tokens.access_token.ok_or("there is no access token")?;
    let id = tokens.id_token.ok_or("there is no ID token")?;

    // The keys are fetched once; after that each check is arithmetic.
    for _ in 0..100 {
        client.verify_access_token(access.expose()).await?;
    }
    let claims = client.verify_id_token(id.expose(), None).await?;
    println!("signed in: {}, until {}", claims.sub, claims.exp);

    // One kind is never taken for the other.
    let error = client.verify_access_token(id.expose()).await.err().ok_or("an ID token passed")?;
    let reason = error.source().and_then(|source| source.downcast_ref::<TokenError>());
    println!("an ID token is no access token: {:?}", reason.ok_or("another refusal")?);

    // A revoked token is good until it ends, unless the server is asked.
    client.revoke_token(access.expose()).await?;
    client.verify_access_token(access.expose()).await?;
    let active = client.introspect_token(access.expose()).await?.active;
    println!("revoked: still signed, active: {active}");
    if active { Err("the revoked token is active".into()) } else { Ok(()) }
}
