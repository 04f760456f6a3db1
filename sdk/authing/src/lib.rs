//! Rust SDK for Keystead's Authing V3 dialect: wire types, rows and clients.
//!
//! The wire types and rows are shared with the server, so client and server cannot drift apart.
//! With feature `client` (on by default) there are two clients:
//! - [`AuthenticationClient`] acts for an application and its users: signing in, tokens, OpenID
//!   Connect;
//! - [`ManagementClient`] acts for an administrator: its calls are signed with an access key.
//!
//! ```no_run
//! # async fn run() -> Result<(), keystead_authing::SdkError> {
//! use keystead_authing::{ManagementClient, v3::users::GetUser};
//!
//! let client = ManagementClient::builder()
//!     .access_key_id("6420…")
//!     .access_key_secret("b2d4…")
//!     .host("https://id.example.com")
//!     .build()?;
//! let user = client.get_user(&GetUser::by_id("6421…")).await?;
//! assert_eq!(user.user_id, "6421…");
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

pub mod envelope;
#[cfg(feature = "schema")]
pub mod openapi;
pub mod secret;
pub mod sign;
pub mod v3;
mod words;

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
pub mod tokens;

pub use envelope::Envelope;
pub use keystead_endpoint::SdkError;
pub use secret::Secret;

#[cfg(feature = "client")]
pub use client::{AuthenticationClient, ClientAuthentication, ManagementClient, Phone};
#[cfg(feature = "client")]
pub use keystead_endpoint::retry::Retry;
#[cfg(feature = "client")]
pub use keystead_endpoint::{HttpClient, HttpClientBuilder, Items, Page, Paged, Pages};
