//! The folder that a backup is restored into: empty, or its content moved aside.

use crate::datadir::{LOCK, MASTER_KEY};
use crate::opening::DATABASE;
use anyhow::{Context as _, bail};
use std::fs::{DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// Where the database grows until it was found sound.
pub(super) const GROWING: &str = "restore.growing";
/// Stands there from the first move to the last: no server starts on half a folder.
pub const UNFINISHED: &str = "restore.unfinished";
/// How the folders are called that keep what was moved aside.
const ASIDE: &str = "before-restore-";

/// What stands in the way in this folder: everything but lock, master key and what earlier
/// restores left.
///
/// # Errors
/// The folder cannot be read.
pub(super) fn content(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let ours = [LOCK, MASTER_KEY, GROWING, UNFINISHED].contains(&name.as_str());
        if !ours && !name.starts_with(ASIDE) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Puts the grown database in its place, and what was there aside; answers the folder with it.
/// `key` is the text of `master.key`, if it is to be replaced.
///
/// # Errors
/// The system refuses something; the folder is then marked as unfinished.
pub(super) fn put(
    folder: &Path,
    names: &[String],
    key: Option<&str>,
    at: &str,
) -> anyhow::Result<Option<PathBuf>> {
    let mark = folder.join(UNFINISHED);
    std::fs::write(&mark, "A restore began and did not end. Run it again.\n")?;
    sync(folder)?;
    let mut old: Vec<&str> = names.iter().map(String::as_str).collect();
    if key.is_some() && folder.join(MASTER_KEY).exists() {
        old.push(MASTER_KEY);
    }
    let aside = (!old.is_empty()).then(|| folder.join(format!("{ASIDE}{at}")));
    if let Some(aside) = &aside {
        if aside.exists() {
            bail!("{} exists already. Try again in a second.", aside.display());
        }
        DirBuilder::new().mode(0o700).create(aside)?;
        for name in &old {
            std::fs::rename(folder.join(name), aside.join(name))
                .with_context(|| format!("{name} cannot be moved aside"))?;
        }
        sync(aside)?;
    }
    if let Some(key) = key {
        write_key(&folder.join(MASTER_KEY), key)?;
    }
    std::fs::rename(folder.join(GROWING), folder.join(DATABASE))?;
    sync(folder)?;
    std::fs::remove_file(&mark)?;
    sync(folder)?;
    Ok(aside)
}

fn write_key(path: &Path, key: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut file = crate::datadir::private().truncate(true).open(path)?;
    file.write_all(key.trim().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

fn sync(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
