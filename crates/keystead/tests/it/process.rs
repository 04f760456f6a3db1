//! The built binary as a process of its own, which can be killed.

use crate::actors::Keys;
use crate::database::Database;
use crate::server::read_dev;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_keystead");
/// A start that takes longer hangs.
const START: Duration = Duration::from_secs(60);

/// A running process. It is killed when this is dropped.
pub struct Process {
    child: Child,
    /// What `dev.json` says.
    pub dev: Value,
}

/// `serve --dev` on this folder and database, on free ports.
fn command(data: &Path, database: &Database) -> Command {
    let mut command = Command::new(BINARY);
    command
        .args(["serve", "--dev", "--http-port", "0", "--https-port", "0", "--data"])
        .arg(data)
        .envs(database.variables())
        .env("KEYSTEAD_LOG_FILTER", "error")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Process {
    /// Starts one and waits until it answers.
    pub fn start(data: &Path, database: &Database) -> Self {
        Self::start_logging(data, database, Stdio::inherit())
    }

    /// The same with its log somewhere else.
    pub fn start_logging(data: &Path, database: &Database, log: impl Into<Stdio>) -> Self {
        let mut child = command(data, database).stderr(log).spawn().unwrap();
        let output = child.stdout.take().unwrap();
        let (ready, wait) = mpsc::channel();
        std::thread::spawn(move || {
            // To the end, so that the process never writes into a closed pipe.
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if line.contains("is ready") {
                    let _ = ready.send(());
                }
            }
        });
        wait.recv_timeout(START).expect("the server says that it is ready");
        Self { child, dev: read_dev(data) }
    }

    /// The development pool's keys.
    pub fn keys(&self) -> Keys {
        Keys::of_dev(&self.dev)
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, in the middle of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts one that must refuse; answers its exit status and what it said.
pub fn refusal(data: &Path, database: &Database) -> (ExitStatus, String) {
    let output = command(data, database).output().unwrap();
    (output.status, String::from_utf8(output.stderr).unwrap())
}

/// The database's file in a data folder.
pub fn file(data: &Path) -> PathBuf {
    data.join("keystead.db")
}
