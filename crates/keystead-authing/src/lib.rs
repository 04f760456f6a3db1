//! The Authing dialects over the domain: V3 now, V2 to come.

pub mod signature;
pub mod v3;
