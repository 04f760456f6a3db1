//! Randomness, and the ids made of it.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::{Code, Error, Id, Millis, Result, Secret};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where random bits come from: the system, or a seed that a test chose.
pub struct Random {
    source: Source,
    last_ms: AtomicU64,
}

enum Source {
    System(SystemRandom),
    Seeded(Box<Mutex<(u64, aws_lc_rs::hmac::Key)>>),
}

impl Random {
    /// The system's generator.
    #[must_use]
    pub fn system() -> Self {
        Self { source: Source::System(SystemRandom::new()), last_ms: AtomicU64::new(0) }
    }

    /// A reproducible sequence for tests: never for a server that listens.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &seed.to_be_bytes());
        Self { source: Source::Seeded(Box::new(Mutex::new((0, key)))), last_ms: AtomicU64::new(0) }
    }

    /// Fills `bytes`.
    ///
    /// # Errors
    /// `internal` when the system has no randomness to give.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<()> {
        match &self.source {
            Source::System(system) => system.fill(bytes).map_err(|_| {
                Error::new(Code::Internal).caused_by("the system gave no random bits")
            }),
            Source::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for chunk in bytes.chunks_mut(32) {
                    state.0 += 1;
                    let tag = aws_lc_rs::hmac::sign(&state.1, &state.0.to_be_bytes());
                    for (to, from) in chunk.iter_mut().zip(tag.as_ref()) {
                        *to = *from;
                    }
                }
                Ok(())
            }
        }
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// 256 random bits as 43 characters of base64url: the form `t` of one-time secrets.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn token(&self) -> Result<Secret> {
        Ok(Secret::new(URL_SAFE_NO_PAD.encode(self.bytes::<32>()?)))
    }

    /// `n` random decimal digits, each as likely as the others.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn digits(&self, n: u32) -> Result<Secret> {
        let mut text = String::new();
        while text.len() < usize::try_from(n).unwrap_or_default() {
            // 250 is the greatest multiple of ten in a byte: what lies above would favour some.
            let [byte] = self.bytes::<1>()?;
            if byte < 250 {
                text.push(char::from(b'0' + byte % 10));
            }
        }
        Ok(Secret::new(text))
    }

    /// `n` random characters of this alphabet of at most 256, each as likely as the others.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn characters(&self, n: u32, alphabet: &[u8]) -> Result<Secret> {
        let mut text = String::new();
        // Bytes from the greatest multiple of the alphabet's length on would favour some.
        let fair = 256_usize.checked_rem(alphabet.len()).map_or(0, |rest| 256 - rest);
        while text.len() < usize::try_from(n).unwrap_or_default() && fair > 0 {
            let byte = usize::from(self.bytes::<1>()?[0]);
            if byte < fair
                && let Some(one) = alphabet.get(byte % alphabet.len())
            {
                text.push(char::from(*one));
            }
        }
        Ok(Secret::new(text))
    }

    /// `n` random bytes as lower-case hexadecimal.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn hex(&self, n: usize) -> Result<String> {
        let mut bytes = vec![0; n];
        self.fill(&mut bytes)?;
        Ok(hex::encode(bytes))
    }

    /// A new id at this real time; ids of one process never go back in time.
    ///
    /// # Errors
    /// As [`Random::fill`].
    pub fn id(&self, real: Millis) -> Result<Id> {
        let ms = u64::try_from(real.0).unwrap_or_default();
        let last = self.last_ms.fetch_max(ms, Ordering::Relaxed).max(ms);
        let [a, b, c, d, e, f] = self.bytes::<6>()?;
        Ok(Id::from_parts(last, u64::from_be_bytes([0, 0, a, b, c, d, e, f])))
    }
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Random")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_the_system_does_not() {
        let (a, b) = (Random::seeded(7), Random::seeded(7));
        assert_eq!(a.hex(40).unwrap(), b.hex(40).unwrap());
        let system = Random::system();
        assert_ne!(system.hex(16).unwrap(), system.hex(16).unwrap());
        assert_eq!(system.token().unwrap().expose().len(), 43);
    }

    #[test]
    fn ids_never_go_back() {
        let random = Random::seeded(1);
        let later = random.id(Millis(2_000)).unwrap();
        let earlier_clock = random.id(Millis(1_000)).unwrap();
        assert_eq!(later.to_string().get(..12), earlier_clock.to_string().get(..12));
    }
}
