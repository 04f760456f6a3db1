//! The server's keys, kept between verifications.

use crate::secret::Secret;
use crate::tokens::Keys;
use crate::v3::oidc::Jwks;
use keystead_endpoint::SdkError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How long keys are used without asking again.
const LIVE: Duration = Duration::from_secs(3_600);
/// How long keys are used while nobody answers who could say which were withdrawn.
const LAST: Duration = Duration::from_secs(24 * 3_600);
/// How often the client asks again at most, so that forged ids cost nothing.
const REST: Duration = Duration::from_secs(30);

/// The keys of one server.
#[derive(Default)]
pub(super) struct CachedKeys {
    kept: Mutex<Option<Kept>>,
    /// Held by the one who asks the server.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    keys: Arc<Keys>,
    /// When they came.
    at: SystemTime,
    /// When the server was last asked.
    asked: SystemTime,
}

impl Kept {
    /// Whether the token can be judged by these keys without asking first.
    fn will_do(&self, token: &str, now: SystemTime) -> bool {
        let known = !self.keys.lack_key_of(token);
        let rests = since(self.asked, now) < REST;
        (known && since(self.at, now) < LIVE) || (rests && self.may_last(now))
    }

    fn may_last(&self, now: SystemTime) -> bool {
        since(self.at, now) < LAST
    }
}

/// A clock that was set back counts as "long ago".
fn since(then: SystemTime, now: SystemTime) -> Duration {
    now.duration_since(then).unwrap_or(Duration::MAX)
}

impl CachedKeys {
    /// The keys that the token is judged by; `fetch` asks the server for its set, if it must.
    pub(super) async fn of(
        &self,
        token: &str,
        now: SystemTime,
        secret: Option<&Secret>,
        fetch: impl Future<Output = Result<Jwks, SdkError>>,
    ) -> Result<Arc<Keys>, SdkError> {
        let good = |kept: &Kept| kept.will_do(token, now);
        if let Some(kept) = self.kept().filter(good) {
            return Ok(kept.keys);
        }
        let _asking = match self.asking.try_lock() {
            Ok(asking) => asking,
            Err(_) => {
                // Nobody waits for somebody else's unknown key.
                let known = |kept: &Kept| kept.may_last(now) && !kept.keys.lack_key_of(token);
                if let Some(kept) = self.kept().filter(known) {
                    return Ok(kept.keys);
                }
                self.asking.lock().await
            }
        };
        if let Some(kept) = self.kept().filter(good) {
            return Ok(kept.keys);
        }
        match fetch.await {
            Ok(jwks) => {
                let keys = Arc::new(Keys::new(&jwks, secret));
                self.keep(Kept { keys: Arc::clone(&keys), at: now, asked: now });
                Ok(keys)
            }
            Err(error) => {
                let kept = self.kept().filter(|kept| kept.may_last(now)).ok_or(error)?;
                let keys = Arc::clone(&kept.keys);
                self.keep(Kept { asked: now, ..kept });
                Ok(keys)
            }
        }
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, kept: Kept) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }
}

#[cfg(test)]
mod tests;
