//! Where the socket lies: an address on it may not be longer than about a hundred bytes, which a
//! data folder's path may well be.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::path::{Path, PathBuf};

/// The socket's file in the data folder.
pub const NAME: &str = "keystead.sock";
/// The longest path that every system takes for a socket, in bytes.
const PATH_MAX: usize = 100;

/// An address of the socket. It may only be used while this lives.
pub struct Address {
    path: PathBuf,
    // Names the folder in a short path, where its own is too long.
    _folder: Option<File>,
}

impl Address {
    /// The address of the socket in this folder.
    ///
    /// # Errors
    /// The folder cannot be opened.
    pub fn of(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        if path.as_os_str().len() <= PATH_MAX {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(folder)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}/{NAME}", folder.as_raw_fd()));
        Ok(Self { path, _folder: Some(folder) })
    }

    /// The path to bind or connect to.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
