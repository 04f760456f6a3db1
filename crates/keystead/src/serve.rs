//! `keystead serve`: folder, sockets, certificates, application, in this order, until it is asked
//! to stop.

use crate::app::{Addresses, App, AppParts, app};
use crate::config::{Loaded, Settings};
use crate::control::door::Door;
use crate::datadir::DataFolder;
use crate::dev::Facts;
use crate::jobs::{self, Queue};
use crate::listen::{self, Bound, Ended, Limits, Listener};
use crate::local_only::LocalOnly;
use crate::{health, logs, tls};
use anyhow::Context as _;
use keystead_core::clock::Clock;
use keystead_core::jobs::Retries;
use keystead_core::random::Random;
use metrics_exporter_prometheus::PrometheusHandle;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Files that are not connections: the database, its threads, outgoing calls.
const RESERVED_DESCRIPTORS: u64 = 256;

/// SIGXFSZ, which has the same number on Linux and macOS.
const FILE_SIZE_EXCEEDED: i32 = 25;

/// What a server is started with.
#[derive(Debug)]
pub struct Start {
    /// Settings that were tested.
    pub loaded: Loaded,
    /// Whether `--dev` was given.
    pub dev: bool,
    /// The file of `--seed`.
    pub seed: Option<PathBuf>,
}

/// Runs a server until SIGTERM or SIGINT; a second signal ends it at once.
///
/// # Errors
/// Something it needs cannot be had; the text says what to do.
pub fn run(start: Start) -> anyhow::Result<()> {
    let settings = &start.loaded.settings;
    logs::install(settings.log_format, &settings.log_filter)?;
    start.loaded.warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
    let recorder = health::install_recorder().context("The metrics cannot be recorded")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        let Signals { mut terminate, mut interrupt } = Signals::listen()?;
        let server = Server::open(start, recorder).await?;
        say(&server.greeting())?;
        let stop = async move {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        };
        server.run(stop).await;
        anyhow::Ok(())
    });
    // Tasks that still run belong to connections that were cut off.
    runtime.shutdown_background();
    ended
}

/// A command's own words to the person who typed it.
fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// A server whose sockets are bound and whose application is open.
pub struct Server {
    listeners: Vec<Listener>,
    limits: Limits,
    queue: Queue,
    addresses: Addresses,
    recorder: PrometheusHandle,
    app: App,
    door: Door,
    // Last: the lock is let go of when everything else is gone.
    _folder: DataFolder,
}

impl Server {
    /// Takes folder and ports, opens the application, and with `--dev` writes `dev.json`. From
    /// then on clients can connect; they are answered by [`Server::run`].
    ///
    /// # Errors
    /// Something it needs cannot be had; the text says what to do.
    pub async fn open(start: Start, recorder: PrometheusHandle) -> anyhow::Result<Self> {
        let settings = &start.loaded.settings;
        let folder = DataFolder::open(&settings.data)?;
        let clock = Clock::new();
        let http = listen::bind(&settings.http_host, settings.http_port).await?;
        let https = https(&start, &folder, &clock).await?;
        let own = own_metrics(settings, &recorder).await?;
        let addresses = addresses(&start, &folder, &http, https.as_ref().map(|(bound, _)| bound));
        let ports: Vec<u16> = [Some(http.port()), https.as_ref().map(|(bound, _)| bound.port())]
            .into_iter()
            .flatten()
            .collect();
        let parts = AppParts {
            settings,
            dev: start.dev,
            seed: start.seed.as_deref(),
            folder: &folder,
            clock,
            addresses: addresses.clone(),
            guard: LocalOnly::new(&ports),
            metrics: own.is_none().then(|| recorder.clone()),
        };
        let app = app(parts, Random::system()).await?;
        let door = Door::open(&folder)?;
        if let Some(facts) = &app.dev {
            facts.write(&folder)?;
        }
        let router = &app.router;
        let mut listeners = vec![Listener { bound: http, tls: None, app: router.clone() }];
        listeners.extend(https.map(|(bound, tls)| Listener {
            bound,
            tls: Some(tls),
            app: router.clone(),
        }));
        listeners.extend(own);
        let limits = limits(settings);
        let queue = Queue {
            retries: Retries(settings.messages_retry_s.0.clone()),
            dead_days: settings.messages_dead_days,
        };
        Ok(Self { listeners, limits, queue, addresses, recorder, app, door, _folder: folder })
    }

    /// What a person is told before the server runs: what the seed changed, the set-up link, the
    /// table of `--dev`.
    #[must_use]
    pub fn greeting(&self) -> String {
        let mut text: String =
            self.app.notices.iter().map(|notice| format!("{notice}\n")).collect();
        if let Some(link) = &self.app.setup_link {
            text +=
                "\nMake the first administrator here; the link works once, within 60 minutes:\n";
            text += &format!("  {link}\n\n");
        }
        text + &self.app.dev.as_ref().map(Facts::table).unwrap_or_default()
    }

