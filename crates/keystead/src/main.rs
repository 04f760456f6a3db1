//! Keystead: a home for identities in one binary.
fn main() {}
