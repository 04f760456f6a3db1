//! `keystead pool`.

use super::{Paging, open, page, settle};
use clap::Subcommand;
use keystead_core::pools::{self, NewPool};
use keystead_core::settings::{self, Owner};
use keystead_core::{Core, Cx};
use keystead_model::settings::Document;
use keystead_model::{Code, Error, Result, Settings};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What may be asked about pools.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PoolCall {
    /// List the pools, in the order they were made.
    List(Paging),
    /// Show a pool: where it is reached, and the settings that differ from the defaults.
    Show {
        /// Code of the pool
        code: String,
    },
    /// Make a pool with keys of its own. Its secret is shown this once.
    Create {
        /// Its code in addresses: small letters, digits and hyphens
        code: String,
        /// Its name [default: the code]
        #[arg(long)]
        name: Option<String>,
        /// Host it answers under, with its port unless that is the default one
        #[arg(long, value_name = "NAME:PORT")]
        login: Option<String>,
    },
    /// Change settings of a pool; they count at once. NAME= takes one back to its default.
    Set {
        /// Code of the pool
        code: String,
        /// A setting and its value, such as password_policy=any
        #[arg(value_name = "NAME=VALUE")]
        values: Vec<String>,
        /// Another name for the pool
        #[arg(long)]
        name: Option<String>,
    },
}

/// Performs a call.
pub(super) async fn run(core: &Arc<Core>, call: PoolCall) -> Result<Value> {
    match call {
        PoolCall::List(paging) => {
            let found = pools::list(core, paging.request()?).await?;
            Ok(page(
                found,
                |pool| json!({ "id": pool.id.to_string(), "code": pool.code, "name": pool.name }),
            ))
        }
        PoolCall::Show { code } => show(&mut open(core, &code).await?).await,
        PoolCall::Create { code, name, login } => {
            let name = name.unwrap_or_else(|| code.clone());
            let new = NewPool { id: None, code, name, secret: None };
            let id = pools::create(core, new, login.as_deref()).await?;
            let mut cx = Cx::system(core, id).await?;
            let mut shown = show(&mut cx).await?;
            if let Some(object) = shown.as_object_mut() {
                object.insert("secret".to_owned(), cx.pool.secret.expose().into());
            }
            Ok(shown)
        }
        PoolCall::Set { code, values, name } => {
            let mut cx = open(core, &code).await?;
            let renamed = pools::update(&mut cx, name.as_deref(), None).await?;
            let wanted = document(&values)?;
            let changed = settings::change(&mut cx, Owner::Pool, &wanted).await?;
            settle(&mut cx).await?;
            tracing::debug!(renamed, changed, "pool");
            show(&mut open(core, &code).await?).await
        }
    }
}

async fn show(cx: &mut Cx) -> Result<Value> {
    let document = settings::document(cx, Owner::Pool).await?;
    let pool = &cx.pool;
    Ok(json!({
        "id": pool.id.to_string(),
        "code": pool.code,
        "name": pool.name,
        "address": pool.app_host,
        "issuer": pool.issuer(),
        "settings": document,
    }))
}

/// The settings document of `NAME=VALUE` texts. A value is read as JSON where the setting is no
/// text, and as it stands where it is no JSON.
pub(super) fn document(values: &[String]) -> Result<Document> {
    let mut document = Document::new();
    for given in values {
        let Some((name, text)) = given.split_once('=') else {
            let error = Error::new(Code::FieldInvalid).field(given.clone());
            return Err(error.arg("expected", "NAME=VALUE"));
        };
        let row = Settings::ROWS.iter().find(|row| row.name == name);
        let value = match text {
            "" => Value::Null,
            text if row.is_some_and(|row| row.kind == "String") => text.into(),
            text => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        };
        document.insert(name.to_owned(), value);
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_their_settings_want_them() {
        let texts = ["phone_country=86", "ip_tries=7", "reveal_accounts=true", "code_life_s="];
        let texts: Vec<String> = texts.map(str::to_owned).to_vec();
        let document = document(&texts).unwrap();
        assert_eq!(
            Value::Object(document),
            json!({"phone_country": "86", "ip_tries": 7, "reveal_accounts": true,
                "code_life_s": null})
        );
    }

    #[test]
    fn what_is_no_pair_is_named() {
        let error = document(&["ip_tries".to_owned()]).unwrap_err();
        assert_eq!(error.field_name(), Some("ip_tries"));
    }
}
