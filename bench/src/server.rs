//! The processes that are measured: started on a fresh folder, asked for, stopped.

use crate::load::Target;
use crate::site::Site;
use anyhow::{Context as _, Result, bail};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Applications that the loads need.
const SEED: &str = include_str!("../seed.toml");
/// How long a start may take.
const START: Duration = Duration::from_secs(60);
/// How often the file of a starting server is looked for.
const LOOK: Duration = Duration::from_millis(20);

/// A running server or floor.
pub struct Running {
    /// What a load must know about it.
    pub site: Site,
    /// Who is measured.
    pub target: Target,
    process: Process,
    _folder: Option<TempDir>,
}

/// A child that does not outlive this program.
pub struct Process(Child);

impl Process {
    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether it has ended.
    pub fn ended(&mut self) -> Result<bool> {
        Ok(self.0.try_wait()?.is_some())
    }

    /// Asks it to end, and waits until it did.
    ///
    /// # Errors
    /// It could not be asked, or said that something went wrong.
    pub fn stop(mut self) -> Result<()> {
        let pid = self.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().context("no program `kill`")?;
        let status = self.0.wait()?;
        anyhow::ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The `keystead` in the folder of this program.
///
/// # Errors
/// There is none.
pub fn beside_this_program() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.with_file_name("keystead");
    if !path.is_file() {
        bail!("{} is not there: start bench/run, which builds it", path.display());
    }
    Ok(path)
}

/// A command that serves a folder, with a production server's logging.
pub fn command(binary: &Path, data: &Path) -> Command {
    let mut command = Command::new(binary);
    command
        .args(["serve", "--data"])
        .arg(data)
        .env("KEYSTEAD_LOG_FILTER", "warn")
        .env("KEYSTEAD_HTTPS_PORT", "0")
        .current_dir(data.parent().unwrap_or(data))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// Starts a child.
///
/// # Errors
/// The program cannot be started.
pub fn spawn(command: &mut Command) -> Result<Process> {
    let child = command.spawn();
    child.map(Process).with_context(|| format!("cannot start {:?}", command.get_program()))
}

/// Starts the server with `--dev` and `seed.toml` on a fresh folder, and waits for its `dev.json`.
///
/// # Errors
/// It does not start.
pub async fn start(binary: &Path) -> Result<Running> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut command = command(binary, &data);
    let seed = folder.path().join("seed.toml");
    std::fs::write(&seed, SEED)?;
    command.arg("--dev").arg("--seed").arg(&seed).env("KEYSTEAD_HTTP_PORT", "0");
    let mut process = spawn(&mut command)?;
    let site = dev_json(&data, &mut process).await?;
    running(site, process, Some(folder))
}

/// Waits until a server has written its `dev.json`.
///
/// # Errors
/// It ended before, or took too long.
pub async fn dev_json(data: &Path, process: &mut Process) -> Result<Site> {
    let file = data.join("dev.json");
    let began = crate::clock::now();
    while began.elapsed() < START {
        // A file that is half written is no JSON yet.
        let site = std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
        if let Some(site) = site {
            return Ok(site);
        }
        anyhow::ensure!(!process.ended()?, "the server ended before it was ready");
        tokio::time::sleep(LOOK).await;
    }
    bail!("the server was not ready within {START:?}")
}

/// Starts this program as the floor.
///
/// # Errors
/// It does not start.
pub async fn start_floor() -> Result<Running> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--floor");
    said(command).await.context("the floor did not start")
}

/// Starts oidc-provider, which `bench/run` has installed.
///
/// # Errors
/// It does not start.
pub async fn start_peer() -> Result<Running> {
    let mut command = Command::new("node");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("peer/provider.mjs"));
    command.env("NODE_ENV", "production").stderr(Stdio::null());
    said(command).await.context("the peer did not start: bench/run installs it")
}

/// Starts a program whose first line of output has the form of `dev.json`.
async fn said(mut command: Command) -> Result<Running> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = spawn(&mut command)?;
    let out = process.0.stdout.take().context("it has no output")?;
    let line = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).map(|_| line)
    });
    running(serde_json::from_str(&line.await??)?, process, None)
}

fn running(site: Site, process: Process, folder: Option<TempDir>) -> Result<Running> {
    let port = site.host().rsplit(':').next().and_then(|port| port.parse().ok());
    let port: u16 = port.with_context(|| format!("no port in {}", site.http_url))?;
    let target = Target { at: ([127, 0, 0, 1], port).into(), pid: process.id() };
    Ok(Running { site, target, process, _folder: folder })
}

impl Running {
    /// Asks it to end, and waits.
    ///
    /// # Errors
    /// It ended otherwise than it should.
    pub fn stop(self) -> Result<()> {
        self.process.stop()
    }

    /// Ends it at once.
    pub fn kill(self) {
        drop(self.process);
    }
}
