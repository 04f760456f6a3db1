//! The invariants of absence of ARCHITECTURE.md: one check each, read from crate graph and tree.

mod adapters;
mod arrows;
mod attacks;
mod clock;
mod locales;
mod names;
mod secrets;
mod size;
mod sql;
mod sql_text;
mod tree;

use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;
use tree::Tree;

/// One thing that is not as it must be.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// Path inside the repository.
    path: String,
    /// Line, from 1; 0 when the whole file is meant.
    line: usize,
    /// What is wrong and what to do.
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, what: what.into() }
    }
}

/// One check: the sentence it proves, and how.
struct Check {
    says: &'static str,
    run: fn(&Tree) -> Vec<Finding>,
}

const CHECKS: &[Check] = &[
    Check { says: "dependencies between our crates are those drawn", run: arrows::ours },
    Check { says: "drivers, frameworks and clients stay in their crates", run: arrows::foreign },
    Check { says: "every crate takes the lints of the workspace", run: arrows::lints },
    Check { says: "clippy holds function length and parameters", run: size::clippy_limits },
    Check { says: "no file over 400 non-test lines", run: size::files },
    Check { says: "no line over 100 columns", run: size::lines },
    Check { says: "each file says its duty first", run: names::duties },
    Check { says: "no banned names, no mod.rs", run: names::banned },
    Check { says: "no ignored test", run: names::ignored },
    Check { says: "no path of a machine, no registry host", run: names::machines },
    Check { says: "no domain type is serialised", run: adapters::domain_types },
    Check { says: "adapters decide nothing", run: adapters::decisions },
    Check { says: "no clock, randomness, environment outside their files", run: clock::sources },
    Check { says: "no secret type can be printed", run: secrets::printable },
    Check { says: "the Host header is read in its places only", run: secrets::host_header },
    Check { says: "SQL stands in sql! and in keystead-store only", run: sql::places },
    Check { says: "each text on a pool's table binds the pool", run: sql::pools },
    Check { says: "SQL keeps to the portable subset", run: sql::portable },
    Check { says: "migrations name each unique index and defer nothing", run: sql::migrations },
    Check { says: "locale files agree, with no key missing or unused", run: locales::keys },
    Check { says: "each row of attacks names tests that exist", run: attacks::table },
];

/// Runs every check: the text to print, and whether all passed.
pub fn run(root: &Path) -> Result<(String, bool)> {
    let tree = Tree::read(root)?;
    let mut text = String::new();
    let mut failed = 0;
    for check in CHECKS {
        let findings = (check.run)(&tree);
        let mark = if findings.is_empty() { "ok  " } else { "FAIL" };
        writeln!(text, "{mark} {}", check.says)?;
        for Finding { path, line, what } in &findings {
            writeln!(text, "     {path}:{line}: {what}")?;
        }
        failed += usize::from(!findings.is_empty());
    }
    writeln!(text, "{} passed, {failed} failed", CHECKS.len() - failed)?;
    Ok((text, failed == 0))
}
