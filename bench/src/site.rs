//! What a load must know about a server: addresses, credentials, applications.

use serde::{Deserialize, Serialize};

/// Secret of the applications of `seed.toml`.
const SEEDED_SECRET: &str = "bench secret 0123456789 0123456789";

/// Keys of `dev.json`, which the floor prints as well.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Site {
    /// Where it listens.
    pub http_url: String,
    /// The access key.
    pub access_key_id: String,
    /// Its secret.
    pub access_key_secret: String,
    /// The application.
    pub app_id: String,
    /// Its secret.
    pub app_secret: String,
    /// A user.
    pub user_id: String,
    /// Their address.
    pub user_email: String,
    /// Their password.
    pub user_password: String,
}

/// What an application's tokens are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA of 2048 bits.
    Rs256,
    /// P-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The algorithm of the application with this client id.
    pub fn of_app(client_id: &str) -> Self {
        let mut seeded = [Self::Es256, Self::EdDsa].into_iter();
        seeded.find(|a| a.seeded_app() == Some(client_id)).unwrap_or(Self::Rs256)
    }

    /// Its name in a token's header.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The application of `seed.toml`; RS256 is the development application's.
    const fn seeded_app(self) -> Option<&'static str> {
        match self {
            Self::Rs256 => None,
            Self::Es256 => Some("0000000000000000000000e5"),
            Self::EdDsa => Some("0000000000000000000000ed"),
        }
    }
}

impl Site {
    /// Host and port.
    pub fn host(&self) -> &str {
        self.http_url.strip_prefix("http://").unwrap_or(&self.http_url)
    }

    /// The same with the application that signs so.
    #[must_use]
    pub fn signing(&self, algorithm: Algorithm) -> Self {
        match algorithm.seeded_app() {
            None => self.clone(),
            Some(id) => {
                Self { app_id: id.into(), app_secret: SEEDED_SECRET.into(), ..self.clone() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applications_have_the_algorithms_of_the_seed() {
        let seed = include_str!("../seed.toml");
        for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa] {
            let site = Site::default().signing(algorithm);
            assert_eq!(Algorithm::of_app(&site.app_id), algorithm);
            if algorithm != Algorithm::Rs256 {
                let app = seed.split("[[").find(|app| app.contains(&site.app_id)).unwrap();
                assert!(app.contains(&format!("\"{}\"", algorithm.name())), "{app}");
                assert!(app.contains(&site.app_secret), "{app}");
            }
        }
    }
}
