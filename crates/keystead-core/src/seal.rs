//! Sealing and hashing: master keys wrap a pool's data keys, and these protect everything else.
//!
//! `signin.md` 1.1: a sealed value is bound to its column, row and pool, so it cannot be moved.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::{Code, Error, PoolId, Result, Secret};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

use crate::random::Random;

/// Thirty-two bytes that are wiped when dropped.
pub type KeyBytes = Zeroizing<[u8; 32]>;

/// The master keys of the server: the first wraps, all unwrap.
pub struct MasterKeys(Vec<(String, KeyBytes)>);

impl MasterKeys {
    /// Takes the keys in the order they were configured.
    ///
    /// # Errors
    /// `internal` when there is none.
    pub fn new(keys: Vec<KeyBytes>) -> Result<Self> {
        if keys.is_empty() {
            return Err(fault("no master key was given"));
        }
        Ok(Self(keys.into_iter().map(|key| (master_id(&key), key)).collect()))
    }

    /// Their ids, in order; the database names the one that wraps a data key by it.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(id, _)| id.as_str())
    }

    /// Wraps a data key under the first master key; answers the text and the master key's id.
    ///
    /// # Errors
    /// `internal` when randomness is missing.
    pub fn wrap(&self, random: &Random, key: &KeyBytes, about: &str) -> Result<(String, String)> {
        let (id, master) = self.0.first().ok_or_else(|| fault("no master key was given"))?;
        Ok((encrypt(random, master, about, key.as_slice())?, id.clone()))
    }

    /// Unwraps a data key.
    ///
    /// # Errors
    /// `internal`; the cause names the master key's id that is wanted.
    pub fn unwrap(&self, id: &str, wrapped: &str, about: &str) -> Result<KeyBytes> {
        let (_, master) = self.0.iter().find(|(known, _)| known == id).ok_or_else(|| {
            fault(&format!("the data was sealed under master key {id}, which was not given"))
        })?;
        let bytes = decrypt(master, about, wrapped)?;
        let array = <[u8; 32]>::try_from(bytes.as_slice())
            .map_err(|_| fault("a wrapped data key has the wrong length"))?;
        Ok(Zeroizing::new(array))
    }
}

impl std::fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(id, _)| id)).finish()
    }
}

/// The keys of one pool, ready for use.
pub struct PoolKeys {
    pool: PoolId,
    versions: BTreeMap<i64, Version>,
    hash: HashKeys,
}

struct Version {
    seal: LessSafeKey,
    refresh: hmac::Key,
}

struct HashKeys {
    code: hmac::Key,
    counter: hmac::Key,
    recipient: hmac::Key,
}

/// What a keyed hash is for; each label has a subkey of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// One-time codes.
    Code,
    /// Keys of counters.
    Counter,
    /// Addresses that messages go to.
    Recipient,
}

impl PoolKeys {
    /// Derives the subkeys of a pool from its unwrapped data keys, by version; 0 is the hash key.
    ///
    /// # Errors
    /// `internal` when version 0 or every other version is missing.
    pub fn new(pool: PoolId, mut keys: BTreeMap<i64, KeyBytes>) -> Result<Self> {
        let hash = keys.remove(&0).ok_or_else(|| fault("the pool has no hash key"))?;
        let hash = HashKeys {
            code: mac_key(&hash, "code")?,
            counter: mac_key(&hash, "counter")?,
            recipient: mac_key(&hash, "recipient")?,
        };
        let mut versions = BTreeMap::new();
        for (version, key) in keys {
            let seal = aead(&derive(&key, "seal")?)?;
            versions.insert(version, Version { seal, refresh: mac_key(&key, "refresh")? });
        }
        if versions.is_empty() {
            return Err(fault("the pool has no data key"));
        }
        Ok(Self { pool, versions, hash })
    }

