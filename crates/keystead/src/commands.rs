//! What a command may ask of the domain. The definition of the command line is also what goes
//! over the control socket.

mod access_keys;
mod apps;
mod messages;
mod pools;
pub mod secrets;
mod signing_keys;
mod users;

use crate::control::reach;
use clap::{Args, Subcommand};
use keystead_core::{Core, Cx, pools as core_pools};
use keystead_model::{Code, Error, Millis, Page, PageRequest, Result, Secret};
use secrets::Wanted;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::str::FromStr;
use std::sync::Arc;

/// A call.
#[derive(Clone, Debug, Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Call {
    /// Look at pools, make them, change their settings.
    #[command(subcommand)]
    Pool(pools::PoolCall),
    /// Look at a pool's applications, make them, change them.
    #[command(subcommand)]
    App(apps::AppCall),
    /// Look at a pool's users, make them, set their passwords.
    #[command(subcommand)]
    User(users::UserCall),
    /// Look at a pool's access keys, which sign management requests; make them, delete them.
    #[command(subcommand)]
    Key(access_keys::KeyCall),
    /// Look at a pool's signing keys, turn them early, take one back.
    #[command(subcommand)]
    Keys(signing_keys::KeysCall),
    /// Look at messages that could not be sent, and send them again.
    #[command(subcommand)]
    Messages(messages::MessagesCall),
}

impl Call {
    /// Its words on the command line, without what it is about: that may name a person.
    #[must_use]
    pub fn words(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let noun = value.as_object().and_then(|object| object.iter().next());
        let verb = noun.and_then(|(_, call)| call.as_object()?.keys().next());
        format!("{} {}", noun.map_or("", |(noun, _)| noun), verb.map_or("", String::as_str))
    }

    /// The secret that must be read before the call can be made.
    #[must_use]
    pub fn secret(&self) -> Option<Wanted> {
        match self {
            Self::User(call) => call.secret(),
            _ => None,
        }
    }
}

/// Performs a call; answers what is printed.
///
/// # Errors
/// What the domain refuses.
pub async fn run(core: &Arc<Core>, call: Call, secret: Option<Secret>) -> Result<Value> {
    match call {
        Call::Pool(call) => pools::run(core, call).await,
        Call::App(call) => apps::run(core, call).await,
        Call::User(call) => users::run(core, call, secret).await,
        Call::Key(call) => access_keys::run(core, call).await,
        Call::Keys(call) => signing_keys::run(core, call).await,
        Call::Messages(call) => messages::run(core, call).await,
    }
}

/// Which pool.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InPool {
    /// Code of the pool
    #[arg(long, default_value = keystead_store::doors::FIRST_POOL, value_name = "CODE")]
    pool: String,
}

impl InPool {
    async fn open(&self, core: &Arc<Core>) -> Result<Cx> {
        open(core, &self.pool).await
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Which page, from 1
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    page: i64,
    /// How many on a page, at most 50
    #[arg(long, default_value_t = 50, value_name = "NUMBER")]
    limit: i64,
}

impl Paging {
    fn request(&self) -> Result<PageRequest> {
        PageRequest::new(Some(self.page), Some(self.limit))
    }
}

/// A context of the server's own in the pool of this code.
async fn open(core: &Arc<Core>, code: &str) -> Result<Cx> {
    Cx::system(core, core_pools::by_code(core, code).await?).await
}

/// Ends the call's transaction and waits for the disk.
async fn settle(cx: &mut Cx) -> Result<()> {
    cx.settle().await?;
    cx.settled().await
}

/// Reads an id; `field` is its name in the error.
fn id<T: FromStr>(text: &str, field: &'static str, expected: &'static str) -> Result<T> {
    let wrong = || Error::new(Code::FieldInvalid).field(field).arg("expected", expected);
    text.parse().map_err(|_| wrong())
}

fn page<T>(page: Page<T>, view: impl Fn(&T) -> Value) -> Value {
    json!({ "total": page.total, "list": page.rows.iter().map(view).collect::<Vec<_>>() })
}

/// A moment as RFC 3339 has it.
fn moment(at: Millis) -> Value {
    jiff::Timestamp::from_millisecond(at.0).map_or(Value::Null, |at| at.to_string().into())
}

/// Reads what the call needs from the terminal, has it done, and answers what is printed.
///
/// # Errors
/// A refusal, or a sentence about what could not be reached.
pub fn perform(settings: &crate::config::Settings, call: Call) -> anyhow::Result<Value> {
    let secret = call.secret().map(|wanted| secrets::read(&wanted)).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(reach::call(settings, call, secret));
    runtime.shutdown_background();
    done
}
