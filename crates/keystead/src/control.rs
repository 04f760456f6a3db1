//! The socket beside a running server, over which commands send it their calls.
//!
//! One connection carries one call: a line of JSON each way. Whoever may open the socket may do
//! everything, so it is a file of mode 0600 in a folder of mode 0700.

pub mod door;
pub mod reach;
mod socket;

use crate::commands::Call;
use keystead_model::{Error, Secret};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use zeroize::Zeroizing;

/// The version of the protocol. Both sides come from one binary, except around an update.
const VERSION: u32 = 1;
/// The longest line, in bytes.
const LINE_MAX: u64 = 1 << 20;

/// What a command sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    /// The version of the protocol.
    pub v: u32,
    /// The call.
    pub call: Call,
    /// The secret that goes with it: read from a terminal or a pipe, never an argument.
    #[serde(default)]
    pub secret: Option<Secret>,
}

/// What the server answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    /// It was done; what to print.
    Done(Value),
    /// It was not done.
    Refused(Refusal),
}

/// Why a call was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    /// The code that programs tell apart.
    pub code: String,
    /// One plain sentence.
    pub text: String,
}

impl Refusal {
    /// The refusal of the domain.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        Self { code: error.code().key().to_owned(), text: crate::sentence::sentence(error) }
    }

    fn new(code: &str, text: impl Into<String>) -> Self {
        Self { code: code.to_owned(), text: text.into() }
    }
}

/// The request of a call as its line. The secret is exposed here alone.
fn line_of(call: &Call, secret: Option<&Secret>) -> serde_json::Result<Zeroizing<String>> {
    let secret = secret.map(Secret::expose);
    let value = serde_json::json!({ "v": VERSION, "call": call, "secret": secret });
    Ok(Zeroizing::new(serde_json::to_string(&value)?))
}

/// Sends one line.
async fn send(to: &mut (impl AsyncWrite + Unpin), line: &str) -> std::io::Result<()> {
    to.write_all(line.as_bytes()).await?;
    to.write_all(b"\n").await?;
    to.flush().await
}

/// Receives one line; `None` when the other side went away, or sent more than [`LINE_MAX`].
async fn receive(from: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Option<String>> {
    let mut line = String::new();
    let mut bounded = BufReader::new(from.take(LINE_MAX));
    bounded.read_line(&mut line).await?;
    Ok(line.ends_with('\n').then_some(line))
}
