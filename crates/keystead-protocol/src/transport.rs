//! Passwords that come encrypted with our RSA key: PKCS #1 v1.5, 2 048 bits (`signin.md` 7.2).
//!
//! Telling a caller that the padding was wrong would let them decrypt any ciphertext with some
//! ten thousand questions. So a bad one gives a pseudo-random text instead of an error, always
//! the same for the same ciphertext, and only doors that set a password may look at the flag.

mod fields;

pub use fields::FieldKey;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rsa::{KeySize, Pkcs1PrivateDecryptingKey, PrivateDecryptingKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_PAD_INDIFFERENT, URL_SAFE_NO_PAD};
use keystead_model::Secret;
use zeroize::Zeroizing;

/// Bytes of a key's modulus, and so of every ciphertext.
const BLOCK: usize = 256;
/// Characters of a ciphertext in base64.
const BLOCK_BASE64: usize = BLOCK.div_ceil(3) * 4;

/// Why a key or a transported password was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Not base64 of exactly one block: this says nothing about the key, so it may be told.
    #[error("the encrypted password is not base64 of one RSA block")]
    Malformed,
    /// The key is no RSA key of 2 048 bits, or aws-lc failed.
    #[error("the transport key cannot be used")]
    Key,
}

/// A private key that passwords are encrypted to.
pub struct TransportKey {
    private: PrivateDecryptingKey,
    decrypt: Pkcs1PrivateDecryptingKey,
}

impl std::fmt::Debug for TransportKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TransportKey")
    }
}

impl TransportKey {
    /// Makes a new key; takes a good part of a second.
    ///
    /// # Errors
    /// aws-lc failed.
    pub fn generate() -> Result<Self, TransportError> {
        Self::new(
            PrivateDecryptingKey::generate(KeySize::Rsa2048).map_err(|_| TransportError::Key)?,
        )
    }

    /// Reads a stored key.
    ///
    /// # Errors
    /// The bytes are no PKCS #8 RSA key of 2 048 bits.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, TransportError> {
        Self::new(PrivateDecryptingKey::from_pkcs8(der).map_err(|_| TransportError::Key)?)
    }

    fn new(private: PrivateDecryptingKey) -> Result<Self, TransportError> {
        if private.key_size_bytes() != BLOCK {
            return Err(TransportError::Key);
        }
        let decrypt = Pkcs1PrivateDecryptingKey::new(private.clone());
        Ok(Self { private, decrypt: decrypt.map_err(|_| TransportError::Key)? })
    }

    /// The private key as PKCS #8, to be sealed; the copy is wiped when dropped.
    ///
    /// # Errors
    /// aws-lc failed.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, TransportError> {
        let der: Pkcs8V1Der<'_> = self.private.as_der().map_err(|_| TransportError::Key)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The public key as clients fetch it: SubjectPublicKeyInfo in PEM (RFC 7468, 13).
    ///
    /// # Errors
    /// aws-lc failed.
    pub fn public_pem(&self) -> Result<String, TransportError> {
        let der: PublicKeyX509Der<'_> =
            self.private.public_key().as_der().map_err(|_| TransportError::Key)?;
        let text = STANDARD.encode(der.as_ref());
        let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
        for (at, c) in text.chars().enumerate() {
            if at > 0 && at % 64 == 0 {
                pem.push('\n');
            }
            pem.push(c);
        }
        pem.push_str("\n-----END PUBLIC KEY-----\n");
        Ok(pem)
    }

    /// The text inside a ciphertext; none when the padding or the encoding is wrong.
    fn open(&self, ciphertext: &[u8]) -> Option<Zeroizing<String>> {
        let mut block = Zeroizing::new([0; BLOCK]);
        let plain = self.decrypt.decrypt(ciphertext, block.as_mut_slice()).ok()?;
        text(plain)
    }
}

/// A decrypted password, or what stands in for one.
#[derive(Debug)]
pub struct Decrypted {
    /// The password; a pseudo-random text when `sound` is false.
    pub password: Secret,
    /// Whether some key opened it. At *sign-in* nobody may look at this: hash and compare the
    /// text either way. Doors that *set* a password answer `password.undecryptable`, throttled.
    pub sound: bool,
}

