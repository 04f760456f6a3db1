//! The types of settings, each read from the text that a person typed.

use super::row::{Kind, Row};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use keystead_model::Secret;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use zeroize::Zeroizing;

/// A type that a setting can have.
pub trait Value: Sized {
    /// How it is written in TOML.
    const KIND: Kind;

    /// Reads a value; the error is the rest of a sentence that begins with the setting's name.
    ///
    /// # Errors
    /// The text has another form, or there is none and the setting needs one.
    fn read(text: Option<&str>, row: &Row) -> Result<Self, String>;
}

/// A single value; [`Value`] adds whether it may be left out.
pub trait Scalar: Sized {
    /// How it is written in TOML.
    const KIND: Kind = Kind::Text;

    /// Reads a value from its text.
    ///
    /// # Errors
    /// The rest of a sentence that begins with the setting's name.
    fn scan(text: &str, row: &Row) -> Result<Self, String>;
}

impl<T: Scalar> Value for T {
    const KIND: Kind = T::KIND;

    fn read(text: Option<&str>, row: &Row) -> Result<Self, String> {
        T::scan(text.ok_or("must be given")?, row)
    }
}

impl<T: Scalar> Value for Option<T> {
    const KIND: Kind = T::KIND;

    fn read(text: Option<&str>, row: &Row) -> Result<Self, String> {
        text.map(|text| T::scan(text, row)).transpose()
    }
}

fn number<T: TryFrom<i64>>(text: &str, row: &Row) -> Result<T, String> {
    let (min, max) = row.range.unwrap_or((0, i64::MAX));
    text.trim()
        .parse::<i64>()
        .ok()
        .filter(|n| (min..=max).contains(n))
        .and_then(|n| T::try_from(n).ok())
        .ok_or_else(|| format!("must be a whole number from {min} to {max}"))
}

fn filled(text: &str) -> Result<&str, String> {
    let text = text.trim();
    if text.is_empty() { Err("must not be empty".into()) } else { Ok(text) }
}

impl Scalar for u16 {
    const KIND: Kind = Kind::Number;
    fn scan(text: &str, row: &Row) -> Result<Self, String> {
        number(text, row)
    }
}

impl Scalar for u32 {
    const KIND: Kind = Kind::Number;
    fn scan(text: &str, row: &Row) -> Result<Self, String> {
        number(text, row)
    }
}

impl Scalar for String {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        filled(text).map(str::to_owned)
    }
}

impl Scalar for PathBuf {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        filled(text).map(Self::from)
    }
}

impl Scalar for Secret {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        filled(text).map(Self::new)
    }
}

impl Scalar for SocketAddr {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        text.trim()
            .parse()
            .map_err(|_| "must be an address and port, such as 127.0.0.1:9464".into())
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// Text on a terminal, else JSON.
    Auto,
    /// Text.
    Text,
    /// One JSON object per line.
    Json,
}

impl Scalar for LogFormat {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        match text.trim() {
            "auto" => Ok(Self::Auto),
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("must be auto, text or json".into()),
        }
    }
}

/// An http or https address without path, and without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// The address, such as `https://id.example.com`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, brackets of an IPv6 address taken off.
    #[must_use]
    pub fn host(&self) -> String {
        let url = url::Url::parse(&self.0).ok();
        let host = url.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        host.trim_matches(['[', ']']).to_owned()
    }

    /// Whether it is https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl Scalar for PublicUrl {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        let wrong = "must be an http or https address such as https://id.example.com";
        let url = url::Url::parse(text.trim()).map_err(|_| wrong.to_owned())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none();
        if !plain {
            return Err(wrong.into());
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err("must end after the host and port: no path, query or fragment".into());
        }
        Ok(Self(url.origin().ascii_serialization()))
    }
}

/// Master keys, the one that wraps first.
#[derive(Clone)]
pub struct MasterKeyList(Vec<Zeroizing<[u8; 32]>>);

impl MasterKeyList {
    /// The keys: at least one.
    #[must_use]
    pub fn into_keys(self) -> Vec<Zeroizing<[u8; 32]>> {
        self.0
    }

    /// Reads one key or several, separated by commas.
    ///
    /// # Errors
    /// The rest of a sentence that begins with the setting's name.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split(',').map(|part| key(part.trim())).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Debug for MasterKeyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} secret keys]", self.0.len())
    }
}

impl Scalar for MasterKeyList {
    fn scan(text: &str, _: &Row) -> Result<Self, String> {
        Self::parse(text)
    }
}

fn key(text: &str) -> Result<Zeroizing<[u8; 32]>, String> {
    let wrong = || "must be 32 random bytes as 64 hexadecimal digits or as base64".to_owned();
    let bytes = if text.len() == 64 {
        hex::decode(text).map_err(|_| wrong())?
    } else {
        let body = text.trim_end_matches('=');
        STANDARD_NO_PAD
            .decode(body)
            .or_else(|_| URL_SAFE_NO_PAD.decode(body))
            .map_err(|_| wrong())?
    };
    let bytes = Zeroizing::new(bytes);
    let mut out = Zeroizing::new([0; 32]);
    if bytes.len() != out.len() {
        return Err(wrong());
    }
    out.copy_from_slice(&bytes);
    Ok(out)
}
