//! `keystead key`: access keys, which sign management requests.

use super::{InPool, id, moment, settle};
use clap::Subcommand;
use keystead_core::Core;
use keystead_core::access_keys::{self, KeyView, Kind};
use keystead_model::{Result, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What may be asked about access keys.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum KeyCall {
    /// List a pool's access keys, the first made first.
    List {
        /// Only those of the user with this id
        #[arg(long, value_name = "ID")]
        user: Option<String>,
        #[command(flatten)]
        pool: InPool,
    },
    /// Make an access key. Its secret is shown this once.
    Create {
        /// Make it the user's with this id: it works as long as they may act
        #[arg(long, value_name = "ID")]
        user: Option<String>,
        #[command(flatten)]
        pool: InPool,
    },
    /// Delete an access key. What it signs is refused at once.
    Delete {
        /// Its id
        id: String,
        #[command(flatten)]
        pool: InPool,
    },
}

/// Performs a call.
pub(super) async fn run(core: &Arc<Core>, call: KeyCall) -> Result<Value> {
    match call {
        KeyCall::List { user, pool } => {
            let mut cx = pool.open(core).await?;
            let keys = access_keys::list(&mut cx, of(user)?).await?;
            Ok(json!({ "list": keys.iter().map(show).collect::<Vec<_>>() }))
        }
        KeyCall::Create { user, pool } => {
            let mut cx = pool.open(core).await?;
            let kind = of(user)?.map_or(Kind::Pool, Kind::User);
            let key = access_keys::create(&mut cx, kind).await?;
            settle(&mut cx).await?;
            let mut shown = show(&key);
            if let (Some(secret), Some(object)) = (&key.secret, shown.as_object_mut()) {
                object.insert("secret".to_owned(), secret.expose().into());
            }
            Ok(shown)
        }
        KeyCall::Delete { id, pool } => {
            let mut cx = pool.open(core).await?;
            let key = access_keys::get(&mut cx, &id).await?;
            access_keys::delete(&mut cx, &id).await?;
            settle(&mut cx).await?;
            Ok(show(&key))
        }
    }
}

fn of(user: Option<String>) -> Result<Option<UserId>> {
    user.map(|text| id(&text, "user", "the id of a user")).transpose()
}

fn show(key: &KeyView) -> Value {
    json!({
        "id": key.key_id,
        "kind": key.kind,
        "user_id": key.user.map(|user| user.to_string()),
        "enabled": key.enabled,
        "active": key.is_active,
        "last_used_at": key.last_used_at.map(moment),
        "created_at": moment(key.created_at),
    })
}
