//! `keystead messages`: what could not be sent, and sending it again.

use super::{id, moment};
use clap::Subcommand;
use keystead_core::Core;
use keystead_core::outbox::{self, DeadLetter, Replay};
use keystead_model::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

const DEAD: &str = "the id of a dead letter";

/// What may be asked about messages.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum MessagesCall {
    /// List what every try failed at, in all pools, the oldest first.
    Dead {
        /// Only those after this id
        #[arg(long, value_name = "ID")]
        after: Option<String>,
        /// How many, at most 50
        #[arg(long, default_value_t = 50, value_name = "NUMBER")]
        limit: i64,
    },
    /// Queue dead letters again, under their ids. A code whose time is over is not sent.
    Replay {
        /// Id of a dead letter
        #[arg(required_unless_present = "all")]
        id: Option<String>,
        /// All of them
        #[arg(long, conflicts_with = "id")]
        all: bool,
    },
}

/// Performs a call.
pub(super) async fn run(core: &Arc<Core>, call: MessagesCall) -> Result<Value> {
    match call {
        MessagesCall::Dead { after, limit } => {
            let after = after.as_deref().map(|text| id(text, "after", DEAD)).transpose()?;
            let list = outbox::dead_letters(core, after, limit).await?;
            Ok(json!({ "list": list.iter().map(view).collect::<Vec<_>>() }))
        }
        MessagesCall::Replay { id: one, .. } => {
            let which = match one.as_deref() {
                Some(one) => Replay::One(id(one, "id", DEAD)?),
                None => Replay::All,
            };
            Ok(json!({ "replayed": outbox::replay(core, which).await? }))
        }
    }
}

fn view(dead: &DeadLetter) -> Value {
    json!({
        "id": dead.id.to_string(),
        "pool_id": dead.pool_id.to_string(),
        "consumer": dead.consumer,
        "event": dead.event,
        "attempts": dead.attempts,
        "last_error": dead.last_error,
        "created_at": moment(dead.created_at),
        "died_at": moment(dead.died_at),
    })
}
