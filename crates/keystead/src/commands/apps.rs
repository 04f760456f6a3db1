//! `keystead app`.

use super::pools::document;
use super::{InPool, Paging, page, settle};
use clap::{Args, Subcommand, ValueEnum};
use keystead_core::applications::{self, App, ApplicationFacts};
use keystead_core::settings::{self, Owner};
use keystead_core::{Core, Cx};
use keystead_model::Result;
use keystead_model::settings::TokenAuth;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What may be asked about applications.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AppCall {
    /// List a pool's applications, by their names.
    List {
        #[command(flatten)]
        pool: InPool,
        #[command(flatten)]
        paging: Paging,
    },
    /// Show an application: its addresses, and the settings that differ from the pool's.
    Show {
        /// Its client id
        id: String,
        #[command(flatten)]
        pool: InPool,
    },
    /// Make an application. Its secret is shown this once.
    Create {
        /// Its name, as people see it
        name: String,
        /// Its client id [default: a new one]
        #[arg(long, value_name = "ID")]
        id: Option<String>,
        #[command(flatten)]
        facts: Facts,
        #[command(flatten)]
        pool: InPool,
        /// A setting and its value, such as password_grant=true
        #[arg(long = "set", value_name = "NAME=VALUE")]
        values: Vec<String>,
    },
    /// Change an application; what is not named stays. NAME= takes a setting back to the pool's.
    Set {
        /// Its client id
        id: String,
        /// Another name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        facts: Facts,
        /// Switch it on or off: nobody can sign in to one that is off
        #[arg(long, value_name = "true|false")]
        enabled: Option<bool>,
        #[command(flatten)]
        pool: InPool,
        /// A setting and its value, such as password_grant=true
        #[arg(value_name = "NAME=VALUE")]
        values: Vec<String>,
    },
    /// Give an application a new secret, shown this once. The old one stops working at once.
    Secret {
        /// Its client id
        id: String,
        #[command(flatten)]
        pool: InPool,
    },
}

/// What an application is made of, as far as it is given.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Its readable identifier, unique on this server [default: the client id]
    #[arg(long)]
    identifier: Option<String>,
    /// How it authenticates at the token endpoint [default: client_secret_post]
    #[arg(long, value_name = "METHOD")]
    token_auth: Option<Method>,
    /// Address an authorization may return to; may be given several times
    #[arg(long = "redirect-uri", value_name = "URL")]
    redirect_uris: Vec<String>,
    /// Address a sign-out may return to; may be given several times
    #[arg(long = "logout-uri", value_name = "URL")]
    logout_uris: Vec<String>,
    /// Whether it is the pool's own; people are asked for consent to all others [default: true]
    #[arg(long, value_name = "true|false")]
    #[serde(default)]
    first_party: Option<bool>,
}

/// How an application authenticates.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
enum Method {
    /// Id and secret in the body.
    ClientSecretPost,
    /// Id and secret by HTTP Basic.
    ClientSecretBasic,
    /// A public client: its id alone.
    None,
}

impl From<Method> for TokenAuth {
    fn from(method: Method) -> Self {
        match method {
            Method::ClientSecretPost => Self::ClientSecretPost,
            Method::ClientSecretBasic => Self::ClientSecretBasic,
            Method::None => Self::None,
        }
    }
}

impl Facts {
    /// Puts what was given over what is there.
    fn over(self, facts: &mut ApplicationFacts) {
        if let Some(identifier) = self.identifier {
            facts.identifier = identifier;
        }
        if let Some(method) = self.token_auth {
            facts.token_auth = method.into();
        }
        if !self.redirect_uris.is_empty() {
            facts.redirect_uris = self.redirect_uris;
        }
        if !self.logout_uris.is_empty() {
            facts.logout_uris = self.logout_uris;
        }
        facts.is_first_party = self.first_party.unwrap_or(facts.is_first_party);
    }
}

/// Performs a call.
pub(super) async fn run(core: &Arc<Core>, call: AppCall) -> Result<Value> {
    match call {
        AppCall::List { pool, paging } => {
            let mut cx = pool.open(core).await?;
            let found = applications::list(&mut cx, paging.request()?).await?;
            Ok(page(found, |app| {
                let enabled = app.status == "enabled";
                json!({ "id": app.client_id, "name": app.name, "enabled": enabled })
            }))
        }
        AppCall::Show { id, pool } => {
            let mut cx = pool.open(core).await?;
            let app = applications::find(&mut cx, &id).await?;
            show(&mut cx, &app).await
        }
        AppCall::Create { name, id, facts, pool, values } => {
            let mut cx = pool.open(core).await?;
            create(&mut cx, name, id, facts, &values).await
        }
        AppCall::Set { id, name, facts, enabled, pool, values } => {
            let mut cx = pool.open(core).await?;
            let app = applications::find(&mut cx, &id).await?;
            let mut new = ApplicationFacts::of(&app);
            new.name = name.unwrap_or(new.name);
            facts.over(&mut new);
            if new.token_auth == TokenAuth::None {
                new.secret = None;
            }
            applications::update(&mut cx, &app, &new, &document(&values)?).await?;
            if let Some(enabled) = enabled {
                applications::switch(&mut cx, &app, enabled).await?;
            }
            settle(&mut cx).await?;
            let app = applications::find(&mut cx, &id).await?;
            show(&mut cx, &app).await
        }
        AppCall::Secret { id, pool } => {
            let mut cx = pool.open(core).await?;
            let app = applications::find(&mut cx, &id).await?;
            let secret = applications::renew_secret(&mut cx, &app).await?;
            settle(&mut cx).await?;
            Ok(json!({ "id": app.client_id, "secret": secret.expose() }))
        }
    }
}

async fn create(
    cx: &mut Cx,
    name: String,
    id: Option<String>,
    given: Facts,
    values: &[String],
) -> Result<Value> {
    let client_id = match id {
        Some(id) => id,
        None => cx.id::<keystead_model::Id>()?.to_string(),
    };
    let mut facts = ApplicationFacts {
        identifier: client_id.clone(),
        client_id,
        name,
        secret: None,
        token_auth: TokenAuth::ClientSecretPost,
        redirect_uris: Vec::new(),
        logout_uris: Vec::new(),
        is_first_party: true,
    };
    given.over(&mut facts);
    let app = applications::create(cx, facts, &document(values)?).await?;
    settle(cx).await?;
    let mut shown = show(cx, &app).await?;
    if let (Some(secret), Some(object)) = (&app.secret, shown.as_object_mut()) {
        object.insert("secret".to_owned(), secret.expose().into());
    }
    Ok(shown)
}

async fn show(cx: &mut Cx, app: &App) -> Result<Value> {
    let document = settings::document(cx, Owner::Application(app.id)).await?;
    Ok(json!({
        "id": app.client_id,
        "identifier": app.identifier,
        "name": app.name,
        "enabled": app.enabled,
        "token_auth": app.token_auth.name(),
        "redirect_uris": app.redirect_uris,
        "logout_uris": app.logout_uris,
        "first_party": app.is_first_party,
        "settings": document,
    }))
}
