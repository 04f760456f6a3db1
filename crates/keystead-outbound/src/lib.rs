//! What leaves the process: messages and guarded HTTP, each with its in-memory twin.

pub mod capture;
pub mod gateways;

pub use capture::{Capture, Channel, Message};
pub use gateways::{Gateways, Refusal};
