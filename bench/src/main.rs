//! What a request costs: loads against the built server, beside floor programs without storage.
//!
//! `bench/run` builds both programs in profile `dist` and starts this one. It starts the `keystead`
//! that lies beside it on a fresh data folder, runs every work at 1, 16 and 64 connections, each
//! three times, and runs the floor (`floor.rs`) and the peer (`peer/`) right after each, so that
//! all see the same machine. CPU is the program's own, as the kernel accounts it.

mod callers;
mod clock;
mod floor;
mod footprint;
mod http;
mod load;
mod machine;
mod measure;
mod mixed;
mod people;
mod report;
mod server;
mod site;
mod works;

use anyhow::Result;
use clap::Parser;
use measure::{Plan, Programs};
use report::Report;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The server's allocator; the floor runs on the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the built server.
#[derive(Debug, Parser)]
struct Options {
    /// One short run of each load: shows that it works, not what it costs.
    #[arg(long)]
    quick: bool,
    /// Only works whose name has this word; no footprints.
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
    /// Write bench/RESULTS.md.
    #[arg(long, requires = "date")]
    write: bool,
    /// The day, for the results.
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// A sentence about the machine, for the results.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The server [default: `keystead` beside this program]
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Be the floor program: serve until killed.
    #[arg(long, hide = true)]
    floor: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime
        .block_on(async { if options.floor { floor::serve().await } else { run(options).await } })
}

async fn run(options: Options) -> Result<()> {
    let binary = match &options.server {
        Some(path) => path.clone(),
        None => server::beside_this_program()?,
    };
    let plan = if options.quick { Plan::QUICK } else { Plan::FULL };
    let mut report = Report {
        machine: machine::facts(&binary),
        date: options.date.clone(),
        note: options.note.clone(),
        ..Report::default()
    };
    report.machine.push(format!("{} users in the pool", plan.users));
    if options.quick {
        report
            .machine
            .push("a quick run: it shows that everything works, not what it costs".into());
    }
    if options.only.is_none() {
        say("footprints before the loads")?;
        report.footprints = footprint::before(&binary, plan.starts).await?;
    }
    loads(&binary, &plan, &options, &mut report).await?;
    let text = report.text();
    say(&text)?;
    if options.write {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RESULTS.md");
        // What people wrote below the figures stays; there is none the first time.
        let old = std::fs::read_to_string(&path).unwrap_or_default();
        std::fs::write(&path, text + report::by_hand(&old))?;
    }
    anyhow::ensure!(report.errors() == 0, "{} answers were not what they must be", report.errors());
    Ok(())
}

async fn loads(binary: &Path, plan: &Plan, options: &Options, report: &mut Report) -> Result<()> {
    let server = server::start(binary).await?;
    let idle_kib = footprint::idle(&server).await?;
    people::make(&server, plan.users).await?;
    let (floor, peer) = (server::start_floor().await?, server::start_peer().await?);
    let programs = Programs { server, floor, peer };
    let chosen = |name: &str| options.only.as_ref().is_none_or(|word| name.contains(word.as_str()));
    for work in works::WORKS.iter().filter(|work| chosen(work.name)) {
        for connections in plan.connections {
            let row = measure::row(work, *connections, plan, &programs).await?;
            say(&row.line())?;
            report.rows.push(row);
        }
    }
    let Programs { server, floor, peer } = programs;
    if chosen(mixed::NAME) {
        report.mixed = mixed::run(&server, plan).await?;
    }
    if options.only.is_none() {
        report.footprints.extend(footprint::after(&server, idle_kib)?);
    }
    floor.kill();
    peer.kill();
    server.stop()
}

/// Prints what is going on.
fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
