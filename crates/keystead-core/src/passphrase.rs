//! A text locked by a passphrase: the master key of a backup.

use crate::random::Random;
use crate::seal;
use keystead_model::{Code, Error, Result, Secret};
use keystead_protocol::passwords::{self, Params};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What it costs to try one passphrase.
const COST: Params = Params { m_kib: 64 * 1_024, t: 3, p: 1 };
/// What the text is bound to.
const ABOUT: &str = "keystead locked text 1";

/// A text that only its passphrase opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// How the key is made of the passphrase: `argon2id`.
    kdf: String,
    /// Memory of Argon2id in KiB.
    m_kib: u32,
    /// Its passes.
    t: u32,
    /// Its lanes.
    p: u32,
    /// Its salt: 16 bytes in hexadecimal.
    salt: String,
    /// base64url of nonce (12 bytes), AES-256-GCM ciphertext and tag.
    sealed: String,
}

/// Locks a text.
///
/// # Errors
/// `password.too_long` over 512 bytes, `internal` when randomness is missing.
pub fn lock(random: &Random, passphrase: &Secret, text: &Secret) -> Result<Locked> {
    crate::hash_pool::within_cap(passphrase)?;
    let salt = random.bytes::<16>()?;
    let key = key(passphrase, COST, &salt)?;
    let Params { m_kib, t, p } = COST;
    Ok(Locked {
        kdf: "argon2id".to_owned(),
        m_kib,
        t,
        p,
        salt: hex::encode(salt),
        sealed: seal::encrypt(random, &key, ABOUT, text.expose().as_bytes())?,
    })
}

/// The text; `None` when the passphrase is another.
///
/// # Errors
/// `internal` for a form or cost that is not ours.
pub fn unlock(passphrase: &Secret, locked: &Locked) -> Result<Option<Secret>> {
    let salt = hex::decode(&locked.salt).ok().and_then(|salt| <[u8; 16]>::try_from(salt).ok());
    let (Some(salt), "argon2id") = (salt, locked.kdf.as_str()) else {
        return Err(fault("the locked text has an unknown form"));
    };
    if passphrase.expose().len() > passwords::MAX_BYTES {
        return Ok(None);
    }
    let cost = Params { m_kib: locked.m_kib, t: locked.t, p: locked.p };
    let key = key(passphrase, cost, &salt)?;
    let Ok(bytes) = seal::decrypt(&key, ABOUT, &locked.sealed) else { return Ok(None) };
    let text = std::str::from_utf8(&bytes).map_err(|_| fault("the locked text is no UTF-8"))?;
    Ok(Some(Secret::new(text)))
}

fn key(passphrase: &Secret, cost: Params, salt: &[u8; 16]) -> Result<seal::KeyBytes> {
    passwords::derive(passphrase.expose().as_bytes(), cost, salt)
        .map(Zeroizing::new)
        .map_err(|e| fault(&e.to_string()))
}

#[track_caller]
fn fault(why: &str) -> Error {
    Error::new(Code::Internal).caused_by(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_passphrase_opens_it() {
        let (random, text) = (Random::seeded(1), Secret::new("0011 master"));
        let locked = lock(&random, &Secret::new("open sesame"), &text).unwrap();
        let shown = serde_json::to_string(&locked).unwrap();
        assert!(!shown.contains("0011") && !shown.contains("sesame"), "{shown}");
        let read: Locked = serde_json::from_str(&shown).unwrap();
        let opened = unlock(&Secret::new("open sesame"), &read).unwrap().unwrap();
        assert!(opened.same_as(text.expose()));
        assert!(unlock(&Secret::new("open barley"), &read).unwrap().is_none());
        let dear = Locked { m_kib: 1 << 30, ..read.clone() };
        assert!(unlock(&Secret::new("open sesame"), &dear).is_err());
        let other = Locked { kdf: "scrypt".to_owned(), ..read };
        assert!(unlock(&Secret::new("open sesame"), &other).is_err());
        assert!(lock(&random, &Secret::new("x".repeat(513)), &text).is_err());
    }
}
