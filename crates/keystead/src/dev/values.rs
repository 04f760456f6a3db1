//! What is random per data folder: made at the first start, kept in `dev.json`.

use keystead_core::clock::Clock;
use keystead_core::random::Random;
use keystead_model::{Result, Secret};
use serde::Deserialize;

/// The random values of a development server.
#[derive(Debug, Deserialize)]
pub struct Values {
    /// Id of the application.
    pub app_id: String,
    /// Secret of the application.
    pub app_secret: Secret,
    /// Id of the access key.
    pub access_key_id: String,
    /// Secret of the access key.
    pub access_key_secret: Secret,
    /// Password of the user.
    pub user_password: Secret,
    /// Password of the administrator.
    pub admin_password: Secret,
}

impl Values {
    /// New values.
    ///
    /// # Errors
    /// `internal` when the system gives no random bits.
    pub fn new(random: &Random, clock: &Clock) -> Result<Self> {
        let now = clock.real();
        Ok(Self {
            app_id: random.id(now)?.to_string(),
            app_secret: Secret::new(random.hex(16)?),
            access_key_id: random.id(now)?.to_string(),
            access_key_secret: Secret::new(random.hex(16)?),
            user_password: Secret::new(random.hex(10)?),
            admin_password: Secret::new(random.hex(10)?),
        })
    }

    /// The values of a `dev.json`; `None` when it does not hold them all.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let values: Self = serde_json::from_str(text).ok()?;
        // They are put into a TOML text.
        let sound =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
        values.named().iter().all(|(_, text)| sound(text)).then_some(values)
    }

    /// The values under their names in `dev.json` and `dev.toml`.
    #[must_use]
    pub fn named(&self) -> [(&'static str, &str); 6] {
        [
            ("app_id", &self.app_id),
            ("app_secret", self.app_secret.expose()),
            ("access_key_id", &self.access_key_id),
            ("access_key_secret", self.access_key_secret.expose()),
            ("user_password", self.user_password.expose()),
            ("admin_password", self.admin_password.expose()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_random_and_come_back_from_their_file() {
        let (random, clock) = (Random::system(), Clock::new());
        let (one, two) =
            (Values::new(&random, &clock).unwrap(), Values::new(&random, &clock).unwrap());
        for ((name, a), (_, b)) in one.named().iter().zip(two.named()) {
            assert_ne!(*a, b, "{name}");
        }
        let text = serde_json::to_string(&std::collections::BTreeMap::from(one.named())).unwrap();
        assert_eq!(Values::read(&text).unwrap().named(), one.named());
        for damaged in ["", "{}", &text.replace(one.app_id.as_str(), "\\\"]"), &text[1..]] {
            assert!(Values::read(damaged).is_none(), "{damaged}");
        }
    }
}
