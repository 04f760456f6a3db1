//! Rules that span several settings.

use super::{ConfigError, Loaded, Settings};
use std::net::IpAddr;

/// Whether a host name or address means this machine alone.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Tests the rules that span several settings; `dev` adds those of `serve --dev`.
///
/// # Errors
/// The first setting that does not fit the others, and what to do.
pub fn check(loaded: &Loaded, dev: bool) -> Result<(), ConfigError> {
    let settings = &loaded.settings;
    let broken = certificate(settings)
        .or_else(|| public_url(settings, dev))
        .or_else(|| database(settings))
        .or_else(|| log_filter(settings))
        .or_else(|| if dev { loopback_only(settings) } else { None });
    let broken = broken
        .map(|(key, why)| (key, why.to_owned()))
        .or_else(|| crate::gateways::gateways(settings, None).err());
    match broken {
        Some((key, why)) => Err(ConfigError::Value { key, source_of: loaded.source(key), why }),
        None => Ok(()),
    }
}

type Broken = Option<(&'static str, &'static str)>;

fn certificate(settings: &Settings) -> Broken {
    match (&settings.https_certificate, &settings.https_key) {
        (Some(_), None) => Some(("https.certificate", "needs `https.key`, its private key, too")),
        (None, Some(_)) => Some(("https.key", "needs `https.certificate` too")),
        _ => None,
    }
}

fn public_url(settings: &Settings, dev: bool) -> Broken {
    match &settings.public_url {
        Some(url) if !url.is_https() && !is_loopback(&url.host()) => {
            Some(("public_url", "must be https: browsers keep our cookies on nothing else"))
        }
        // A server that others reach must know by which name; it never learns it from a request.
        None if !dev && !is_loopback(&settings.http_host) => {
            Some(("public_url", "must be given when `http.host` is not loopback"))
        }
        _ => None,
    }
}

fn database(settings: &Settings) -> Broken {
    let url = settings.database_url.as_ref()?.expose();
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Some(("database.url", "must begin with postgres://; leave it out for SQLite"));
    }
    if settings.master_key.is_none() {
        return Some((
            "master_key",
            "must be given with PostgreSQL: set KEYSTEAD_MASTER_KEY_FILE to a file with 32 random \
             bytes in hexadecimal",
        ));
    }
    None
}

fn log_filter(settings: &Settings) -> Broken {
    crate::logs::filter(&settings.log_filter)
        .err()
        .map(|_| ("log.filter", "must be a level, or such as info,keystead_store=debug"))
}

fn loopback_only(settings: &Settings) -> Broken {
    let why = "must be loopback with --dev, which lets anybody who reaches it read all mail; use \
               localhost, or leave --dev out";
    if !is_loopback(&settings.http_host) {
        return Some(("http.host", why));
    }
    if !is_loopback(&settings.https_host) {
        return Some(("https.host", why));
    }
    if settings.metrics_listen.is_some_and(|at| !at.ip().is_loopback()) {
        return Some(("metrics.listen", why));
    }
    match &settings.public_url {
        Some(url) if !is_loopback(&url.host()) => Some(("public_url", why)),
        _ => None,
    }
}