    /// Seals `plain` for `column` (`table.column`) of the row `row`.
    ///
    /// # Errors
    /// `internal` when randomness is missing.
    pub fn seal(&self, random: &Random, column: &str, row: &str, plain: &[u8]) -> Result<String> {
        let (number, version) =
            self.versions.last_key_value().ok_or_else(|| fault("the pool has no data key"))?;
        let nonce = random.bytes::<12>()?;
        let mut data = plain.to_vec();
        version
            .seal
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(self.about(column, row)),
                &mut data,
            )
            .map_err(|_| fault("sealing failed"))?;
        Ok(format!("v{number}.{}", URL_SAFE_NO_PAD.encode([nonce.as_slice(), &data].concat())))
    }

    /// Opens what [`PoolKeys::seal`] made for the same column and row of the same pool.
    ///
    /// # Errors
    /// `internal` when the value was moved, changed, or its data key is gone.
    pub fn open(&self, column: &str, row: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>> {
        let bad = || fault(&format!("a sealed value of {column} does not open"));
        let (version, text) =
            sealed.strip_prefix('v').and_then(|rest| rest.split_once('.')).ok_or_else(bad)?;
        let version =
            version.parse().ok().and_then(|n: i64| self.versions.get(&n)).ok_or_else(bad)?;
        let data = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        open_in_place(&version.seal, &self.about(column, row), data).ok_or_else(bad)
    }

    /// [`PoolKeys::open`] for texts.
    ///
    /// # Errors
    /// As [`PoolKeys::open`], and when the value is no UTF-8.
    pub fn open_text(&self, column: &str, row: &str, sealed: &str) -> Result<Secret> {
        let bytes = self.open(column, row, sealed)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| fault("a sealed text is no UTF-8"))?;
        Ok(Secret::new(text))
    }

    /// Keyed hash of a value of low entropy, as lower-case hexadecimal.
    #[must_use]
    pub fn keyed_hash(&self, label: Label, value: &str) -> String {
        let key = match label {
            Label::Code => &self.hash.code,
            Label::Counter => &self.hash.counter,
            Label::Recipient => &self.hash.recipient,
        };
        hex::encode(hmac::sign(key, value.as_bytes()))
    }

    /// The newest version of the key under refresh tokens.
    #[must_use]
    pub fn refresh_version(&self) -> i64 {
        self.versions.last_key_value().map_or(0, |(number, _)| *number)
    }

    /// The MAC of a refresh token under a version of its key; `None` when the version is gone.
    #[must_use]
    pub fn refresh_mac(&self, version: i64, message: &[u8]) -> Option<hmac::Tag> {
        self.versions.get(&version).map(|v| hmac::sign(&v.refresh, message))
    }

    /// Whether `tag` is the MAC of `message`, in constant time.
    #[must_use]
    pub fn refresh_verify(&self, version: i64, message: &[u8], tag: &[u8]) -> bool {
        self.versions.get(&version).is_some_and(|v| hmac::verify(&v.refresh, message, tag).is_ok())
    }

    fn about(&self, column: &str, row: &str) -> String {
        format!("{column}.{row}.{}", self.pool)
    }
}

impl std::fmt::Debug for PoolKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PoolKeys({})", self.pool)
    }
}

/// Hash of a value of high entropy: SHA-256 of purpose, a zero byte, value; lower-case hexadecimal.
#[must_use]
pub fn purpose_hash(purpose: &str, value: &str) -> String {
    hex::encode(digest(&SHA256, format!("{purpose}\0{value}").as_bytes()))
}

/// A new random key.
///
/// # Errors
/// `internal` when randomness is missing.
pub fn new_key(random: &Random) -> Result<KeyBytes> {
    Ok(Zeroizing::new(random.bytes::<32>()?))
}

fn master_id(key: &KeyBytes) -> String {
    let hash = digest(&SHA256, &[b"keystead master key\0".as_slice(), key.as_slice()].concat());
    hex::encode(hash.as_ref().get(..4).unwrap_or_default())
}

struct Len32;

impl KeyType for Len32 {
    fn len(&self) -> usize {
        32
    }
}

fn derive(key: &KeyBytes, label: &str) -> Result<KeyBytes> {
    let mut out = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, b"keystead")
        .extract(key.as_slice())
        .expand(&[label.as_bytes()], Len32)
        .and_then(|okm| okm.fill(out.as_mut_slice()))
        .map_err(|_| fault("deriving a key failed"))?;
    Ok(out)
}

fn mac_key(key: &KeyBytes, label: &str) -> Result<hmac::Key> {
    Ok(hmac::Key::new(hmac::HMAC_SHA256, derive(key, label)?.as_slice()))
}

