//! The server's settings: command line over environment over one TOML file over defaults.

mod check;
mod dump;
mod error;
mod file;
mod lists;
mod reference;
mod row;
mod value;
mod vars;

pub use check::{check, is_loopback};
pub use error::ConfigError;
pub use lists::{ForwardedHeader, Networks, RetrySeconds};
pub use reference::reference;
pub use row::{Kind, Row, Source};
pub use value::{LogFormat, MasterKeyList, PublicUrl};
pub use vars::Vars;

use file::Found;
use keystead_model::Secret;
use row::server_settings;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use value::Value;

/// The file that is read when none is named and it exists in the working folder.
const DEFAULT_FILE: &str = "keystead.toml";
/// The environment variable that names the file.
const FILE_VARIABLE: &str = "KEYSTEAD_CONFIG";

/// The settings that have an option of the command line.
pub const OPTIONS: &[(&str, &str)] = &[
    ("data", "--data"),
    ("http.port", "--http-port"),
    ("https.port", "--https-port"),
    ("public_url", "--public-url"),
];

server_settings! {
    /// Folder of the database, the keys and the lock; made with mode 0700.
    data "data": PathBuf = "./keystead-data";
    /// The key that wraps all others: 32 bytes as hex or base64. A list, separated by commas, is
    /// allowed: the first wraps, all unwrap. Without it SQLite keeps one in the data folder.
    master_key "master_key": Option<MasterKeyList> [secret];
    /// The address people and links use, such as `https://id.example.com`. https, unless its host
    /// is loopback. Without it, the address of the HTTP listener.
    public_url "public_url": Option<PublicUrl>;
    /// `postgres://…`; without it SQLite in the data folder.
    database_url "database.url": Option<Secret> [secret];
    /// Connections to PostgreSQL at most.
    database_connections "database.connections": u32 = "16", 2..=1_000;
    /// Where HTTP listens: `localhost` (both loopback addresses), a name or an address.
    http_host "http.host": String = "localhost";
    /// Port of HTTP; 0 picks a free one.
    http_port "http.port": u16 = "8080", 0..=65_535;
    /// Networks of the proxies in front of this server, such as `127.0.0.1, 10.1.0.0/16`. The
    /// address of a client is taken from what they say, and from nobody else. What they say about
    /// scheme and host is never read: links are built from `public_url`.
    http_trusted_proxies "http.trusted_proxies": Option<Networks>;
    /// The header in which they write it: `x-forwarded-for` or `forwarded` (RFC 7239). They must
    /// set or extend it; the other one is not read.
    http_forwarded_header "http.forwarded_header": ForwardedHeader = "x-forwarded-for";
    /// Where HTTPS listens. It does so with `--dev` or when a certificate is given.
    https_host "https.host": String = "localhost";
    /// Port of HTTPS; 0 picks a free one.
    https_port "https.port": u16 = "8443", 0..=65_535;
    /// PEM file with the certificate and its chain.
    https_certificate "https.certificate": Option<PathBuf>;
    /// PEM file with the certificate's private key.
    https_key "https.key": Option<PathBuf>;
    /// Address and port of a listener of its own for `/metrics`. Without it, `/metrics` stands on
    /// the HTTP listener and answers loopback peers alone.
    metrics_listen "metrics.listen": Option<SocketAddr>;
    /// `text`, `json`, or `auto`: text on a terminal, else JSON.
    log_format "log.format": LogFormat = "auto";
    /// What is logged, such as `info` or `info,keystead_store=debug`.
    log_filter "log.filter": String = "info";
    /// Largest request body in bytes.
    limits_body_max_bytes "limits.body_max_bytes": u32 = "1048576", 1_024..=104_857_600;
    /// Largest request head in bytes.
    limits_header_max_bytes "limits.header_max_bytes": u32 = "65536", 8_192..=1_048_576;
    /// Seconds in which a request's head must arrive, and a TLS handshake be done.
    limits_header_timeout_s "limits.header_timeout_s": u32 = "30", 1..=300;
    /// Seconds in which a request's body must arrive.
    limits_body_timeout_s "limits.body_timeout_s": u32 = "30", 1..=3_600;
    /// Seconds after which a connection on which nothing moves is closed.
    limits_idle_timeout_s "limits.idle_timeout_s": u32 = "75", 1..=3_600;
    /// Connections open at once; also bounded by the file descriptors of the process.
    limits_connections "limits.connections": u32 = "16384", 16..=1_000_000;
    /// Threads that hash passwords; 0 takes one per processor.
    hash_threads "hash.threads": u32 = "0", 0..=64;
    /// Seconds a sign-in waits for a hashing thread before it is told to come back.
    hash_queue_s "hash.queue_s": u32 = "5", 1..=60;
    /// The mail server: `smtps://user:password@mail.example:465`, or `smtp://…` (port 587), which
    /// uses TLS when the server offers it and demands it before a password; `?tls=always`,
    /// `?tls=offered` and `?tls=never` say otherwise. Without it mail waits, and is kept as a dead
    /// letter in the end.
    smtp_url "smtp.url": Option<Secret> [secret];
    /// The sender of mail: an address, or `Name <address>`. Without a name each mail carries the
    /// name of its application.
    smtp_from "smtp.from": Option<String>;
    /// Where text messages are posted as JSON. Without it they wait, and are kept as dead letters
    /// in the end.
    sms_url "sms.url": Option<Secret> [secret];
    /// Headers of that call, such as `Authorization: Bearer …`, one per line.
    sms_headers "sms.headers": Option<Secret> [secret];
    /// The JSON document posted. In its texts `{to}`, `{to_digits}` (without the plus), `{text}`,
    /// `{code}`, `{letter}` (such as `signin_code`), `{locale}`, `{name}` and `{id}` are put in.
    sms_body "sms.body": String = "{\"to\":\"{to}\",\"text\":\"{text}\"}";
    /// What a gateway's JSON answer says when it took a message, beside a status from 200 to 299: a
    /// JSON pointer, `=` and a value, such as `/code=0` or `/status=success`. Any other answer is
    /// tried again. Without it the status alone counts.
    sms_success "sms.success": Option<String>;
    /// Networks that outgoing HTTP may reach besides public addresses, such as
    /// `127.0.0.1, 10.1.0.0/16`. Redirects are never followed.
    outbound_allow "outbound.allow": Option<Networks>;
    /// Seconds after which a gateway that has not taken a message is given up for this try.
    messages_timeout_s "messages.timeout_s": u32 = "60", 1..=100;
    /// Seconds between the tries to hand a message over, separated by commas. After the last one
    /// it becomes a dead letter (`keystead messages dead`).
    messages_retry_s "messages.retry_s": RetrySeconds = "5, 30, 120, 600, 3600";
    /// Days a dead letter is kept after its last try. It holds an address, sealed.
    messages_dead_days "messages.dead_days": u32 = "30", 1..=3_650;
}

