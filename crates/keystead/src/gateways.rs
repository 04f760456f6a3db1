//! The gateways of messages, made from the settings.

use crate::config::Settings;
use keystead_outbound::{Capture, Gateways, Guard, Mailer, SmsGateway, SmsSettings};
use std::time::Duration;

/// A setting that is wrong, and the rest of a sentence.
pub type Wrong = (&'static str, String);

/// The gateways that are set; `capture` keeps a copy of every message.
///
/// # Errors
/// The first setting that is wrong.
pub fn gateways(settings: &Settings, capture: Option<Capture>) -> Result<Gateways, Wrong> {
    let timeout = Duration::from_secs(settings.messages_timeout_s.into());
    let mail = match (&settings.smtp_url, &settings.smtp_from) {
        (Some(url), Some(from)) => {
            Some(Mailer::new(url, from, timeout).map_err(|(key, why)| (key, why.to_owned()))?)
        }
        (Some(_), None) => return Err(("smtp.from", "must be given with `smtp.url`".into())),
        (None, Some(_)) => return Err(("smtp.url", "must be given with `smtp.from`".into())),
        (None, None) => None,
    };
    let allowed = settings.outbound_allow.as_ref().map(|networks| networks.0.clone());
    let guard = Guard::new(allowed.unwrap_or_default());
    let sms = settings.sms_url.as_ref().map(|url| {
        let headers = settings.sms_headers.as_ref();
        let success = settings.sms_success.as_deref();
        let sms = SmsSettings { url, headers, body: &settings.sms_body, success, timeout };
        SmsGateway::new(&sms, guard)
    });
    Ok(Gateways { mail, sms: sms.transpose()?, capture })
}

/// What is said about gateways that are missing, one sentence each; `--dev` needs none.
#[must_use]
pub fn missing(settings: &Settings, dev: bool) -> Vec<String> {
    let mut said = Vec::new();
    if !dev && settings.smtp_url.is_none() {
        said.push(
            "No mail gateway is set, so mail waits: give `smtp.url` and `smtp.from`.".to_owned(),
        );
    }
    if !dev && settings.sms_url.is_none() {
        said.push("No SMS gateway is set, so text messages wait: give `sms.url`.".to_owned());
    }
    said
}
