//! The whole server, asked over HTTP: on SQLite and on PostgreSQL.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod actors;
mod browser;
mod database;
mod gateway;
mod process;
mod raw;
mod server;

mod access_keys;
mod audit_logs;
mod backup;
mod bad_input;
mod codes;
mod commands;
mod consent;
mod crash;
mod dev;
mod disk;
mod every_row;
mod forwarded;
mod hash_queue;
mod isolation;
mod messages;
mod openapi;
mod pages;
mod parity;
mod reopen;
mod roles;
mod seeds;
mod signatures;
mod signin;
mod users;

/// Makes of each `async fn name(Engine)` one test per engine.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::database::Engine::Sqlite).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::database::Engine::Postgres).await;
            })+
        }
    };
}
pub(crate) use on_both;
