//! The built binary as a process of its own, which can be killed.

use crate::actors::Keys;
use crate::database::Database;
use crate::server::read_dev;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write as _};
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

    /// The same with these environment variables.
    pub fn start_with(data: &Path, database: &Database, variables: &[(&str, &str)]) -> Self {
        let mut command = command(data, database);
        command.envs(variables.iter().copied()).stderr(Stdio::inherit());
        Self::start_command(command, data)
    }

    /// The same with its log somewhere else.
    pub fn start_logging(data: &Path, database: &Database, log: impl Into<Stdio>) -> Self {
        let mut command = command(data, database);
        command.stderr(log);
        Self::start_command(command, data)
    }

    fn start_command(mut command: Command, data: &Path) -> Self {
        let mut child = command.spawn().unwrap();
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

/// What a command printed.
pub struct Said {
    /// Its exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// The JSON it printed.
    pub fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// The sentence it refused with.
    pub fn refusal(&self) -> &str {
        assert_ne!(self.code, 0, "{}", self.out);
        assert!(self.out.is_empty(), "{}", self.out);
        assert_eq!(self.err.trim_end().lines().count(), 1, "{}", self.err);
        &self.err
    }
}

/// Runs a command on this folder and database; `input` is its standard input.
pub fn keystead(words: &[&str], data: &Path, database: &Database, input: &str) -> Said {
    let mut child = spawn(words, data, database);
    // A command that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Starts a command.
pub fn spawn(words: &[&str], data: &Path, database: &Database) -> Child {
    Command::new(BINARY)
        .args(words)
        .arg("--data")
        .arg(data)
        .envs(database.variables())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The database's file in a data folder.
pub fn file(data: &Path) -> PathBuf {
    data.join("keystead.db")
}
