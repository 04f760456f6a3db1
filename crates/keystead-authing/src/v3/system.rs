//! `system`: keys for encrypting passwords, and versions.

use keystead_authing::v3::system::{GetSystemInfo, PublicKey, SystemInfo, Version};
use keystead_core::{Cx, passwords};
use keystead_model::Result;

/// What a client may know before it signs in.
pub(super) async fn system(cx: &mut Cx, _: GetSystemInfo) -> Result<SystemInfo> {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(SystemInfo {
        rsa: PublicKey { public_key: passwords::transport_key(cx)? },
        // SM2 is not offered: a password encrypted under it is refused by name.
        sm2: PublicKey { public_key: String::new() },
        version: Version { server: version.clone(), console: version.clone(), login: version },
        public_ips: Vec::new(),
    })
}
