//! Hashes that other systems made: read from the spellings in use, bounded, compared.

use super::{PBKDF2_MOST, PasswordError, SCRYPT_MOST, SHA_CRYPT_MOST};
use aws_lc_rs::{digest, pbkdf2};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, STANDARD_PAD_INDIFFERENT};
use md5::{Digest as _, Md5};
use sha_crypt::{PasswordHashRef, PasswordVerifier, ShaCrypt};
use std::num::NonZeroU32;
use subtle::ConstantTimeEq;

type Result<T> = std::result::Result<T, PasswordError>;

/// Longest text of a hash, in bytes.
const TEXT_MAX: usize = 1_024;
/// Lengths of hashes that we read, in bytes; shorter ones prove too little.
const OUTPUT: std::ops::RangeInclusive<usize> = 16..=64;

/// A hash of another system, within the bounds.
pub(super) enum Imported {
    Scrypt { params: scrypt::Params, salt: Vec<u8>, output: Vec<u8> },
    Pbkdf2 { hash: Hash, rounds: NonZeroU32, salt: Vec<u8>, output: Vec<u8> },
    ShaCrypt,
    Digest { hash: Hash, place: Place, salt: Vec<u8>, output: Vec<u8> },
}

/// A hash function.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// Where the salt stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Before,
    After,
    /// Nobody said: one of the two.
    Either,
}

impl Hash {
    const ALL: [(Self, &'static str, usize); 5] = [
        (Self::Md5, "md5", 16),
        (Self::Sha1, "sha1", 20),
        (Self::Sha256, "sha256", 32),
        (Self::Sha384, "sha384", 48),
        (Self::Sha512, "sha512", 64),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, own, _)| *own == name).map(|(hash, ..)| hash)
    }

    fn sized(bytes: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|(.., own)| *own == bytes).map(|(hash, ..)| hash)
    }

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(own, ..)| *own == self).map_or("", |(_, name, _)| name)
    }

    fn digest(self, parts: [&[u8]; 2]) -> Vec<u8> {
        let text = parts.concat();
        let algorithm = match self {
            Self::Md5 => return Md5::digest(&text).to_vec(),
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, &text).as_ref().to_vec()
    }

    fn pbkdf2(self) -> Option<pbkdf2::Algorithm> {
        match self {
            Self::Md5 => None,
            Self::Sha1 => Some(pbkdf2::PBKDF2_HMAC_SHA1),
            Self::Sha256 => Some(pbkdf2::PBKDF2_HMAC_SHA256),
            Self::Sha384 => Some(pbkdf2::PBKDF2_HMAC_SHA384),
            Self::Sha512 => Some(pbkdf2::PBKDF2_HMAC_SHA512),
        }
    }
}

