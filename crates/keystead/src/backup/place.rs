//! The folder that a backup is restored into: empty, or its content moved aside.

use crate::datadir::{LOCK, MASTER_KEY};
use crate::opening::DATABASE;
use anyhow::{Context as _, bail};
use std::fs::{DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// Where the database grows until it was found sound.
pub(super) const GROWING: &str = "restore.growing";
/// Stands there from the first move to the last: no server starts on half a folder.
pub const UNFINISHED: &str = "restore.unfinished";
/// How the folders are called that keep what was moved aside.
const ASIDE: &str = "before-restore-";
/// How many of them one second may make.
const ASIDE_MAX: u32 = 100;

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
    let aside = if old.is_empty() { None } else { Some(new_aside(folder, at)?) };
    if let Some(aside) = &aside {
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

/// A new folder for what is moved aside: restores that were interrupted within one second keep
/// apart what each of them found.
fn new_aside(folder: &Path, at: &str) -> anyhow::Result<PathBuf> {
    for n in 1..=ASIDE_MAX {
        let name = if n == 1 { format!("{ASIDE}{at}") } else { format!("{ASIDE}{at}-{n}") };
        let aside = folder.join(name);
        match DirBuilder::new().mode(0o700).create(&aside) {
            Ok(()) => return Ok(aside),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).context("nothing can be moved aside"),
        }
    }
    bail!("{ASIDE_MAX} restores were interrupted within one second. Try again in a second.")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_restores_of_one_second_find_stays_apart() {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<_> =
            (0..3).map(|_| new_aside(folder.path(), "20260101T000000Z").unwrap()).collect();
        assert!(names[0] != names[1] && names[1] != names[2] && names[0] != names[2]);
        assert!(names.iter().all(|name| name.is_dir()));
        assert!(content(folder.path()).unwrap().is_empty());
    }
}
