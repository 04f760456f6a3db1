//! The server: command line, settings, texts, certificates, listeners, wiring.
//!
//! A library so that integration tests can start servers in their own process.

pub mod app;
pub mod backup;
pub mod cli;
pub mod commands;
pub mod config;
pub mod control;
pub mod datadir;
pub mod dev;
pub mod front;
pub mod gateways;
pub mod health;
pub mod jobs;
pub mod listen;
pub mod local_only;
pub mod logs;
mod nearest;
pub mod openapi;
pub mod opening;
pub mod seed_file;
pub mod seeding;
pub mod sentence;
pub mod serve;
pub mod texts;
pub mod tls;
