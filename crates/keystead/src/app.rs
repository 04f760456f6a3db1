//! What answers on the main listeners.

use crate::config::Settings;
use crate::datadir::DataFolder;
use crate::health;
use crate::local_only::LocalOnly;
use axum::Router;
use keystead_core::clock::Clock;
use keystead_core::random::Random;
use metrics_exporter_prometheus::PrometheusHandle;
use std::path::{Path, PathBuf};

/// What the application is made of.
pub struct AppParts<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// Whether `--dev` was given.
    pub dev: bool,
    /// The file of `--seed`.
    pub seed: Option<&'a Path>,
    /// The open data folder.
    pub folder: &'a DataFolder,
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub random: Random,
    /// The addresses of this server.
    pub addresses: Addresses,
    /// Who may see what only this machine may see.
    pub guard: LocalOnly,
    /// The recorder, when `/metrics` stands on the main listeners.
    pub metrics: Option<PrometheusHandle>,
}

/// Where the server is reached.
#[derive(Clone, Debug)]
pub struct Addresses {
    /// The HTTP listener.
    pub http_url: String,
    /// The HTTPS listener, if there is one.
    pub https_url: Option<String>,
    /// What links and issuers are built from.
    pub public_url: String,
    /// The development CA's certificate, with `--dev`.
    pub ca_file: Option<PathBuf>,
}

/// Makes the router; whatever it needs that takes time is opened here.
///
/// # Errors
/// Something it needs cannot be opened; the text says what to do.
pub async fn app(parts: AppParts<'_>) -> anyhow::Result<Router> {
    let router = health::probes(|| async { Ok(()) });
    Ok(match parts.metrics {
        Some(handle) => router.merge(health::metrics_for_loopback(handle, parts.guard)),
        None => router,
    })
}