/// A value of the command line, which goes before all others.
#[derive(Debug)]
pub struct Override {
    /// Name of the setting.
    pub key: &'static str,
    /// The option that was given, such as `--http-port`.
    pub option: &'static str,
    /// Its value.
    pub text: String,
}

/// From what settings are read.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// Values of the command line.
    pub overrides: &'a [Override],
    /// The environment.
    pub vars: &'a Vars,
    /// The file named by `--config`.
    pub file: Option<&'a Path>,
}

/// Settings and where each value came from.
#[derive(Debug)]
pub struct Loaded {
    /// The values.
    pub settings: Settings,
    /// Sentences about things that are probably mistakes.
    pub warnings: Vec<String>,
    picked: Vec<Picked>,
}

/// The text chosen for one row, and its source.
#[derive(Debug)]
struct Picked {
    text: Option<Secret>,
    source: Source,
}

impl Loaded {
    /// Where the value of this setting came from; the default for a name that is no setting.
    #[must_use]
    pub fn source(&self, key: &str) -> Source {
        ROWS.iter()
            .zip(&self.picked)
            .find(|(row, _)| row.key == key)
            .map_or(Source::Default, |(_, picked)| picked.source.clone())
    }

    /// All settings as a TOML file, with the source of each value and secrets masked.
    #[must_use]
    pub fn dump(&self) -> String {
        dump::dump(&self.picked)
    }
}

/// Reads all settings. Rules that span several of them are tested by [`check`].
///
/// # Errors
/// The first value or name that is wrong, with the place where it stands.
pub fn load(inputs: &Inputs<'_>) -> Result<Loaded, ConfigError> {
    let found = match file_path(inputs) {
        Some(path) => file::read(&path)?,
        None => Vec::new(),
    };
    let picked = ROWS.iter().map(|row| pick(row, inputs, &found)).collect::<Result<Vec<_>, _>>()?;
    let settings = Settings::build(&picked)?;
    Ok(Loaded { settings, warnings: inputs.vars.unknown(), picked })
}

fn read_next<'a, T: Value>(
    rest: &mut impl Iterator<Item = (&'a Row, &'a Picked)>,
) -> Result<T, ConfigError> {
    let (row, picked) = rest.next().ok_or(ConfigError::Rows)?;
    T::read(picked.text.as_ref().map(Secret::expose), row).map_err(|why| ConfigError::Value {
        key: row.key,
        source_of: picked.source.clone(),
        why,
    })
}

fn file_path(inputs: &Inputs<'_>) -> Option<PathBuf> {
    let named = inputs.file.map(Path::to_path_buf);
    named
        .or_else(|| inputs.vars.get(FILE_VARIABLE).map(PathBuf::from))
        .or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists()))
}

fn pick(row: &'static Row, inputs: &Inputs<'_>, found: &[Found]) -> Result<Picked, ConfigError> {
    if let Some(given) = inputs.overrides.iter().find(|o| o.key == row.key) {
        let text = Some(Secret::new(given.text.clone()));
        return Ok(Picked { text, source: Source::Option(given.option) });
    }
    if let Some((text, source)) = inputs.vars.lookup(row)? {
        return Ok(Picked { text: Some(text), source });
    }
    if let Some(found) = found.iter().find(|f| f.row.key == row.key) {
        return Ok(Picked { text: Some(found.text.clone()), source: found.source.clone() });
    }
    Ok(Picked { text: row.default.map(Secret::new), source: Source::Default })
}

#[cfg(test)]
mod tests;
