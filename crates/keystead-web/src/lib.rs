//! The harness: routes from rows, a context per request, credentials, limits, answers.
//!
//! It knows HTTP and no dialect: each adapter hands over its rows with a [`Dialect`] that dresses
//! answers and refusals.

pub mod cookies;
pub mod dialect;
pub mod dispatch;
pub mod faces;
pub mod facts;
pub mod forwarded;
pub mod landing;
pub mod origin;
pub mod principal;
pub mod reply;
pub mod routes;
pub mod server;

pub use dialect::Dialect;
pub use routes::{Handler, Routes};
pub use server::Server;
