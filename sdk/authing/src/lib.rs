//! Rust SDK for Keystead's Authing V3 dialect: wire types, rows and clients.
