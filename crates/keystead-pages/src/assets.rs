//! Style sheet, scripts and pictures: served under names that change with their content, and a
//! few under fixed names as well.

pub mod handler;

use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Where assets are served; the rest of the path is [`Asset::file_name`].
pub const ASSETS_PATH: &str = "/assets/";

/// The caching of an asset: its name changes with its content, so it never goes stale.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// The caching under a fixed name: a day, since the content may change.
const FIXED_CACHE_CONTROL: &str = "public, max-age=86400";

/// Served under their plain names as well, and shown by other sites: the picture of users who
/// have none stands in their profiles.
const FIXED: &[&str] = &["avatar.svg"];

/// Bytes of the hash that go into the name.
const HASH_BYTES: usize = 8;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// A file that pages load.
#[derive(Debug)]
pub struct Asset {
    /// Its name in the tree and in templates, `keystead.css`.
    pub name: Cow<'static, str>,
    /// `/assets/<name>.<hash>.<ext>`.
    pub path: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

impl Asset {
    /// The last part of its path, `<name>.<hash>.<ext>`.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.path.strip_prefix(ASSETS_PATH).unwrap_or_default()
    }

    /// The headers of an answer that carries it.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        [
            ("content-type", self.content_type),
            ("cache-control", CACHE_CONTROL),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "same-origin"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into()
    }

    /// The headers of an answer that carries it under its plain name: cached for a day, and open
    /// to other sites, as pictures in profiles must be.
    #[must_use]
    pub fn fixed_headers(&self) -> Vec<(&'static str, String)> {
        [
            ("content-type", self.content_type),
            ("cache-control", FIXED_CACHE_CONTROL),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "cross-origin"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into()
    }
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    Files::iter().filter_map(|name| Files::get(&name).and_then(|file| asset(name, file))).collect()
});

/// Every asset.
pub fn all() -> impl Iterator<Item = &'static Asset> {
    ASSETS.iter()
}

/// The asset served as `/assets/<file name>`; `None` for an unknown name or an old hash.
#[must_use]
pub fn by_file_name(file_name: &str) -> Option<&'static Asset> {
    all().find(|asset| asset.file_name() == file_name)
}

/// The asset served as `/assets/<name>` under its plain name, if it is one of those.
#[must_use]
pub fn by_fixed_name(name: &str) -> Option<&'static Asset> {
    all().find(|asset| asset.name == name && FIXED.contains(&name))
}

/// The path of the asset with this plain name, as templates write it: `asset("keystead.css")`.
#[must_use]
pub fn path(name: &str) -> Option<&'static str> {
    all().find(|asset| asset.name == name).map(|asset| asset.path.as_str())
}

fn asset(name: Cow<'static, str>, file: EmbeddedFile) -> Option<Asset> {
    let (stem, extension) = name.rsplit_once('.')?;
    let content_type = match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    let hash = hex::encode(file.metadata.sha256_hash().get(..HASH_BYTES)?);
    let path = format!("{ASSETS_PATH}{stem}.{hash}.{extension}");
    Some(Asset { path, content_type, bytes: file.data, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_an_asset_found_by_both_names() {
        assert_eq!(Files::iter().count(), all().count());
        for asset in all() {
            assert_eq!(path(&asset.name), Some(asset.path.as_str()));
            assert_eq!(by_file_name(asset.file_name()).map(|a| &a.path), Some(&asset.path));
            assert!(asset.headers().contains(&("content-type", asset.content_type.to_owned())));
            assert!(!asset.bytes.is_empty());
        }
        assert!(by_file_name("keystead.css").is_none());
        assert!(by_file_name("../Cargo.toml").is_none());
        assert!(path("nothing.css").is_none());
    }

    #[test]
    fn few_have_a_fixed_name() {
        let avatar = by_fixed_name("avatar.svg").unwrap();
        assert!(avatar.fixed_headers().iter().all(|(_, value)| !value.contains("immutable")));
        assert!(by_fixed_name("keystead.css").is_none());
        assert_eq!(FIXED.iter().filter_map(|name| by_fixed_name(name)).count(), FIXED.len());
    }

    #[test]
    fn the_name_holds_the_hash() {
        let css = path("keystead.css").unwrap();
        let hash = css.strip_prefix("/assets/keystead.").unwrap().strip_suffix(".css").unwrap();
        assert_eq!(hash.len(), HASH_BYTES * 2);
        assert!(hash.bytes().all(|b| b.is_ascii_hexdigit()));
    }

    #[test]
    fn the_style_sheet_stays_small() {
        let css = all().find(|asset| asset.name == "keystead.css").unwrap();
        assert!(
            css.bytes.len() < 20 * 1024,
            "{} bytes: look for a rule to remove",
            css.bytes.len()
        );
    }
}
