//! The data folder: made private, locked by one server, home of the master key.

use crate::config::MasterKeyList;
use keystead_model::Secret;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The file whose lock says that a server runs on this folder.
pub(crate) const LOCK: &str = "keystead.lock";
/// The file with the key that wraps all others.
pub(crate) const MASTER_KEY: &str = "master.key";
/// Files by which a folder is known to be ours.
const OURS: [&str; 3] = [LOCK, MASTER_KEY, "keystead.db"];

/// The folder cannot be used. Every text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DataFolderError {
    /// Another server holds the lock.
    #[error("Another Keystead server{by} uses the data folder {}. Stop it, or name another folder \
        with --data.", path.display())]
    Taken {
        /// The folder.
        path: PathBuf,
        /// Which process, if it wrote its number: ` (process 12)`.
        by: String,
    },
    /// It is open to other users and was not made by us.
    #[error("Other users can read the data folder {shown}, and it holds files that are not ours. \
        Run `chmod 700 {shown}`, or name another folder with --data.", shown = path.display())]
    Open {
        /// The folder.
        path: PathBuf,
    },
    /// The system refused something.
    #[error("{} cannot be used ({cause}). Check that this user may read and write it.",
        path.display())]
    System {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The master key's file holds something else.
    #[error("{} {why}. Restore it from a backup: without it the data cannot be read.",
        path.display())]
    MasterKey {
        /// The file.
        path: PathBuf,
        /// What it must hold, as the rest of a sentence.
        why: String,
    },
    /// No random bits for the master key.
    #[error("The system gave no random bits for a master key. Try again.")]
    Randomness,
}

/// An open data folder. The lock is held until this is dropped, or the process ends.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder (mode 0700) where it is missing, and locks it.
    ///
    /// # Errors
    /// Another server uses it, others can read it, or the system refuses.
    pub fn open(path: &Path) -> Result<Self, DataFolderError> {
        let system = |cause| DataFolderError::System { path: path.to_path_buf(), cause };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(system)?;
        close_to_others(path)?;
        let file = path.join(LOCK);
        let mut lock = private().read(true).open(&file).map_err(system)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut by = String::new();
                // The number is a courtesy: without it the sentence still says what to do.
                let _ = (&lock).take(20).read_to_string(&mut by);
                let by = by.trim();
                let by = if by.is_empty() { String::new() } else { format!(" (process {by})") };
                return Err(DataFolderError::Taken { path: path.to_path_buf(), by });
            }
            Err(TryLockError::Error(cause)) => return Err(system(cause)),
        }
        lock.set_len(0).map_err(system)?;
        writeln!(lock, "{}", std::process::id()).map_err(system)?;
        Ok(Self { path: path.to_path_buf(), _lock: lock })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The master keys of `master.key`, which is made at first with bits from `fill`.
    ///
    /// # Errors
    /// The file holds something else, the system refuses, or `fill` fails.
    pub fn master_keys<E>(
        &self,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<MasterKeyList, DataFolderError> {
        if self.read(MASTER_KEY)?.is_none() {
            let mut bytes = Zeroizing::new([0; 32]);
            fill(&mut *bytes).map_err(|_| DataFolderError::Randomness)?;
            let text = Zeroizing::new(hex::encode(bytes.as_slice()) + "\n");
            self.write(MASTER_KEY, text.as_bytes())?;
        }
        let text = self.read(MASTER_KEY)?.unwrap_or_else(|| Secret::new(""));
        MasterKeyList::parse(text.expose().trim())
            .map_err(|why| DataFolderError::MasterKey { path: self.path.join(MASTER_KEY), why })
    }

    /// The text of a file of the folder; `None` when there is no such file.
    ///
    /// # Errors
    /// The system refuses, or it is not text.
    pub fn read(&self, name: &str) -> Result<Option<Secret>, DataFolderError> {
        let path = self.path.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(DataFolderError::System { path, cause }),
        }
    }

    /// Takes a file of the folder away, if it is there.
    ///
    /// # Errors
    /// The system refuses.
    pub fn remove(&self, name: &str) -> Result<(), DataFolderError> {
        let path = self.path.join(name);
        match std::fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                Err(DataFolderError::System { path, cause: e })
            }
            _ => Ok(()),
        }
    }

    /// Writes a file of the folder with mode 0600, whole or not at all, and waits for the disk.
    ///
    /// # Errors
    /// The system refuses.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), DataFolderError> {
        let path = self.path.join(name);
        let new = self.path.join(format!(".{name}.new"));
        let put = || {
            let mut file = private().truncate(true).open(&new)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            std::fs::rename(&new, &path)?;
            File::open(&self.path)?.sync_all()
        };
        put().map_err(|cause| DataFolderError::System { path: path.clone(), cause })
    }
}

/// Opens files for writing that only their owner may read.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

/// Takes the rights of other users away, but only from a folder that is empty or ours: the rights
/// of a home folder that was named by mistake are not our business.
fn close_to_others(path: &Path) -> Result<(), DataFolderError> {
    let system = |cause| DataFolderError::System { path: path.to_path_buf(), cause };
    let mode = std::fs::metadata(path).map_err(system)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let empty = std::fs::read_dir(path).map_err(system)?.next().is_none();
    if !empty && !OURS.iter().any(|name| path.join(name).exists()) {
        return Err(DataFolderError::Open { path: path.to_path_buf() });
    }
    std::fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn no_bits(_: &mut [u8]) -> Result<(), ()> {
        Err(())
    }

    #[test]
    fn one_server_per_folder() {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("a/b");
        let first = DataFolder::open(&path).unwrap();
        assert_eq!(mode(&path), 0o700);
        assert_eq!(mode(&path.join(LOCK)), 0o600);
        let said = DataFolder::open(&path).unwrap_err().to_string();
        let number = format!("(process {})", std::process::id());
        assert!(said.contains("Another Keystead server") && said.contains(&number), "{said}");
        drop(first);
        DataFolder::open(&path).unwrap();
    }

    #[test]
    fn the_master_key_is_made_once() {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::open(outer.path()).unwrap();
        assert!(folder.master_keys(no_bits).is_err());
        let fill = |bytes: &mut [u8]| -> Result<(), ()> {
            bytes.fill(7);
            Ok(())
        };
        let keys = folder.master_keys(fill).unwrap().into_keys();
        assert_eq!(*keys[0], [7; 32]);
        assert_eq!(mode(&outer.path().join(MASTER_KEY)), 0o600);
        assert_eq!(folder.master_keys(no_bits).unwrap().into_keys(), keys);

        folder.write(MASTER_KEY, b"hunter2").unwrap();
        let said = folder.master_keys(no_bits).unwrap_err().to_string();
        assert!(said.contains("master.key must be 32 random bytes"), "{said}");
        assert!(!said.contains("hunter2"));
    }

    #[test]
    fn rights_are_taken_from_an_empty_folder_and_from_ours_alone() {
        for (file, allowed) in [(None, true), (Some("keystead.db"), true), (Some("x"), false)] {
            let folder = tempfile::tempdir().unwrap();
            if let Some(name) = file {
                std::fs::write(folder.path().join(name), "").unwrap();
            }
            std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
            let opened = DataFolder::open(folder.path());
            assert_eq!(opened.is_ok(), allowed, "{file:?}");
            assert_eq!(mode(folder.path()), if allowed { 0o700 } else { 0o755 }, "{file:?}");
        }
    }
}
