//! Structured logs on standard error: text for people, one JSON object per line for machines.

use crate::config::LogFormat;
use std::fmt::Write as _;
use std::io::IsTerminal;
use tracing::Subscriber;
use tracing::field::Field;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::fmt::{MakeWriter, SubscriberBuilder};

/// Whether a line that cannot be written is reported on standard error. It must not be: where logs
/// go to a full disk, the report fails as well, and that panics.
const LOGS_OWN_ERRORS: bool = false;

/// Reads a filter such as `info,keystead_store=debug`.
///
/// # Errors
/// The text is no filter.
pub fn filter(text: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::try_new(text)
}

/// Sends the process's logs to standard error. A second call changes nothing.
///
/// # Errors
/// The filter is none.
pub fn install(format: LogFormat, filter_text: &str) -> Result<(), ParseError> {
    let terminal = std::io::stderr().is_terminal();
    let text = match format {
        LogFormat::Auto => terminal,
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let filter = filter(filter_text)?;
    // Fails only when a subscriber is installed already, as in tests.
    let _ = if text {
        tracing::subscriber::set_global_default(as_text(filter, terminal, std::io::stderr))
    } else {
        tracing::subscriber::set_global_default(as_json(filter, std::io::stderr))
    };
    Ok(())
}

fn as_json<W>(filter: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    SubscriberBuilder::default()
        .json()
        .flatten_event(true)
        .log_internal_errors(LOGS_OWN_ERRORS)
        .with_env_filter(filter)
        .with_writer(writer)
        .finish()
}

fn as_text<W>(filter: EnvFilter, ansi: bool, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    SubscriberBuilder::default()
        .with_ansi(ansi)
        .fmt_fields(debug_fn(field).delimited(" "))
        .log_internal_errors(LOGS_OWN_ERRORS)
        .with_env_filter(filter)
        .with_writer(writer)
        .finish()
}

/// Writes one field of a text line.
fn field(to: &mut Writer<'_>, field: &Field, value: &dyn std::fmt::Debug) -> std::fmt::Result {
    match field.name() {
        "message" => {}
        // Added by the bridge from the `log` crate; the line says the target already.
        name if name.starts_with("log.") => return Ok(()),
        name => write!(to, "{name}=")?,
    }
    write!(Visible(to), "{value:?}")
}

/// Writes control characters as escapes, so that a value can neither begin a line of its own nor
/// steer the terminal.
struct Visible<'a, 'w>(&'a mut Writer<'w>);

impl std::fmt::Write for Visible<'_, '_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        for c in text.chars() {
            if c.is_control() || steers(c) {
                write!(self.0, "{}", c.escape_default())?;
            } else {
                self.0.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// Line and paragraph separators, and marks that turn the direction of writing.
fn steers(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Lines {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    const EVIL: &str = "a\r\nINFO forged\u{1b}[2J\u{202e}x";

    fn speak() {
        let span = tracing::info_span!("request", path = %EVIL);
        let _inside = span.enter();
        tracing::info!(plain = EVIL, shown = %EVIL, debugged = ?EVIL, n = 3, "said {EVIL}");
        tracing::debug!("not heard");
    }

    #[test]
    fn a_value_cannot_forge_a_line_of_text() {
        for ansi in [false, true] {
            let lines = Lines::default();
            let writer = lines.clone();
            let subscriber = as_text(filter("info").unwrap(), ansi, move || writer.clone());
            tracing::subscriber::with_default(subscriber, speak);
            let text = lines.text();
            assert_eq!(text.lines().count(), 1, "{text:?}");
            assert!(text.ends_with('\n') && !text.contains('\r'), "{text:?}");
            assert!(!text.contains("\u{1b}[2J") && !text.contains('\u{202e}'), "{text:?}");
            assert!(text.contains(r"\u{1b}[2J") && text.contains("n=3"), "{text:?}");
        }
    }

    #[test]
    fn json_lines_are_json() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = as_json(filter("info").unwrap(), move || writer.clone());
        tracing::subscriber::with_default(subscriber, speak);
        let text = lines.text();
        assert_eq!(text.lines().count(), 1, "{text:?}");
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["shown"], EVIL);
        assert_eq!(line["message"], format!("said {EVIL}"));
        assert_eq!(line["span"]["path"], EVIL);
    }

    #[test]
    fn a_wrong_filter_is_refused() {
        assert!(filter("info,keystead=loud").is_err());
    }
}
