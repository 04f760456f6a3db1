//! Endpoint rows shared by server and client, and the client's transport.
//!
//! A row of [`endpoints!`] says once how an operation looks on the wire. The server mounts it, the
//! client calls it, and lists of endpoints are read from it, so the three cannot drift apart.
//! Nothing here knows an HTTP framework, a vendor's dialect or the domain. The transport, behind
//! feature `client`, sends a row's request and repeats it when the server says "later".
#![deny(missing_docs)]

pub mod decode;
pub mod error;
mod macros;
mod node;
pub mod page;
mod pairs;
pub mod reply;
pub mod row;

#[cfg(feature = "client")]
pub mod encode;
#[cfg(feature = "client")]
pub mod retry;
#[cfg(feature = "client")]
pub mod transport;

pub use decode::{DecodeError, DecodeKind, Input, decode};
pub use error::SdkError;
pub use page::{Items, Listed, Page, Paged, Pages};
pub use pairs::pairs;
pub use reply::{Reply, Respond};
pub use row::{Answer, Body, Caller, Endpoint, EndpointRow, Repeat};

#[cfg(feature = "client")]
pub use transport::{Dialect, HttpClient, HttpClientBuilder, Outgoing};
