//! The domain against both databases: what must hold however many ask at once.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod access_keys;
mod account;
mod audit;
mod captcha;
mod codes;
mod consents;
mod counters;
mod custom_fields;
mod flows;
mod handles;
mod messages;
mod node;
mod one_time;
mod refresh;
mod refresh_model;
mod roles;
mod rotation;
mod seeds;
mod server;
mod setup;
mod signin;
mod users;
