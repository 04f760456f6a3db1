//! What a client may know about the server before it signs in.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetSystemInfo {}

/// Keys for encrypting passwords, and versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SystemInfo {
    /// The RSA key: PKCS#1 v1.5, base64.
    pub rsa: PublicKey,
    /// The SM2 key.
    pub sm2: PublicKey,
    /// Versions.
    pub version: Version,
    /// The addresses the server calls from.
    pub public_ips: Vec<String>,
}

/// A key for encrypting passwords on their way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PublicKey {
    /// The key: PEM for RSA, hexadecimal for SM2.
    pub public_key: String,
}

/// Versions of the server's parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Version {
    /// The server.
    pub server: String,
    /// The console.
    pub console: String,
    /// The sign-in pages.
    pub login: String,
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GetCountryList {}

/// A country that has a calling code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CountryInfo {
    /// ISO 3166-1 alpha-2, such as `JP`.
    pub alpha2: String,
    /// ISO 3166-1 alpha-3, such as `JPN`.
    pub alpha3: String,
    /// Calling code, such as `+81`.
    pub phone_country_code: String,
    /// Its flag, as an emoji.
    pub flag: String,
    /// Its names.
    pub name: Names,
}

/// A text in each language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Names {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: Name,
    /// English.
    #[serde(rename = "en-US")]
    pub en_us: Name,
    /// Traditional Chinese.
    #[serde(rename = "zh-TW")]
    pub zh_tw: Name,
    /// Japanese.
    #[serde(rename = "ja-JP")]
    pub ja_jp: Name,
}

/// A text in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Name {
    /// Whether it is used.
    pub enabled: bool,
    /// The text.
    pub value: String,
}

endpoints! { AuthenticationClient, "system";
    /// Get the server's keys and versions.
    GET "/api/v3/system" get_system_info(GetSystemInfo) -> SystemInfo, Open "", answer Both;
    /// Get the countries that have a calling code, with their names in every language.
    GET "/api/v3/get-country-list" get_country_list(GetCountryList) -> Vec<CountryInfo>, Open "";
}
