//! Keystead: a home for identities in one binary.

use clap::Parser as _;
use keystead::cli::{self, Cli};
use keystead::config::Vars;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(Cli::parse(), &Vars::of_process())
}
