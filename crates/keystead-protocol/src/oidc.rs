//! OpenID Connect: claims by scope, and the discovery document.

pub mod claims;
pub mod discovery;

pub use claims::{Address, UserFacts, claims_for};
pub use discovery::{Discovery, document};
