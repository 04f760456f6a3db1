//! Starts, memory, size of the binary.

use crate::callers::Plain;
use crate::clock;
use crate::http::Connection;
use crate::machine::{cpu_seconds, memory_kib};
use crate::measure::median;
use crate::server::{self, Process, Running};
use anyhow::{Context as _, Result, bail};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a server rests before its idle memory is read.
const REST: Duration = Duration::from_secs(2);
/// How often a starting server is asked.
const TRY: Duration = Duration::from_micros(250);
const GIVE_UP: Duration = Duration::from_secs(60);

/// One figure and its budget.
#[derive(Clone, Debug)]
pub struct Footprint {
    /// What it is.
    pub what: &'static str,
    /// The figure.
    pub figure: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it may be; 0 where nothing was set.
    pub budget: f64,
}

/// Size of the binary, and starts on folders of its own.
///
/// # Errors
/// A server does not start.
pub async fn before(binary: &Path, starts: usize) -> Result<Vec<Footprint>> {
    let bytes = std::fs::metadata(binary)?.len();
    let (mut first, mut again, mut idle) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..starts.div_ceil(3) {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        first.push(started(binary, &data, true).await?);
        for _ in 0..3 {
            again.push(started(binary, &data, false).await?);
        }
        idle.push(idle_mib(binary, &data).await?);
    }
    // A machine that others use stretches the time, and less so the CPU.
    let wall = |starts: &[Started]| median(starts.iter().map(|start| start.wall_ms).collect());
    let cpu = |starts: &[Started]| median(starts.iter().map(|start| start.cpu_ms).collect());
    let footprint = |what, figure, unit, budget| Footprint { what, figure, unit, budget };
    Ok(vec![
        footprint("binary", bytes as f64 / 1e6, "MB", 40.0),
        footprint("first start ever, to the first answer", wall(&first), "ms", 1_500.0),
        footprint("its CPU until then", cpu(&first), "ms", 0.0),
        footprint("start on existing data, to the first answer", wall(&again), "ms", 30.0),
        footprint("its CPU until then", cpu(&again), "ms", 0.0),
        footprint("resident memory, idle", median(idle), "MiB", 25.0),
    ])
}

/// Resident memory in KiB of the development server before the loads: its seed has hashed.
///
/// # Errors
/// The server is gone.
pub async fn idle(server: &Running) -> Result<u64> {
    tokio::time::sleep(REST).await;
    memory_kib(server.target.pid, "VmRSS")
}

/// Memory once all loads are over, beside what it was before.
///
/// # Errors
/// The server is gone.
pub fn after(server: &Running, idle_kib: u64) -> Result<Vec<Footprint>> {
    let pid = server.target.pid;
    let row = |what, kib: u64, budget| {
        let figure = kib as f64 / 1_024.0;
        Footprint { what, figure, unit: "MiB", budget }
    };
    Ok(vec![
        row("resident memory with --dev, idle", idle_kib, 0.0),
        row("resident memory after all loads", memory_kib(pid, "VmRSS")?, 80.0),
        row("its peak", memory_kib(pid, "VmHWM")?, 0.0),
    ])
}

/// What a start took until the first answer.
struct Started {
    wall_ms: f64,
    cpu_ms: f64,
}

/// Resident memory of a server without --dev that has answered once and rests.
async fn idle_mib(binary: &Path, data: &Path) -> Result<f64> {
    let port = free_port()?;
    let mut command = server::command(binary, data);
    let mut process = server::spawn(command.env("KEYSTEAD_HTTP_PORT", port.to_string()))?;
    first_answer(&mut process, port, clock::now()).await?;
    tokio::time::sleep(REST).await;
    let kib = memory_kib(process.id(), "VmRSS")?;
    process.stop()?;
    Ok(kib as f64 / 1_024.0)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

async fn started(binary: &Path, data: &Path, dev: bool) -> Result<Started> {
    let port = free_port()?;
    let mut command = server::command(binary, data);
    command.env("KEYSTEAD_HTTP_PORT", port.to_string());
    if dev {
        command.arg("--dev");
    }
    let began = clock::now();
    let mut process = server::spawn(&mut command)?;
    first_answer(&mut process, port, began).await?;
    let wall_ms = began.elapsed().as_secs_f64() * 1_000.0;
    let cpu_ms = cpu_seconds(process.id())? * 1_000.0;
    if dev {
        // What follows runs on a folder that is complete.
        server::dev_json(data, &mut process).await?;
    }
    process.stop()?;
    Ok(Started { wall_ms, cpu_ms })
}

async fn first_answer(process: &mut Process, port: u16, began: Instant) -> Result<()> {
    let (host, at) = (format!("localhost:{port}"), SocketAddr::from(([127, 0, 0, 1], port)));
    let line = "GET /oidc/.well-known/openid-configuration";
    let mut request = Vec::new();
    Plain { line, host: &host, headers: "", media_type: "", body: "" }.write(&mut request);
    while began.elapsed() < GIVE_UP {
        // Nobody listens yet, or somebody does: then the answer must be good.
        if let Ok(mut connection) = Connection::open(at).await {
            let answer = connection.ask(&request).await.context("the first answer")?;
            anyhow::ensure!(answer.status == 200, "the first answer was {}", answer.status);
            return Ok(());
        }
        anyhow::ensure!(!process.ended()?, "the server ended before it answered");
        tokio::time::sleep(TRY).await;
    }
    bail!("no answer within {GIVE_UP:?}")
}
