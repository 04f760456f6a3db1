//! Creates a role, gives it to the development user, lists who has it, and takes it away again.
//!
//! `cargo run --example manage_roles -- keystead-data/dev.json`, beside `keystead serve --dev`.
#![allow(clippy::print_stdout, reason = "an example shows what it got")]

use keystead_authing::ManagementClient;
use keystead_authing::v3::roles::{
    AssignRole, CreateRole, DeleteRolesBatch, GetRole, ListRoleMembers, RevokeRole, Target,
};
use serde::Deserialize;
use std::error::Error;

/// The keys of `dev.json` that this example needs.
#[derive(Deserialize)]
struct Settings {
    http_url: String,
    access_key_id: String,
    access_key_secret: String,
    user_id: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: manage_roles <dev.json>")?;
    let settings: Settings = serde_json::from_slice(&std::fs::read(path)?)?;
    let client = ManagementClient::builder()
        .access_key_id(settings.access_key_id)
        .access_key_secret(settings.access_key_secret)
        .host(settings.http_url)
        .build()?;

    // Another code each time, so that the example can be run again even where it broke off.
    let code = format!("reader-{}", std::process::id());
    let name = Some("Reader".into());
    let create = CreateRole { code: code.clone(), name, ..CreateRole::default() };
    println!("made {}", client.create_role(&create).await?.code);

    let targets = vec![Target::user(&settings.user_id)];
    let assign = AssignRole { targets: targets.clone(), code: code.clone(), ..Default::default() };
    client.assign_role(&assign).await?;
    println!("members: {:?}", members(&client, &code).await?);

    let revoke = RevokeRole { targets, code: code.clone(), ..Default::default() };
    client.revoke_role(&revoke).await?;
    println!("members: {:?}", members(&client, &code).await?);

    let code_list = vec![code.clone()];
    client.delete_roles_batch(&DeleteRolesBatch { code_list, namespace: None }).await?;
    let gone = client.get_role(&GetRole::by_code(code)).await.err().ok_or("the role is there")?;
    println!("deleted: {gone}");
    Ok(())
}

/// The ids of all who have the role, however many pages they fill.
async fn members(client: &ManagementClient, code: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut members = client
        .pages(ListRoleMembers { code: code.to_owned(), ..ListRoleMembers::default() })
        .items();
    let mut ids = Vec::new();
    while let Some(user) = members.next().await {
        ids.push(user?.user_id);
    }
    Ok(ids)
}