/// Decrypts a transported password. A ciphertext names no key, so all are tried, always.
///
/// `fallback_key` keys the text that stands in for a password with bad padding; it is a secret of
/// the pool and stays the same, since answers that change between two tries would be an oracle.
///
/// # Errors
/// [`TransportError::Malformed`] when the text is not base64 of one block;
/// [`TransportError::Key`] without any key.
pub fn decrypt(
    keys: &[&TransportKey],
    base64: &str,
    fallback_key: &[u8],
) -> Result<Decrypted, TransportError> {
    if base64.len() > BLOCK_BASE64 {
        return Err(TransportError::Malformed);
    }
    let ciphertext =
        STANDARD_PAD_INDIFFERENT.decode(base64).map_err(|_| TransportError::Malformed)?;
    if ciphertext.len() != BLOCK {
        return Err(TransportError::Malformed);
    }
    if keys.is_empty() {
        return Err(TransportError::Key);
    }
    // Made in every case, so that a right padding does not save the work.
    let stand_in = stand_in(fallback_key, &ciphertext);
    let opened = keys.iter().fold(None, |found, key| {
        let own = key.open(&ciphertext);
        found.or(own)
    });
    let sound = opened.is_some();
    let password = Secret::new(
        opened.map_or_else(|| stand_in.as_str().to_owned(), |text| text.as_str().to_owned()),
    );
    Ok(Decrypted { password, sound })
}

fn stand_in(fallback_key: &[u8], ciphertext: &[u8]) -> Zeroizing<String> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, fallback_key));
    context.update(b"keystead password transport\0");
    context.update(ciphertext);
    Zeroizing::new(URL_SAFE_NO_PAD.encode(context.sign()))
}

