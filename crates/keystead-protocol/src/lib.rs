//! Rules of JOSE, passwords, OAuth 2 and OpenID Connect. No I/O, no async, no clock.
//!
//! A check answers a part that nothing else can make (`Redirect`, `Challenge`, `Scope`), so a
//! value of such a type is the proof that its rule was kept.

pub mod jose;
pub mod oauth;
pub mod oidc;
pub mod passwords;
pub mod transport;
