//! The clients of the V3 dialect.

mod authentication;
mod builder;
mod keys;
mod management;
mod oidc;
mod random;
mod raw;
mod sign_in;
mod sign_up;
mod unwrap;
mod urls;

pub use authentication::{AuthenticationClient, ClientAuthentication};
pub use builder::{AuthenticationClientBuilder, ManagementClientBuilder};
pub use management::ManagementClient;
pub use sign_in::Phone;
pub use urls::{AuthorizeRequest, AuthorizeUrl, LogoutRequest};

/// How this SDK calls itself.
const SDK_VERSION: &str = concat!("keystead-rust:", env!("CARGO_PKG_VERSION"));

#[cfg(test)]
mod tests;