impl Imported {
    /// Reads a hash in one of these spellings: PHC and passlib (`$scrypt$…`, `$pbkdf2-sha256$…`),
    /// crypt (`$5$…`, `$6$…`), Django (`pbkdf2_sha256$…`, `sha1$salt$…`), LDAP (`{SSHA}…`), our own
    /// for digests.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > TEXT_MAX {
            return Err(PasswordError::UnknownHash);
        }
        if text.starts_with("$5$") || text.starts_with("$6$") {
            return sha_crypt(text);
        }
        if let Some(scheme) = text.strip_prefix('{') {
            return ldap(scheme).ok_or(PasswordError::UnknownHash);
        }
        let parts: Vec<&str> = text.split('$').collect();
        match *parts.as_slice() {
            ["", "scrypt", params, salt, output] => scrypt(params, salt, output),
            ["", name, rounds, salt, output] if name.starts_with("pbkdf2") => {
                let name = name.strip_prefix("pbkdf2").unwrap_or_default();
                let hash = Hash::named(name.strip_prefix('-').unwrap_or("sha1"));
                let rounds = rounds.split(',').next().unwrap_or_default();
                let rounds = rounds.strip_prefix("i=").unwrap_or(rounds);
                pbkdf2(hash, rounds, bytes(salt), bytes(output))
            }
            ["", "digest", name, place, salt, output] => {
                let place = match place {
                    "before" => Place::Before,
                    "after" => Place::After,
                    _ => Place::Either,
                };
                digest_of(Hash::named(name), place, bytes(salt), bytes(output))
            }
            [name, rounds, salt, output] if name.starts_with("pbkdf2_") => {
                let hash = Hash::named(name.strip_prefix("pbkdf2_").unwrap_or_default());
                pbkdf2(hash, rounds, Some(salt.as_bytes().to_vec()), bytes(output))
            }
            [name, salt, output] => {
                let salt = Some(salt.as_bytes().to_vec());
                digest_of(Hash::named(name), Place::Before, salt, unhex(output))
            }
            _ => Err(PasswordError::UnknownHash),
        }
    }

    /// A bare digest in hexadecimal, told apart by its length, with the salt beside it.
    pub fn bare(text: &str, salt: Option<&str>) -> Option<Self> {
        let output = unhex(text)?;
        let salt = salt.unwrap_or_default().as_bytes().to_vec();
        digest_of(Hash::sized(output.len()), Place::Either, Some(salt), Some(output)).ok()
    }

    /// Its text: of a digest our own spelling, so that it is read in one way.
    pub fn text(&self, given: &str) -> String {
        let Self::Digest { hash, place, salt, output } = self else { return given.to_owned() };
        let place = match place {
            Place::Before => "before",
            Place::After => "after",
            Place::Either => "either",
        };
        let (salt, output) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(output));
        format!("$digest${}${place}${salt}${output}", hash.name())
    }

    /// Whether the password fits; `text` is what was parsed.
    pub fn fits(&self, text: &str, password: &[u8]) -> Result<bool> {
        Ok(match self {
            Self::Scrypt { params, salt, output } => {
                let mut made = vec![0; output.len()];
                scrypt::scrypt(password, salt, params, &mut made)
                    .map_err(|_| PasswordError::Failed)?;
                made.ct_eq(output).into()
            }
            Self::Pbkdf2 { hash, rounds, salt, output } => {
                let algorithm = hash.pbkdf2().ok_or(PasswordError::UnknownHash)?;
                pbkdf2::verify(algorithm, *rounds, salt, password, output).is_ok()
            }
            Self::ShaCrypt => {
                let known = PasswordHashRef::new(text).map_err(|_| PasswordError::UnknownHash)?;
                ShaCrypt::SHA512.verify_password(password, known).is_ok()
            }
            Self::Digest { hash, place, salt, output } => {
                let before = hash.digest([salt, password]).ct_eq(output);
                let after = hash.digest([password, salt]).ct_eq(output);
                match place {
                    Place::Before => before.into(),
                    Place::After => after.into(),
                    Place::Either => (before | after).into(),
                }
            }
        })
    }
}

fn bytes(base64: &str) -> Option<Vec<u8>> {
    STANDARD_PAD_INDIFFERENT.decode(base64.replace('.', "+")).ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    let pairs = digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, d| sum * 16 + d));
    pairs.map(|byte| u8::try_from(byte).ok()).collect()
}

fn checked(salt: Option<Vec<u8>>, output: Option<Vec<u8>>) -> Result<(Vec<u8>, Vec<u8>)> {
    let (Some(salt), Some(output)) = (salt, output) else {
        return Err(PasswordError::UnknownHash);
    };
    if !OUTPUT.contains(&output.len()) {
        return Err(PasswordError::OutOfBounds);
    }
    Ok((salt, output))
}

