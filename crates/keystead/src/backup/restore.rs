//! Restoring an archive.

use super::archive::{Header, Reader};
use super::place::{self, GROWING};
use crate::commands::secrets::{self, Wanted};
use crate::config::{MasterKeyList, Settings};
use crate::datadir::{DataFolder, MASTER_KEY, private};
use crate::sentence::start_up;
use anyhow::{Context as _, anyhow, bail};
use keystead_core::clock::Clock;
use keystead_core::passphrase;
use keystead_core::seal::MasterKeys;
use keystead_model::Secret;
use keystead_store::snapshot;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

/// How an archive is restored.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Move aside what the folder holds.
    pub force: bool,
    /// Leave the master key in the archive.
    pub without_key: bool,
}

/// Puts an archive into the data folder, which no server may use. Everything is checked before
/// anything of the folder changes. Answers what was done, and the ids of master keys that the data
/// needs and that neither folder nor settings have.
///
/// # Errors
/// A sentence about what stands in the way.
pub fn restore(
    settings: &Settings,
    file: &Path,
    options: Options,
) -> anyhow::Result<(Value, Vec<String>)> {
    if settings.database_url.is_some() {
        bail!("The settings name PostgreSQL. Restore its dump with pg_restore.");
    }
    let shown = file.display();
    let open = || format!("{shown} cannot be read. Check its name and its rights");
    let archive = File::open(file).with_context(open)?;
    let reader = Reader::new(archive).map_err(|e| anyhow!("{shown} cannot be used: {e}."))?;
    let newest = snapshot::newest_version();
    if reader.header.version > newest {
        bail!(
            "{shown} holds tables of version {} (Keystead {}); this program knows versions up to \
             {newest}. Use that program or a newer one.",
            reader.header.version,
            reader.header.program
        );
    }
    let folder = DataFolder::open(&settings.data)?;
    let names = place::content(folder.path())?;
    if let Some(first) = names.first()
        && !options.force
    {
        bail!(
            "The data folder {} is not empty: it holds {first}. Name an empty one with --data, or \
             use --force to move its content aside.",
            folder.path().display()
        );
    }
    let key = match &reader.header.master_key {
        Some(locked) if !options.without_key => Some(unlock(locked)?),
        _ => None,
    };
    let header = grow(&folder, reader).map_err(|e| anyhow!("{shown} cannot be used: {e:#}."))?;
    let at = jiff::Timestamp::from_millisecond(Clock::new().real().0)?;
    let stamp = at.strftime("%Y%m%dT%H%M%SZ").to_string();
    let aside = place::put(folder.path(), &names, key.as_ref().map(Secret::expose), &stamp)
        .context(
            "The restore was interrupted; what was there is kept. Run it again with --force",
        )?;
    let missing = missing(settings, &folder, &header)?;
    let done = json!({
        "data": folder.path(),
        "made_at": header.made_at,
        "version": header.version,
        "master_key": key.is_some(),
        "missing_master_keys": missing,
        "moved_aside": aside,
    });
    Ok((done, missing))
}

fn unlock(locked: &passphrase::Locked) -> anyhow::Result<Secret> {
    let passphrase = secrets::read(&Wanted::Passphrase)?;
    let text = passphrase::unlock(&passphrase, locked).map_err(|e| start_up(&e))?;
    let text = text.ok_or_else(|| {
        anyhow!("The passphrase does not open the archive's master key. Nothing was changed.")
    })?;
    MasterKeyList::parse(text.expose().trim()).map_err(|why| anyhow!("The master key {why}."))?;
    Ok(text)
}

/// Extracts the database beside its place, and looks it through.
fn grow(folder: &DataFolder, reader: Reader<File>) -> anyhow::Result<Header> {
    let path = folder.path().join(GROWING);
    let grown = (|| {
        let file = private().truncate(true).open(&path)?;
        let mut to = std::io::BufWriter::new(file);
        let header = reader.extract(&mut to)?;
        to.flush()?;
        to.get_ref().sync_all()?;
        let facts = snapshot::examine(&path)?;
        if facts.version != header.version {
            bail!("its header does not fit its database");
        }
        Ok(header)
    })();
    if grown.is_err() {
        folder.remove(GROWING)?;
    }
    grown
}

/// The ids of the master keys that the data needs and that neither folder nor settings have.
fn missing(
    settings: &Settings,
    folder: &DataFolder,
    header: &Header,
) -> anyhow::Result<Vec<String>> {
    let keys = match (&settings.master_key, folder.read(MASTER_KEY)?) {
        (Some(keys), _) => Some(keys.clone()),
        (None, Some(text)) => MasterKeyList::parse(text.expose().trim()).ok(),
        (None, None) => None,
    };
    let keys = keys.map(|keys| MasterKeys::new(keys.into_keys())).transpose();
    let keys = keys.map_err(|e| start_up(&e))?;
    let known: Vec<&str> = keys.iter().flat_map(MasterKeys::ids).collect();
    let wanted = header.master_ids.iter().filter(|id| !known.contains(&id.as_str()));
    Ok(wanted.cloned().collect())
}
