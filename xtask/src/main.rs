//! Automation: tidy checks, migration from the model, coverage.
fn main() {}
