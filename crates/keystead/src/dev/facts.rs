//! What a development server says about itself: `dev.json`, and the same as a table.

use super::Values;
use crate::app::Addresses;
use crate::datadir::{DataFolder, DataFolderError};
use keystead_core::clock::Clock;
use keystead_core::random::Random;
use keystead_model::Secret;
use serde::Serializer as _;
use std::fmt::Write as _;

/// The file in the data folder that is there once the server answers.
pub const FILE: &str = "dev.json";
/// Where the values wait while a server starts, so that [`FILE`] says that it has started.
const LAST: &str = "dev-last.json";

/// Everything a client needs.
#[derive(Debug)]
pub struct Facts {
    /// The addresses.
    pub addresses: Addresses,
    /// What is random per data folder.
    pub values: Values,
    /// Id of the pool.
    pub pool_id: String,
    /// Secret of the pool.
    pub pool_secret: Secret,
    /// Where people and applications reach the pool.
    pub app_host: String,
    /// Id of the user.
    pub user_id: String,
    /// Email address of the user.
    pub user_email: String,
    /// Email address of the administrator.
    pub admin_email: String,
}

/// The values of this folder: those of an earlier start, or new ones. [`FILE`] goes until the
/// server is ready again.
///
/// # Errors
/// The folder refuses, or the system gives no random bits.
pub fn values(folder: &DataFolder, random: &Random, clock: &Clock) -> anyhow::Result<Values> {
    let mut kept = None;
    for name in [FILE, LAST] {
        let Some(text) = folder.read(name)? else { continue };
        match Values::read(text.expose()) {
            Some(values) => {
                kept = Some((name, values, text));
                break;
            }
            None => tracing::warn!(file = name, "the file is damaged: its values are made anew"),
        }
    }
    let values = match kept {
        Some((name, values, text)) => {
            if name == FILE {
                folder.write(LAST, text.expose().as_bytes())?;
            }
            values
        }
        None => Values::new(random, clock).map_err(|e| crate::sentence::start_up(&e))?,
    };
    folder.remove(FILE)?;
    Ok(values)
}

impl Facts {
    /// Writes [`FILE`], readable by this user alone.
    ///
    /// # Errors
    /// The folder refuses.
    pub fn write(&self, folder: &DataFolder) -> Result<(), DataFolderError> {
        folder.write(FILE, &self.json())?;
        folder.remove(LAST)
    }

    /// The address that the development application is called back on.
    #[must_use]
    pub fn redirect_uri(&self) -> String {
        format!("{}/dev/callback", self.addresses.http_url)
    }

    /// A whole authorization request of the development application.
    #[must_use]
    pub fn authorize_url(&self) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.values.app_id)
            .append_pair("redirect_uri", &self.redirect_uri())
            .append_pair("response_type", "code")
            .append_pair("scope", "openid profile email")
            .append_pair("state", "dev")
            .finish();
        format!("{}/oidc/auth?{query}", self.app_host)
    }

    /// The keys of [`FILE`] with their values.
    #[must_use]
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let own = str::to_owned;
        let Addresses { http_url, https_url, ca_file, .. } = &self.addresses;
        let ca_file = ca_file.as_ref().map(|path| path.display().to_string());
        let mut named = vec![
            ("http_url", http_url.clone()),
            ("https_url", https_url.clone().unwrap_or_default()),
            ("ca_file", ca_file.unwrap_or_default()),
            ("user_pool_id", self.pool_id.clone()),
            ("user_pool_secret", own(self.pool_secret.expose())),
            ("app_host", self.app_host.clone()),
            ("redirect_uri", self.redirect_uri()),
            ("user_id", self.user_id.clone()),
            ("user_email", self.user_email.clone()),
            ("admin_email", self.admin_email.clone()),
            ("outbox_url", format!("{http_url}/dev/outbox")),
        ];
        named.extend(self.values.named().map(|(name, value)| (name, own(value))));
        named.sort_by_key(|(name, _)| ORDER.iter().position(|known| known == name));
        named
    }

    fn json(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = serde_json::Serializer::pretty(&mut bytes);
        // Texts into memory: this cannot fail.
        let _ = writer.collect_map(self.named());
        bytes.push(b'\n');
        bytes
    }

    /// The same for people, and what to do next.
    #[must_use]
    pub fn table(&self) -> String {
        let named = self.named();
        let width = named.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        let mut text = String::from("\nKeystead is ready, for this machine alone.\n\n");
        for (name, value) in &named {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {name:width$}  {value}");
        }
        let _ = write!(
            text,
            "\nThe same stands in {FILE} in the data folder. What next:\n\
             - Sign in with user_email and user_password in a browser:\n  {}\n\
             - Follow the tour in README.md.\n\
             - Read what the server would have mailed: {}/dev/outbox\n\n",
            self.authorize_url(),
            self.addresses.http_url,
        );
        text
    }
}

/// The order of the keys.
const ORDER: [&str; 17] = [
    "http_url",
    "https_url",
    "ca_file",
    "user_pool_id",
    "user_pool_secret",
    "access_key_id",
    "access_key_secret",
    "app_id",
    "app_secret",
    "app_host",
    "redirect_uri",
    "user_id",
    "user_email",
    "user_password",
    "admin_email",
    "admin_password",
    "outbox_url",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(values: Values) -> Facts {
        Facts {
            addresses: Addresses {
                http_url: "http://localhost:1".into(),
                https_url: Some("https://localhost:2".into()),
                public_url: "http://localhost:1".into(),
                ca_file: Some("ca.pem".into()),
            },
            values,
            pool_id: "p".into(),
            pool_secret: Secret::new("s"),
            app_host: "http://localhost:1".into(),
            user_id: "u".into(),
            user_email: "u@x.example".into(),
            admin_email: "a@x.example".into(),
        }
    }

    #[test]
    fn values_survive_a_restart_and_a_crash_while_starting() {
        let path = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(path.path()).unwrap();
        let (random, clock) = (Random::system(), Clock::new());
        let first = facts(values(&folder, &random, &clock).unwrap());
        assert!(folder.read(FILE).unwrap().is_none(), "not ready yet");
        first.write(&folder).unwrap();
        for _ in 0..2 {
            // The second time as after a crash before the file was written again.
            let again = values(&folder, &random, &clock).unwrap();
            assert_eq!(again.named(), first.values.named());
            assert!(folder.read(FILE).unwrap().is_none());
        }
        folder.write(FILE, b"{").unwrap();
        let kept = values(&folder, &random, &clock).unwrap();
        assert_eq!(kept.named(), first.values.named(), "a damaged file does not count");
    }

    #[test]
    fn file_and_table_hold_every_key_once() {
        let facts = facts(Values::new(&Random::system(), &Clock::new()).unwrap());
        let text = String::from_utf8(facts.json()).unwrap();
        let json: serde_json::Map<_, _> = serde_json::from_str(&text).unwrap();
        let table = facts.table();
        assert_eq!(json.len(), ORDER.len());
        for name in ORDER {
            let value = json[name].as_str().unwrap();
            assert!(!value.is_empty() && table.contains(value), "{name}");
            assert_eq!(text.matches(&format!("\"{name}\"")).count(), 1, "{name}");
        }
    }

    #[test]
    fn the_address_to_sign_in_at_is_whole() {
        let facts = facts(Values::new(&Random::system(), &Clock::new()).unwrap());
        let url = url::Url::parse(&facts.authorize_url()).unwrap();
        let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["redirect_uri"], "http://localhost:1/dev/callback");
        assert_eq!(query["client_id"], facts.values.app_id);
    }
}
