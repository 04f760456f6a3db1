//! The server's side of the control socket.

use super::socket::{Address, NAME};
use super::{Answer, Refusal, Request, VERSION, receive, send};
use crate::commands;
use crate::datadir::{DataFolder, DataFolderError};
use keystead_core::Core;
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// Calls that run at once; more wait.
const CALLS: usize = 8;
/// Seconds in which a call must have arrived.
const ARRIVES: Duration = Duration::from_secs(10);

/// A bound control socket; its file goes with it.
#[derive(Debug)]
pub struct Door {
    listener: UnixListener,
    file: PathBuf,
}

impl Door {
    /// Binds the socket in the data folder. What a killed server left there is taken away: the
    /// folder's lock says that nobody uses it.
    ///
    /// # Errors
    /// The system refuses.
    pub fn open(folder: &DataFolder) -> Result<Self, DataFolderError> {
        folder.remove(NAME)?;
        let file = folder.path().join(NAME);
        let bind = || {
            let address = Address::of(folder.path())?;
            let listener = UnixListener::bind(address.path())?;
            std::fs::set_permissions(&file, Permissions::from_mode(0o600))?;
            io::Result::Ok(listener)
        };
        match bind() {
            Ok(listener) => Ok(Self { listener, file }),
            Err(cause) => Err(DataFolderError::System { path: file, cause }),
        }
    }

    /// Answers calls until it is dropped.
    pub async fn run(self, core: Arc<Core>) {
        let places = Arc::new(Semaphore::new(CALLS));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    let core = core.clone();
                    // On its own: a command that goes away takes nothing back.
                    tokio::spawn(async move {
                        if let Err(error) = answer(stream, &core).await {
                            tracing::debug!(%error, "a command went away");
                        }
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the control socket accepts nothing");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // A file that stays behind is taken away at the next start.
        let _ = std::fs::remove_file(&self.file);
    }
}

async fn answer(mut stream: UnixStream, core: &Arc<Core>) -> io::Result<()> {
    let line = timeout(ARRIVES, receive(&mut stream)).await.map_err(io::Error::other)??;
    let answer = match line {
        None => Answer::Refused(Refusal::new("body.too_large", "The call is too long.")),
        Some(line) => match read(&line) {
            Ok(request) => perform(core, request).await,
            Err(refusal) => Answer::Refused(refusal),
        },
    };
    send(&mut stream, &serde_json::to_string(&answer).map_err(io::Error::other)?).await
}

/// Reads a request; one of another version is told so before its call is looked at.
fn read(line: &str) -> Result<Request, Refusal> {
    #[derive(serde::Deserialize)]
    struct Versioned {
        v: u32,
    }
    let other = "The server is of another version than this command. Use the binary that the \
                 server runs, or restart the server.";
    match serde_json::from_str::<Versioned>(line) {
        Ok(Versioned { v }) if v != VERSION => Err(Refusal::new("control.version", other)),
        _ => serde_json::from_str::<Request>(line)
            .ok()
            .filter(|request| request.v == VERSION)
            // Never the parser's words: they might quote the secret.
            .ok_or_else(|| Refusal::new("control.malformed", other)),
    }
}

async fn perform(core: &Arc<Core>, request: Request) -> Answer {
    tracing::info!(call = request.call.words(), "a command asks");
    match commands::run(core, request.call, request.secret).await {
        Ok(value) => Answer::Done(value),
        Err(error) => {
            tracing::info!("refused: {}", error.log_line());
            Answer::Refused(Refusal::of(&error))
        }
    }
}
