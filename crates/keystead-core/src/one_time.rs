//! Values that work once, typed by purpose: codes that people type, tokens between two steps of a
//! change, links in mails. The purpose stands inside the hash, so a value of one purpose cannot
//! even be found by another (`signin.md` 3).

pub mod address;
pub mod codes;
pub mod purpose;
pub mod tokens;

pub use address::Address;
pub use codes::{Asked, CodeCheck, Looked};
pub use purpose::{CodePurpose, TokenPurpose};
