//! `keystead backup` and `keystead restore`, for SQLite; PostgreSQL has its own tools.

mod archive;
mod place;
pub mod restore;
#[cfg(test)]
mod tests;

use crate::commands::secrets::{self, Wanted};
use crate::config::{MasterKeyList, Settings};
use crate::control::reach;
use crate::datadir::MASTER_KEY;
use crate::opening::DATABASE;
use crate::sentence::start_up;
use anyhow::{Context as _, bail};
use archive::{Header, MAGIC, Writer};
use keystead_core::clock::Clock;
use keystead_core::passphrase;
use keystead_core::random::Random;
use keystead_model::Secret;
use keystead_store::snapshot;
pub use place::UNFINISHED;
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Writes the state of this moment into a new archive; a running server goes on meanwhile.
///
/// # Errors
/// A sentence about what stands in the way; then there is no archive.
pub fn make(settings: &Settings, file: &Path, with_key: bool) -> anyhow::Result<Value> {
    if settings.database_url.is_some() {
        bail!(
            "The data lies in PostgreSQL. Back it up with pg_dump --format=custom, and keep the \
             master key beside it."
        );
    }
    reach::existing(&settings.data)?;
    if file.exists() {
        bail!("{} exists already. Name another file, or move it away.", file.display());
    }
    let key = with_key.then(|| locked_key(settings)).transpose()?;
    let part = Part::take(file)?;
    let copy = beside(file, ".part-db");
    // A command that was killed may have left one; whoever holds the part may take it away.
    remove(&copy)?;
    let made = snapshot::copy(&settings.data.join(DATABASE), &copy)
        .context("The database cannot be copied")
        .and_then(|()| write(&part, &copy, key));
    remove(&copy)?;
    let (header, bytes) = made?;
    part.publish(file)?;
    Ok(json!({
        "file": file,
        "bytes": bytes,
        "made_at": header.made_at,
        "version": header.version,
        "master_key": header.master_key.is_some(),
        "master_ids": header.master_ids,
    }))
}

/// The master key under a passphrase that is asked for.
fn locked_key(settings: &Settings) -> anyhow::Result<passphrase::Locked> {
    let text = match &settings.master_key {
        Some(keys) => text_of(keys),
        None => {
            let path = settings.data.join(MASTER_KEY);
            let read = std::fs::read_to_string(&path);
            Secret::new(read.with_context(|| format!("{} cannot be read", path.display()))?)
        }
    };
    let passphrase = secrets::read(&Wanted::NewPassphrase)?;
    passphrase::lock(&Random::system(), &passphrase, &text).map_err(|e| start_up(&e))
}

fn text_of(keys: &MasterKeyList) -> Secret {
    let keys = keys.clone().into_keys();
    Secret::new(keys.iter().map(|key| hex::encode(key.as_slice())).collect::<Vec<_>>().join(","))
}

/// Fills the part from the copy; answers the archive's size, too.
fn write(
    part: &Part,
    copy: &Path,
    master_key: Option<passphrase::Locked>,
) -> anyhow::Result<(Header, u64)> {
    let facts = snapshot::examine(copy).context("The copy of the database is not sound")?;
    let mut from = File::open(copy)?;
    let at = Clock::new().real();
    let header = Header {
        made_at: jiff::Timestamp::from_millisecond(at.0)?.to_string(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        version: facts.version,
        master_ids: facts.master_ids,
        database_bytes: from.metadata()?.len(),
        master_key,
    };
    let failed = || format!("{} cannot be written", part.path.display());
    let mut to = Writer::new(&part.file);
    let wrote = (|| {
        to.write_all(MAGIC.as_bytes())?;
        to.write_all(&serde_json::to_vec(&header)?)?;
        to.write_all(b"\n")?;
        std::io::copy(&mut from, &mut to)?;
        to.finish()
    })();
    let bytes = wrote.with_context(failed)?;
    part.file.sync_all().with_context(failed)?;
    Ok((header, bytes))
}

/// The archive while it grows, under a name that nobody takes for one. One command has it at a
/// time.
struct Part {
    path: PathBuf,
    file: File,
}

impl Part {
    fn take(archive: &Path) -> anyhow::Result<Self> {
        let path = beside(archive, ".part");
        let mut options = OpenOptions::new();
        let opened = options.write(true).create(true).truncate(false).mode(0o600).open(&path);
        let failed =
            || format!("{} cannot be written. Check the folder and its rights", path.display());
        let file = opened.with_context(failed)?;
        if file.try_lock().is_err() {
            bail!("Another backup writes {} at the moment.", path.display());
        }
        file.set_len(0).with_context(failed)?;
        Ok(Self { path, file })
    }

    /// Gives the archive its name, unless a file has it meanwhile.
    fn publish(self, archive: &Path) -> anyhow::Result<()> {
        std::fs::hard_link(&self.path, archive).with_context(|| {
            format!(
                "{} could not be given its name; the archive is whole in {}",
                archive.display(),
                self.path.display()
            )
        })?;
        std::fs::remove_file(&self.path)?;
        let folder = archive.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()?;
        Ok(())
    }
}

fn beside(file: &Path, tail: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(tail);
    PathBuf::from(name)
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(file) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(e).with_context(|| format!("{} cannot be taken away", file.display()))
        }
        _ => Ok(()),
    }
}
