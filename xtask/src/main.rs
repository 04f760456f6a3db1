//! Automation: `cargo xtask tidy | coverage [--check] | settings | tables DESIGN_DIR`.

mod coverage;
mod tables;
mod tidy;
mod tokens;

use anyhow::{Context, Result, bail};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask tidy                checks the invariants of absence of ARCHITECTURE.md
cargo xtask coverage [--check]  counts known, implemented and covered methods;
                                --check fails when uncovered.txt would have to grow
cargo xtask settings            writes docs/settings.md from the rows of settings
cargo xtask openapi             writes crates/keystead/openapi/v3.json from the rows of V3
cargo xtask tables DESIGN_DIR   writes the first migration from the notation of the model pages
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match run(&words) {
        Ok((text, good)) => {
            let _ = std::io::stdout().write_all(text.as_bytes());
            if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command: the text to print, and whether all is well.
fn run(words: &[&str]) -> Result<(String, bool)> {
    let root = root()?;
    match words {
        ["tidy"] => tidy::run(&root),
        ["coverage"] => coverage::run(&root, false),
        ["coverage", "--check"] => coverage::run(&root, true),
        ["settings"] => {
            let out = root.join("docs/settings.md");
            std::fs::write(&out, settings(&root)?)?;
            Ok((format!("wrote {}\n", out.display()), true))
        }
        ["openapi"] => openapi(&root),
        ["tables", design] => {
            let out = root.join("crates/keystead-store/migrations/0001.sql");
            tables::run(Path::new(design), &out)?;
            Ok((format!("wrote {}\n", out.display()), true))
        }
        _ => bail!("unknown command\n{USAGE}"),
    }
}

/// The settings reference, as the server itself prints it.
fn settings(root: &Path) -> Result<Vec<u8>> {
    let mut command = std::process::Command::new("cargo");
    command.args(["run", "--quiet", "-p", "keystead", "--", "config", "reference"]);
    let output = command.current_dir(root).stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("`keystead config reference` failed");
    }
    Ok(output.stdout)
}

/// The description of V3, written by the test that holds it against the rows.
fn openapi(root: &Path) -> Result<(String, bool)> {
    let mut command = std::process::Command::new("cargo");
    command.args([
        "test",
        "--quiet",
        "-p",
        "keystead",
        "--test",
        "it",
        "the_committed_description",
    ]);
    let status = command.current_dir(root).env("KEYSTEAD_WRITE_OPENAPI", "1").status()?;
    Ok(("wrote crates/keystead/openapi/v3.json\n".to_owned(), status.success()))
}

/// The folder of the workspace.
fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_path_buf).context("xtask stands in no folder")
}
