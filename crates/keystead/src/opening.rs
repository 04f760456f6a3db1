//! Opens the domain as the settings say: for a server, or for a command that found none.

use crate::backup::UNFINISHED;
use crate::config::Settings;
use crate::datadir::DataFolder;
use crate::sentence::{sentence, start_up};
use anyhow::{anyhow, bail};
use keystead_core::Core;
use keystead_core::clock::Clock;
use keystead_core::core::{Addresses, CoreSetup};
use keystead_core::random::Random;
use keystead_core::seal::MasterKeys;
use keystead_store::Target;
use std::path::Path;
use std::sync::Arc;

/// The database's file in the data folder.
pub const DATABASE: &str = "keystead.db";
/// Passwords that one thread hashes in a second, about.
const HASHES_PER_SECOND: usize = 64;

/// From what the domain is opened.
pub struct Opening<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The open data folder; not needed with PostgreSQL and a master key in the settings.
    pub folder: Option<&'a DataFolder>,
    /// The clock.
    pub clock: Clock,
    /// What links and issuers are built from.
    pub addresses: Addresses,
}

/// The addresses as far as the settings alone say them.
#[must_use]
pub fn configured_addresses(settings: &Settings) -> Addresses {
    let public = settings.public_url.as_ref().map(|url| url.as_str().to_owned());
    let http = || crate::serve::url("http", &settings.http_host, settings.http_port);
    Addresses { public_url: public.unwrap_or_else(http), https_url: None }
}

/// Refuses a folder into which a restore began and did not end.
///
/// # Errors
/// It did not end; the text is a plain sentence.
pub fn is_whole(data: &Path) -> anyhow::Result<()> {
    if data.join(UNFINISHED).exists() {
        let shown = data.display();
        bail!("A restore into {shown} began and did not end. Run it again with --force.");
    }
    Ok(())
}

/// Opens the domain, migrating the database.
///
/// # Errors
/// Something it needs cannot be opened; the text is a plain sentence.
pub async fn core(opening: Opening<'_>, random: Random) -> anyhow::Result<Arc<Core>> {
    let Opening { settings, folder, clock, addresses } = opening;
    if let Some(folder) = folder {
        is_whole(folder.path())?;
    }
    let no_folder = || anyhow!("No data folder is open. Name one with --data.");
    let keys = match &settings.master_key {
        Some(keys) => keys.clone(),
        None => folder.ok_or_else(no_folder)?.master_keys(|bytes| random.fill(bytes))?,
    };
    let target = match &settings.database_url {
        Some(url) => {
            let connections = usize::try_from(settings.database_connections)?;
            Target::Pg { url: url.clone(), connections }
        }
        None => Target::Lite { path: folder.ok_or_else(no_folder)?.path().join(DATABASE) },
    };
    let hash_threads = match usize::try_from(settings.hash_threads)? {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let queue_s = usize::try_from(settings.hash_queue_s)?;
    let setup = CoreSetup {
        target,
        clock,
        random,
        masters: MasterKeys::new(keys.into_keys()).map_err(|e| start_up(&e))?,
        addresses,
        hash_threads,
        hash_queue: queue_s * HASHES_PER_SECOND * hash_threads,
    };
    let opened = Core::open(setup).await;
    opened.map_err(|e| anyhow!("The database cannot be opened: {}.", sentence(&e)))
}
