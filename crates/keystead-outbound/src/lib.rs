//! What leaves the process: messages and guarded HTTP, each with its in-memory twin.

pub mod capture;
pub mod gateways;
pub mod guard;
pub mod mail;
pub mod sms;

pub use capture::{Capture, Channel, Message};
pub use gateways::{Gateways, Refusal};
pub use guard::Guard;
pub use mail::Mailer;
pub use sms::{SmsGateway, SmsSettings};
