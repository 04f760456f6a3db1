//! `keystead keys`: the keys that sign a pool's tokens.

use super::{InPool, id, moment, settle};
use clap::Subcommand;
use keystead_core::Core;
use keystead_core::signing_keys::{self, CACHED_S, KeyView};
use keystead_model::{Algorithm, Code, Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// What may be asked about signing keys.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum KeysCall {
    /// List the keys a pool publishes or uses, the first made first.
    List {
        #[command(flatten)]
        pool: InPool,
    },
    /// Publish successors now. They sign after 48 hours; what the old keys signed stays good.
    Rotate {
        /// Only the key of this algorithm: RS256, ES256 or EdDSA
        #[arg(long, value_name = "NAME")]
        algorithm: Option<String>,
        /// Have them sign after ten minutes, when no cache can be without them
        #[arg(long)]
        soon: bool,
        #[command(flatten)]
        pool: InPool,
    },
    /// Take a key back at once: what it signed is refused here from now on. Relying parties that
    /// keep the key set may take it, and fail with tokens of its successor, for five minutes.
    Revoke {
        /// Its id, the kid
        id: String,
        /// End every grant of the pool as well: refresh tokens, and tokens of other keys
        #[arg(long)]
        end_grants: bool,
        #[command(flatten)]
        pool: InPool,
    },
}

/// Performs a call.
pub(super) async fn run(core: &Arc<Core>, call: KeysCall) -> Result<Value> {
    match call {
        KeysCall::List { pool } => {
            let mut cx = pool.open(core).await?;
            Ok(shown(&signing_keys::list(&mut cx).await?))
        }
        KeysCall::Rotate { algorithm, soon, pool } => {
            let algorithm = algorithm.as_deref().map(named).transpose()?;
            let mut cx = pool.open(core).await?;
            Ok(shown(&signing_keys::rotate(&mut cx, algorithm, soon).await?))
        }
        KeysCall::Revoke { id: key, end_grants, pool } => {
            let key = id(&key, "id", "the id of a key of this pool")?;
            let mut cx = pool.open(core).await?;
            let revoked = signing_keys::revoke(&mut cx, key).await?;
            settle(&mut cx).await?;
            // The key is gone, whatever becomes of the rest: what began meanwhile ends as well.
            let ended = match end_grants {
                true => Some(signing_keys::end_grants(&mut pool.open(core).await?).await?),
                false => None,
            };
            Ok(json!({
                "revoked": show(&revoked.key),
                "successor": revoked.successor.map(|id| id.to_string()),
                "grants_ended": ended,
                "cached_s": CACHED_S,
                "notice": format!(
                    "It is unpublished. Whoever keeps the key set may still take what it signed, \
                     and refuse what its successor signs, for up to {CACHED_S} seconds."
                ),
            }))
        }
    }
}

fn named(text: &str) -> Result<Algorithm> {
    let wrong = || Error::new(Code::FieldInvalid).field("algorithm");
    Algorithm::from_name(text).ok_or_else(|| wrong().arg("expected", "RS256, ES256 or EdDSA"))
}

fn shown(keys: &[KeyView]) -> Value {
    json!({ "list": keys.iter().map(show).collect::<Vec<_>>() })
}

fn show(key: &KeyView) -> Value {
    json!({
        "id": key.id.to_string(),
        "use": key.purpose,
        "algorithm": key.alg,
        "state": key.state,
        "active_from": moment(key.active_from),
        "gone_at": key.gone_at.map(moment),
    })
}
