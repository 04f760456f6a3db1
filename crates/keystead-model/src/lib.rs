//! The vocabulary every other crate speaks: ids, errors, settings, events, texts. No I/O.
//!
//! Nothing here knows HTTP, SQL or a vendor's dialect.

pub mod base_fields;
pub mod change;
pub mod codes;
pub mod countries;
pub mod error;
pub mod event;
pub mod ids;
pub mod issuer;
pub mod keys;
pub mod millis;
pub mod network;
pub mod page;
pub mod permission;
pub mod secret;
pub mod settings;
pub mod text;

pub use change::{Change, ChangeKind};
pub use codes::{Code, Kind};
pub use error::{Error, Result};
pub use event::{Actor, Event, EventKind};
pub use ids::*;
pub use issuer::IssuerKind;
pub use millis::Millis;
pub use page::{Page, PageRequest};
pub use permission::Permission;
pub use secret::Secret;
pub use settings::{Algorithm, Settings};
pub use text::{Locale, Texts};
