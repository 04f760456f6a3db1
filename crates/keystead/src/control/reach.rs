//! A command's side: the running server does the work, else the command opens the database.

use super::socket::{Address, NAME};
use super::{Answer, Refusal, line_of, receive, send};
use crate::commands::{self, Call};
use crate::config::Settings;
use crate::datadir::{DataFolder, DataFolderError};
use crate::opening::{self, Opening};
use anyhow::{Context as _, anyhow, bail};
use keystead_core::clock::Clock;
use keystead_core::random::Random;
use keystead_model::Secret;
use serde_json::Value;
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::net::UnixStream;

/// How long a command waits for a folder that is taken and whose server does not answer yet.
const WAIT: Duration = Duration::from_secs(10);
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// Has a call done, by the server or here.
///
/// # Errors
/// [`Refusal`] when it was refused; else a sentence about what could not be reached.
pub async fn call(
    settings: &Settings,
    call: Call,
    secret: Option<Secret>,
) -> anyhow::Result<Value> {
    let tries = u32::try_from(WAIT.as_millis() / PAUSE.as_millis()).unwrap_or(1);
    for _ in 0..tries {
        if let Some(stream) = connect(&settings.data).await {
            return ask(stream, &call, secret.as_ref()).await;
        }
        if let Some(url) = &settings.database_url {
            tracing::debug!(set = !url.expose().is_empty(), "no server here: PostgreSQL itself");
            return here(settings, None, call, secret).await;
        }
        existing(&settings.data)?;
        match DataFolder::open(&settings.data) {
            Ok(folder) => return here(settings, Some(&folder), call, secret).await,
            // A server that starts or stops, or another command.
            Err(DataFolderError::Taken { .. }) => tokio::time::sleep(PAUSE).await,
            Err(other) => return Err(other.into()),
        }
    }
    let shown = settings.data.display();
    Err(anyhow!(
        "Something uses the data folder {shown} and does not answer at {NAME}. Try again in a \
         moment; if it stays so, restart the server."
    ))
}

/// A command makes no data folder: a name that is wrong would only hide the data.
///
/// # Errors
/// There is no database in the folder, or a restore into it did not end.
pub fn existing(data: &Path) -> anyhow::Result<()> {
    opening::is_whole(data)?;
    if data.join(opening::DATABASE).exists() {
        return Ok(());
    }
    let shown = data.display();
    bail!(
        "There is no Keystead database in {shown}. Name its folder with --data, or start a server."
    )
}

async fn connect(folder: &Path) -> Option<UnixStream> {
    let address = Address::of(folder).ok()?;
    UnixStream::connect(address.path()).await.ok()
}

async fn ask(
    mut stream: UnixStream,
    call: &Call,
    secret: Option<&Secret>,
) -> anyhow::Result<Value> {
    let lost = "The server went away before it answered. Look at its log, then ask for the state \
                of things before you try again";
    let line = line_of(call, secret)?;
    let exchange = async {
        send(&mut stream, &line).await?;
        receive(&mut stream).await?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    };
    let answer: io::Result<String> = exchange.await;
    let answer = serde_json::from_str(&answer.context(lost)?).context(lost)?;
    match answer {
        Answer::Done(value) => Ok(value),
        Answer::Refused(refusal) => Err(refusal.into()),
    }
}

/// Opens the database in this process. On PostgreSQL the feed tells the nodes what changed.
async fn here(
    settings: &Settings,
    folder: Option<&DataFolder>,
    call: Call,
    secret: Option<Secret>,
) -> anyhow::Result<Value> {
    let opening = Opening {
        settings,
        folder,
        clock: Clock::new(),
        addresses: opening::configured_addresses(settings),
    };
    let core = opening::core(opening, Random::system()).await?;
    let done = commands::run(&core, call, secret).await;
    let closed = core.db.clone().close().await;
    let value = done.map_err(|error| Refusal::of(&error))?;
    closed
        .map_err(|error| anyhow!("The change may not be on disk ({error}). Look at it again."))?;
    Ok(value)
}
