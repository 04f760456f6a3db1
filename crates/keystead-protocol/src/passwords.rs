//! Stored passwords: Argon2id for our own; beside it what other systems use, for imported ones.
//!
//! Hashing is slow and takes memory: the caller runs it on its bounded pool, with one [`Memory`]
//! per permit, and with no transaction open (`signin.md` 7.3).

mod hash;
mod imported;
pub mod policy;

pub use hash::{
    Memory, NOBODY, check_hash, derive, hash, import, is_known_hash, is_weak, needs_rehash, verify,
};
pub use policy::strength;

/// The longest password that is looked at, in bytes: checked before any work.
pub const MAX_BYTES: usize = 512;

/// Costs of Argon2id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Memory in KiB.
    pub m_kib: u32,
    /// Passes.
    pub t: u32,
    /// Lanes.
    pub p: u32,
}

impl Params {
    /// What every new hash is made with.
    pub const STANDARD: Self = Self { m_kib: 19_456, t: 2, p: 1 };
    /// The most that an imported hash may cost; attack row 36.
    pub const MOST: Self = Self { m_kib: 64 * 1_024, t: 10, p: 4 };
}

/// The greatest bcrypt cost of an imported hash.
pub const BCRYPT_MOST: u32 = 13;

/// The greatest cost of an imported scrypt hash: log2 of N, r, p.
pub const SCRYPT_MOST: [u64; 3] = [17, 16, 4];
/// The most rounds of an imported PBKDF2 hash.
pub const PBKDF2_MOST: u32 = 2_000_000;
/// The most rounds of an imported SHA-crypt hash.
pub const SHA_CRYPT_MOST: u64 = 1_000_000;

/// Why a password could not be hashed or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Longer than [`MAX_BYTES`].
    #[error("the password is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// The stored text is no hash of a kind that we read.
    #[error("the hash is of no known kind or malformed")]
    UnknownHash,
    /// The stored hash costs more than we are ready to spend.
    #[error("the hash costs more than the bounds allow")]
    OutOfBounds,
    /// The library refused the parameters.
    #[error("hashing failed")]
    Failed,
}