fn aead(key: &KeyBytes) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key.as_slice())
        .map(LessSafeKey::new)
        .map_err(|_| fault("a key has the wrong length"))
}

pub(crate) fn encrypt(
    random: &Random,
    key: &KeyBytes,
    about: &str,
    plain: &[u8],
) -> Result<String> {
    let nonce = random.bytes::<12>()?;
    let mut data = plain.to_vec();
    aead(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut data)
        .map_err(|_| fault("wrapping a key failed"))?;
    Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &data].concat()))
}

pub(crate) fn decrypt(key: &KeyBytes, about: &str, text: &str) -> Result<Zeroizing<Vec<u8>>> {
    let bad = || fault("a wrapped data key does not open");
    let data = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
    open_in_place(&aead(key)?, about, data).ok_or_else(bad)
}

fn open_in_place(key: &LessSafeKey, about: &str, data: Vec<u8>) -> Option<Zeroizing<Vec<u8>>> {
    let mut data = Zeroizing::new(data);
    let nonce = <[u8; 12]>::try_from(data.get(..12)?).ok()?;
    let rest = data.get_mut(12..)?;
    let plain =
        key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(about), rest).ok()?;
    Some(Zeroizing::new(plain.to_vec()))
}

#[track_caller]
fn fault(why: &str) -> Error {
    Error::new(Code::Internal).caused_by(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use keystead_model::Id;

    fn keys(pool: u64, versions: &[i64]) -> PoolKeys {
        let keys = versions.iter().map(|v| (*v, Zeroizing::new([*v as u8 + 1; 32]))).collect();
        PoolKeys::new(PoolId(Id::from_parts(pool, 0)), keys).unwrap()
    }

    #[test]
    fn a_sealed_value_opens_in_its_place_only() {
        let (random, keys1) = (Random::seeded(1), keys(1, &[0, 1]));
        let sealed = keys1.seal(&random, "applications.secret_enc", "a", b"s3cret").unwrap();
        let open = |keys: &PoolKeys, column, row| keys.open_text(column, row, &sealed);
        assert!(open(&keys1, "applications.secret_enc", "a").unwrap().same_as("s3cret"));
        assert!(open(&keys1, "applications.secret_enc", "b").is_err());
        assert!(open(&keys1, "access_keys.secret_enc", "a").is_err());
        assert!(open(&keys(2, &[0, 1]), "applications.secret_enc", "a").is_err());
    }

    #[test]
    fn an_old_version_still_opens() {
        let random = Random::seeded(1);
        let sealed = keys(1, &[0, 1]).seal(&random, "t.c", "r", b"x").unwrap();
        let newer = keys(1, &[0, 1, 2]);
        assert!(newer.open_text("t.c", "r", &sealed).unwrap().same_as("x"));
        assert!(newer.seal(&random, "t.c", "r", b"x").unwrap().starts_with("v2."));
    }

    #[test]
    fn master_keys_wrap_and_the_missing_one_is_named() {
        let random = Random::seeded(3);
        let (old, new) = (Zeroizing::new([1; 32]), Zeroizing::new([2; 32]));
        let masters = MasterKeys::new(vec![old.clone()]).unwrap();
        let (wrapped, id) = masters.wrap(&random, &Zeroizing::new([9; 32]), "p.1").unwrap();
        let both = MasterKeys::new(vec![new.clone(), old]).unwrap();
        assert_eq!(*both.unwrap(&id, &wrapped, "p.1").unwrap(), [9; 32]);
        assert!(both.unwrap(&id, &wrapped, "p.2").is_err());
        let error = MasterKeys::new(vec![new]).unwrap().unwrap(&id, &wrapped, "p.1").unwrap_err();
        assert!(error.log_line().contains(&id));
    }

    #[test]
    fn a_hash_carries_its_purpose() {
        assert_ne!(purpose_hash("auth_code", "x"), purpose_hash("link.setup", "x"));
        let keys = keys(1, &[0, 1]);
        assert_ne!(keys.keyed_hash(Label::Code, "x"), keys.keyed_hash(Label::Counter, "x"));
    }
}