/// Reads UTF-8 or CESU-8: the V2 client writes characters beyond U+FFFF as two surrogates of
/// three bytes each. Pairs are joined; a lone one is no character.
fn text(bytes: &[u8]) -> Option<Zeroizing<String>> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Zeroizing::new(text.to_owned()));
    }
    let mut joined = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        if let &[0xed, high @ 0xa0..=0xaf, h, 0xed, low @ 0xb0..=0xbf, l, ref after @ ..] = rest {
            let unit = |mid: u8, end: u8| u32::from(mid & 0x0f) << 6 | u32::from(end & 0x3f);
            let c = char::from_u32(0x1_0000 + (unit(high, h) << 10 | unit(low, l)))?;
            if h & 0xc0 != 0x80 || l & 0xc0 != 0x80 {
                return None;
            }
            joined.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            rest = after;
        } else {
            joined.push(first);
            rest = tail;
        }
    }
    std::str::from_utf8(&joined).ok().map(|text| Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::rsa::Pkcs1PublicEncryptingKey;
    use std::sync::LazyLock;

    static KEYS: LazyLock<[TransportKey; 2]> =
        LazyLock::new(|| [TransportKey::generate().unwrap(), TransportKey::generate().unwrap()]);

    fn encrypt(key: &TransportKey, plain: &[u8]) -> Vec<u8> {
        let mut out = vec![0; BLOCK];
        let public = Pkcs1PublicEncryptingKey::new(key.private.public_key()).unwrap();
        public.encrypt(plain, &mut out).unwrap();
        out
    }

    fn open(keys: &[&TransportKey], ciphertext: &[u8]) -> Decrypted {
        decrypt(keys, &STANDARD.encode(ciphertext), b"pool").unwrap()
    }

    #[test]
    fn both_keys_open_and_keys_can_be_stored() {
        let [new, old] = &*KEYS;
        let again = TransportKey::from_pkcs8(&old.to_pkcs8().unwrap()).unwrap();
        for (key, plain) in
            [(new, "passw0rd"), (old, "密码😀"), (old, ""), (new, &*"x".repeat(245))]
        {
            let opened = open(&[new, &again], &encrypt(key, plain.as_bytes()));
            assert!(opened.sound && opened.password.same_as(plain), "{plain}");
            let unpadded = STANDARD.encode(encrypt(key, plain.as_bytes()));
            let opened = decrypt(&[new, old], unpadded.trim_end_matches('='), b"pool").unwrap();
            assert!(opened.sound);
        }
        assert_eq!(format!("{new:?}"), "TransportKey");
        assert!(TransportKey::from_pkcs8(b"no key").is_err());
    }

    #[test]
    fn bad_padding_gives_a_stable_stand_in() {
        let [new, old] = &*KEYS;
        let foreign = encrypt(old, b"secret");
        // Only the other key can open this one; a changed byte spoils it for both.
        let mut broken = encrypt(new, b"secret");
        broken[BLOCK - 1] ^= 1;
        let lone_surrogate = encrypt(new, &[0xed, 0xa0, 0x80]);
        let mut seen = Vec::new();
        for ciphertext in [&foreign, &broken, &lone_surrogate] {
            let first = open(&[new], ciphertext);
            let second = open(&[new], ciphertext);
            assert!(!first.sound && !second.sound);
            assert!(first.password.same_as(second.password.expose()));
            assert_eq!(first.password.expose().len(), 43);
            let other_pool = decrypt(&[new], &STANDARD.encode(ciphertext), b"other").unwrap();
            assert!(!other_pool.password.same_as(first.password.expose()));
            seen.push(first.password.expose().to_owned());
        }
        seen.dedup();
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn form_is_checked_before_any_key() {
        let [new, _] = &*KEYS;
        for text in [
            String::new(),
            "passw0rd".into(),
            "*".repeat(344),
            STANDARD.encode([0; 255]),
            STANDARD.encode([0; 257]),
            STANDARD.encode([1; 128]),
            format!("{}\n", STANDARD.encode([1; 256])),
            "A".repeat(100_000),
        ] {
            assert_eq!(
                decrypt(&[new], &text, b"pool").map(|_| ()),
                Err(TransportError::Malformed),
                "{text:.20}"
            );
        }
        let none = decrypt(&[], &STANDARD.encode([1; 256]), b"pool").map(|_| ());
        assert_eq!(none, Err(TransportError::Key));
        // Larger than the modulus: no decryption at all, and still no error.
        assert!(!open(&[new], &[0xff; 256]).sound);
    }

    #[test]
    fn pem_is_what_clients_parse() {
        let pem = KEYS[0].public_pem().unwrap();
        let lines: Vec<&str> = pem.lines().collect();
        assert_eq!(lines.first(), Some(&"-----BEGIN PUBLIC KEY-----"));
        assert_eq!(lines.last(), Some(&"-----END PUBLIC KEY-----"));
        assert!(lines.iter().all(|line| line.len() <= 64));
        let der = STANDARD.decode(lines[1..lines.len() - 1].concat()).unwrap();
        assert!(aws_lc_rs::rsa::PublicEncryptingKey::from_der(&der).is_ok());
    }

    #[test]
    fn cesu_8_and_utf_8() {
        let read = |bytes: &[u8]| text(bytes).map(|t| t.as_str().to_owned());
        for (bytes, want) in [
            (&b"abc"[..], Some("abc")),
            ("é密😀".as_bytes(), Some("é密😀")),
            // U+1F600 as surrogates d83d de00, alone and between other characters.
            (&[0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80], Some("😀")),
            (&[b'a', 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, b'b'], Some("a😀b")),
            // The last pair: U+10FFFF.
            (&[0xed, 0xaf, 0xbf, 0xed, 0xbf, 0xbf], Some("\u{10ffff}")),
            (&[0xed, 0xa0, 0xbd], None),
            (&[0xed, 0xb8, 0x80], None),
            (&[0xed, 0xb8, 0x80, 0xed, 0xa0, 0xbd], None),
            (&[0xed, 0xa0, 0x3d, 0xed, 0xb8, 0x80], None),
            (&[0xff], None),
            (&[0xc0, 0x80], None),
        ] {
            assert_eq!(read(bytes).as_deref(), want, "{bytes:x?}");
        }
    }
}
