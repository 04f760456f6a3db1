//! The form of an archive: `docs/backup.md` has it for others.
//!
//! A line that names the form, a line of JSON, the database as SQLite wrote it, and the SHA-256 of
//! all that: 32 bytes.

use anyhow::{Context as _, bail};
use aws_lc_rs::digest::{self, SHA256, SHA256_OUTPUT_LEN};
use keystead_core::passphrase::Locked;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead as _, Read, Write};

/// The first line.
pub(super) const MAGIC: &str = "KEYSTEAD BACKUP 1\n";
/// The longest header, in bytes.
const HEADER_MAX: u64 = 64 * 1_024;

/// The second line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// The version of the program that made it.
    pub program: String,
    /// The version of the tables.
    pub version: i64,
    /// The ids of the master keys that open it.
    pub master_ids: Vec<String>,
    /// Bytes of the database.
    pub database_bytes: u64,
    /// The master keys under a passphrase, if they were put in.
    pub master_key: Option<Locked>,
}

/// Writes, and remembers the digest of what went through.
pub(super) struct Writer<W> {
    to: W,
    digest: digest::Context,
    bytes: u64,
}

impl<W: Write> Writer<W> {
    pub fn new(to: W) -> Self {
        Self { to, digest: digest::Context::new(&SHA256), bytes: 0 }
    }

    /// Ends with the digest; answers how many bytes were written in all.
    pub fn finish(mut self) -> io::Result<u64> {
        let digest = self.digest.finish();
        self.to.write_all(digest.as_ref())?;
        self.to.flush()?;
        Ok(self.bytes + digest.as_ref().len() as u64)
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.to.write(bytes)?;
        self.digest.update(bytes.get(..taken).unwrap_or_default());
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// An archive whose header was read.
pub(super) struct Reader<R> {
    from: io::BufReader<R>,
    digest: digest::Context,
    pub header: Header,
}

impl<R: Read> Reader<R> {
    /// Reads the two lines.
    pub fn new(from: R) -> anyhow::Result<Self> {
        let mut from = io::BufReader::new(from);
        let mut magic = Vec::new();
        (&mut from).take(MAGIC.len() as u64).read_to_end(&mut magic)?;
        if magic != MAGIC.as_bytes() {
            bail!("it is no archive of Keystead, or of a form that this program does not know");
        }
        let mut line = Vec::new();
        (&mut from).take(HEADER_MAX).read_until(b'\n', &mut line)?;
        let header = serde_json::from_slice(&line).context("its header is damaged")?;
        let mut digest = digest::Context::new(&SHA256);
        digest.update(&magic);
        digest.update(&line);
        Ok(Self { from, digest, header })
    }

    /// Writes the database to `to` and proves that all of the archive is what was written once.
    pub fn extract(mut self, to: &mut impl Write) -> anyhow::Result<Header> {
        let damaged = "it is damaged: not all of it is as it was written";
        let mut rest = self.header.database_bytes;
        let mut block = vec![0; 128 * 1_024];
        while rest > 0 {
            let most = usize::try_from(rest).unwrap_or(usize::MAX).min(block.len());
            let taken = self.from.read(block.get_mut(..most).unwrap_or_default())?;
            let bytes = block.get(..taken).unwrap_or_default();
            if bytes.is_empty() {
                bail!("it is cut off");
            }
            self.digest.update(bytes);
            to.write_all(bytes)?;
            rest -= taken as u64;
        }
        let mut tail = Vec::new();
        self.from.take(SHA256_OUTPUT_LEN as u64 + 1).read_to_end(&mut tail)?;
        if tail.len() < SHA256_OUTPUT_LEN {
            bail!("it is cut off");
        }
        if tail != self.digest.finish().as_ref() {
            bail!(damaged);
        }
        Ok(self.header)
    }
}
