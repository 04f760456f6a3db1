//! What leaves the process: messages and guarded HTTP, each with its in-memory twin.

pub mod capture;

pub use capture::{Capture, Channel, Message};