fn scrypt(params: &str, salt: &str, output: &str) -> Result<Imported> {
    let mut costs = [0_u64; 3];
    for part in params.split(',') {
        let (name, value) = part.split_once('=').ok_or(PasswordError::UnknownHash)?;
        let place = ["ln", "r", "p"].into_iter().position(|own| own == name);
        let place = place.and_then(|n| costs.get_mut(n)).ok_or(PasswordError::UnknownHash)?;
        *place = value.parse().map_err(|_| PasswordError::UnknownHash)?;
    }
    let (salt, output) = checked(bytes(salt), bytes(output))?;
    if costs.iter().zip(SCRYPT_MOST).any(|(own, most)| *own > most) {
        return Err(PasswordError::OutOfBounds);
    }
    let [ln, r, p] = costs.map(|cost| u32::try_from(cost).unwrap_or_default());
    let ln = u8::try_from(ln).map_err(|_| PasswordError::OutOfBounds)?;
    let params = scrypt::Params::new(ln, r, p).map_err(|_| PasswordError::UnknownHash)?;
    Ok(Imported::Scrypt { params, salt, output })
}

fn pbkdf2(
    hash: Option<Hash>,
    rounds: &str,
    salt: Option<Vec<u8>>,
    output: Option<Vec<u8>>,
) -> Result<Imported> {
    let hash = hash.filter(|hash| hash.pbkdf2().is_some()).ok_or(PasswordError::UnknownHash)?;
    let rounds: u64 = rounds.parse().map_err(|_| PasswordError::UnknownHash)?;
    let (salt, output) = checked(salt, output)?;
    let rounds = u32::try_from(rounds).ok().filter(|rounds| *rounds <= PBKDF2_MOST);
    let rounds = rounds.ok_or(PasswordError::OutOfBounds)?;
    let rounds = NonZeroU32::new(rounds).ok_or(PasswordError::UnknownHash)?;
    Ok(Imported::Pbkdf2 { hash, rounds, salt, output })
}

fn digest_of(
    hash: Option<Hash>,
    place: Place,
    salt: Option<Vec<u8>>,
    output: Option<Vec<u8>>,
) -> Result<Imported> {
    let hash = hash.ok_or(PasswordError::UnknownHash)?;
    let (salt, output) = checked(salt, output)?;
    if Hash::sized(output.len()) != Some(hash) {
        return Err(PasswordError::UnknownHash);
    }
    Ok(Imported::Digest { hash, place, salt, output })
}

fn sha_crypt(text: &str) -> Result<Imported> {
    let rounds = text.split('$').find_map(|part| part.strip_prefix("rounds="));
    if let Some(rounds) = rounds {
        let rounds: u64 = rounds.parse().map_err(|_| PasswordError::UnknownHash)?;
        if rounds > SHA_CRYPT_MOST {
            return Err(PasswordError::OutOfBounds);
        }
        if rounds < u64::from(sha_crypt::Params::ROUNDS_MIN) {
            return Err(PasswordError::UnknownHash);
        }
    }
    let length = text.rsplit('$').next().map(str::len);
    let wanted = if text.starts_with("$5$") { 43 } else { 86 };
    if length != Some(wanted) || text.split('$').count() > 5 {
        return Err(PasswordError::UnknownHash);
    }
    PasswordHashRef::new(text).map(|_| Imported::ShaCrypt).map_err(|_| PasswordError::UnknownHash)
}

/// `SSHA}…`: the salt, if any, stands behind the hash.
fn ldap(scheme: &str) -> Option<Imported> {
    let (name, value) = scheme.split_once('}')?;
    let name = name.to_ascii_lowercase();
    let (hash, salted) = match name.as_str() {
        "sha" => (Hash::Sha1, false),
        "ssha" => (Hash::Sha1, true),
        "smd5" => (Hash::Md5, true),
        other => match other.strip_prefix('s').and_then(Hash::named) {
            Some(hash) => (hash, true),
            None => (Hash::named(other)?, false),
        },
    };
    let (.., size) = Hash::ALL.into_iter().find(|(own, ..)| *own == hash)?;
    let (output, salt) =
        bytes(value)?.split_at_checked(size).map(|(a, b)| (a.to_vec(), b.to_vec()))?;
    if salt.is_empty() == salted {
        return None;
    }
    Some(Imported::Digest { hash, place: Place::After, salt, output })
}