    /// The open application.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Answers until `stop` is done, then lets running requests end.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let tasks = [
            tokio::spawn(health::upkeep(self.recorder)),
            tokio::spawn(jobs::run(self.app.core.clone(), self.queue)),
            tokio::spawn(self.door.run(self.app.core.clone())),
        ];
        let Addresses { http_url, https_url, public_url, .. } = self.addresses;
        let https_url = https_url.unwrap_or_else(|| "off".into());
        tracing::info!(%http_url, %https_url, %public_url, "ready");
        let stop = async {
            stop.await;
            tracing::info!("stopping: running requests have a few seconds to end");
        };
        let ended = listen::serve(self.listeners, self.limits, stop).await;
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        if let Err(error) = self.app.core.db.clone().close().await {
            tracing::error!(%error, "the last commit failed");
        }
        match ended {
            Ended::Drained => tracing::info!("stopped"),
            Ended::CutOff => tracing::warn!("stopped, and cut requests off that took too long"),
        }
    }
}

async fn https(
    start: &Start,
    folder: &DataFolder,
    clock: &Clock,
) -> anyhow::Result<Option<(Bound, Arc<rustls::ServerConfig>)>> {
    let settings = &start.loaded.settings;
    let tls = match (&settings.https_certificate, &settings.https_key) {
        (Some(certificate), Some(key)) => tls::from_files(certificate, key)?,
        _ if start.dev => tls::development(folder, clock.real())?,
        _ => return Ok(None),
    };
    Ok(Some((listen::bind(&settings.https_host, settings.https_port).await?, tls)))
}

async fn own_metrics(
    settings: &Settings,
    recorder: &PrometheusHandle,
) -> anyhow::Result<Option<Listener>> {
    let Some(at) = settings.metrics_listen else { return Ok(None) };
    let bound = listen::bind(&at.ip().to_string(), at.port()).await?;
    Ok(Some(Listener { bound, tls: None, app: health::metrics(recorder.clone()) }))
}

fn addresses(start: &Start, folder: &DataFolder, http: &Bound, https: Option<&Bound>) -> Addresses {
    let settings = &start.loaded.settings;
    let http_url = url("http", &settings.http_host, http.port());
    let public = settings.public_url.as_ref().map(|url| url.as_str().to_owned());
    let own_ca = start.dev && settings.https_certificate.is_none();
    Addresses {
        public_url: public.unwrap_or_else(|| http_url.clone()),
        http_url,
        https_url: https.map(|bound| url("https", &settings.https_host, bound.port())),
        ca_file: own_ca.then(|| folder.path().join(tls::CA_FILE)),
    }
}

/// Browsers offer no passkeys on an IP address, so loopback is called localhost.
pub(crate) fn url(scheme: &str, host: &str, port: u16) -> String {
    if crate::config::is_loopback(host) {
        return format!("{scheme}://localhost:{port}");
    }
    let host = host.trim_matches(['[', ']']);
    if host.contains(':') {
        format!("{scheme}://[{host}]:{port}")
    } else {
        format!("{scheme}://{host}:{port}")
    }
}

fn limits(settings: &Settings) -> Limits {
    let seconds = |s: u32| Duration::from_secs(s.into());
    let descriptors = listen::raise_descriptors().saturating_sub(RESERVED_DESCRIPTORS).max(16);
    let wanted = u64::from(settings.limits_connections);
    if wanted > descriptors {
        tracing::warn!(wanted, possible = descriptors, "fewer connections: raise `ulimit -n`");
    }
    Limits {
        connections: usize::try_from(wanted.min(descriptors)).unwrap_or(usize::MAX),
        header_timeout: seconds(settings.limits_header_timeout_s),
        header_max_bytes: settings.limits_header_max_bytes,
        body_timeout: seconds(settings.limits_body_timeout_s),
        idle_timeout: seconds(settings.limits_idle_timeout_s),
    }
}

/// The signals that end a server.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        // Heard and dropped: a file that may not grow is then a refused write, not the end of the
        // process. Signals are heard for as long as the process lives.
        let _ = signal(SignalKind::from_raw(FILE_SIZE_EXCEEDED))?;
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_called_localhost() {
        for (host, want) in [
            ("127.0.0.1", "http://localhost:1"),
            ("::1", "http://localhost:1"),
            ("LOCALHOST", "http://localhost:1"),
            ("id.example.com", "http://id.example.com:1"),
            ("2001:db8::1", "http://[2001:db8::1]:1"),
        ] {
            assert_eq!(url("http", host, 1), want);
        }
    }
}
