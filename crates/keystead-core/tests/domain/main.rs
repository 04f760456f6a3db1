//! The domain against both databases: what must hold however many ask at once.

mod codes;
mod counters;
mod refresh;
mod seeds;
mod server;
mod setup;
mod signin;
