//! What a client may know about the server before it signs in.

#[cfg(feature = "client")]
use crate::client::AuthenticationClient;
use keystead_endpoint::endpoints;
use serde::{Deserialize, Serialize};

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct GetSystemInfo {}

/// Keys for encrypting passwords, and versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[serde(rename_all = "camelCase")]
pub struct PublicKey {
    /// The key: PEM for RSA, hexadecimal for SM2.
    pub public_key: String,
}

/// Versions of the server's parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The server.
    pub server: String,
    /// The console.
    pub console: String,
    /// The sign-in pages.
    pub login: String,
}

endpoints! { AuthenticationClient, "system";
    /// Get the server's keys and versions.
    GET "/api/v3/system" get_system_info(GetSystemInfo) -> SystemInfo, Open "", answer Both;
}
