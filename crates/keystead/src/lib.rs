//! The server: command line, settings, texts, certificates, listeners, wiring.
//!
//! A library so that integration tests can start servers in their own process.

pub mod app;
pub mod cli;
pub mod config;
pub mod datadir;
pub mod health;
pub mod listen;
pub mod local_only;
pub mod logs;
pub mod serve;
pub mod texts;
pub mod tls;
