//! Text messages by an HTTP gateway: one POST of a JSON document made from a template.

mod success;

use crate::capture::Message;
use crate::gateways::Refusal;
use crate::guard::Guard;
use crate::mail::chain;
use keystead_model::Secret;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use std::time::Duration;
use success::Success;
use url::Url;

/// What a template may name, each in braces.
const NAMES: &[&str] = &["to", "to_digits", "text", "code", "letter", "locale", "name", "id"];
/// Answers that mean this very message.
const FINAL: &[StatusCode] = &[StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];

/// What a gateway is made of.
#[derive(Debug)]
pub struct SmsSettings<'a> {
    /// Where messages are posted.
    pub url: &'a Secret,
    /// `Name: value`, one per line.
    pub headers: Option<&'a Secret>,
    /// The JSON document with names in braces.
    pub body: &'a str,
    /// What an answer says that took the message: a JSON pointer, `=` and a value.
    pub success: Option<&'a str>,
    /// How long a call may take.
    pub timeout: Duration,
}

/// Sends text messages.
pub struct SmsGateway {
    client: reqwest::Client,
    guard: Guard,
    url: Url,
    headers: HeaderMap,
    body: Value,
    success: Option<Success>,
}

impl SmsGateway {
    /// A gateway behind the guard.
    ///
    /// # Errors
    /// Name of the setting that is wrong, and the rest of a sentence.
    pub fn new(settings: &SmsSettings<'_>, guard: Guard) -> Result<Self, (&'static str, String)> {
        let url = Url::parse(settings.url.expose())
            .map_err(|_| "must be such as https://sms.example/send".to_owned())
            .and_then(|url| guard.check(&url).map(|()| url))
            .map_err(|why| ("sms.url", why))?;
        let headers = headers(settings.headers.map_or("", Secret::expose))
            .map_err(|why| ("sms.headers", why.to_owned()))?;
        let body = template(settings.body).map_err(|why| ("sms.body", why))?;
        let success = settings.success.map(Success::read).transpose();
        let success = success.map_err(|why| ("sms.success", why.to_owned()))?;
        let client = guard.client(settings.timeout);
        let client = client.map_err(|error| ("sms.url", format!("gets no client: {error}")))?;
        Ok(Self { client, guard, url, headers, body, success })
    }

    /// Hands a text message to the gateway.
    ///
    /// # Errors
    /// The gateway did not take it, or not in time.
    pub async fn send(&self, message: &Message) -> Result<(), Refusal> {
        self.guard.check(&self.url).map_err(|why| Refusal::for_now(format!("SMS: it {why}")))?;
        let call = self.client.post(self.url.clone()).headers(self.headers.clone());
        let answer = call.json(&filled(&self.body, message)).send().await;
        // The address may hold a key: it is left out of what is kept.
        let answer = answer
            .map_err(|error| Refusal::for_now(format!("SMS: {}", chain(&error.without_url()))))?;
        let status = answer.status();
        if status.is_success() {
            let Some(success) = &self.success else { return Ok(()) };
            let checked = success.check(answer).await;
            return checked.map_err(|why| Refusal::for_now(format!("SMS: {why}")));
        }
        let why = format!("SMS: the gateway answered {status}");
        Err(Refusal { why, is_final: FINAL.contains(&status) })
    }
}

impl std::fmt::Debug for SmsGateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SmsGateway({})", self.url.host_str().unwrap_or_default())
    }
}

fn headers(lines: &str) -> Result<HeaderMap, &'static str> {
    let wrong = "must be lines of the form Name: value";
    let mut headers = HeaderMap::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(wrong)?;
        let name = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| wrong)?;
        let mut value = HeaderValue::from_str(value.trim()).map_err(|_| wrong)?;
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

/// Reads the template; whatever it names must be known.
fn template(text: &str) -> Result<Value, String> {
    let body: Value = serde_json::from_str(text).map_err(|error| {
        format!("must be JSON: line {}, column {} is not", error.line(), error.column())
    })?;
    let mut unknown = None;
    each_text(&body, &mut |text| {
        let named = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let bad = named.map(|(name, _)| name).find(|name| !NAMES.contains(name));
        unknown = unknown.take().or_else(|| bad.map(str::to_owned));
    });
    match unknown {
        Some(name) => Err(format!("names {{{name}}}; there are {{{}}}", NAMES.join("}, {"))),
        None => Ok(body),
    }
}

fn each_text(value: &Value, see: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(list) => list.iter().for_each(|value| each_text(value, see)),
        Value::Object(fields) => fields.values().for_each(|value| each_text(value, see)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The template with the message put in: a value stays inside its text whatever it holds.
fn filled(template: &Value, message: &Message) -> Value {
    match template {
        Value::String(text) => Value::String(fill(text, message)),
        Value::Array(list) => list.iter().map(|value| filled(value, message)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), filled(value, message))).collect()
        }
        other => other.clone(),
    }
}

fn fill(text: &str, message: &Message) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, tail)| Some((before, tail.split_once('}')?)))
    {
        out.push_str(before);
        match name {
            "to" => out.push_str(&message.to),
            "to_digits" => out.extend(message.to.chars().filter(char::is_ascii_digit)),
            "text" => out.push_str(&message.text),
            "code" => out.push_str(message.code.as_deref().unwrap_or_default()),
            "letter" => out.push_str(message.letter),
            "locale" => out.push_str(message.locale),
            "name" => out.push_str(&message.from_name),
            _ => out.push_str(&message.id),
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Channel;
    use keystead_model::Millis;
    use serde_json::json;

    fn settings<'a>(
        url: &'a Secret,
        headers: Option<&'a Secret>,
        body: &'a str,
    ) -> SmsSettings<'a> {
        SmsSettings { url, headers, body, success: None, timeout: Duration::from_secs(1) }
    }

    fn wrong(url: &str, headers: &str, body: &str) -> Option<(&'static str, String)> {
        let (url, headers) = (Secret::new(url), Secret::new(headers));
        SmsGateway::new(&settings(&url, Some(&headers), body), Guard::default()).err()
    }

    #[test]
    fn a_value_stays_in_its_place() {
        let template = template(r#"{"to":["{to}"],"n":{"t":"<{text}> {code}"},"x":1}"#).unwrap();
        let message = Message {
            id: "1".into(),
            channel: Channel::Sms,
            to: "+8613800000000".into(),
            from_name: "A".into(),
            subject: None,
            text: "\",\"to\":\"+1\" {code}".into(),
            html: None,
            code: Some("402915".into()),
            letter: "signin_code",
            locale: "zh-CN",
            created_at: Millis(1),
        };
        let want = json!({"to": ["+8613800000000"], "x": 1,
            "n": {"t": "<\",\"to\":\"+1\" {code}> 402915"}});
        assert_eq!(filled(&template, &message), want);
        assert_eq!(fill("{to_digits}{", &message), "8613800000000{");
    }

    #[test]
    fn settings_are_checked() {
        let url = "https://sms.example/send?key=hunter2";
        assert_eq!(wrong(url, "Authorization: Bearer x\n\nX-A: b", r#"{"t":"{text}"}"#), None);
        for (url, headers, body, setting) in [
            ("sms.example", "", "{}", "sms.url"),
            ("http://169.254.169.254/", "", "{}", "sms.url"),
            ("http://127.0.0.1:1/", "", "{}", "sms.url"),
            (url, "Authorization", "{}", "sms.headers"),
            (url, "A b: c", "{}", "sms.headers"),
            (url, "", "to={to}", "sms.body"),
            (url, "", r#"{"t":"{txet}"}"#, "sms.body"),
        ] {
            assert_eq!(wrong(url, headers, body).unwrap().0, setting, "{url} {headers} {body}");
        }
        let secret = Secret::new(url);
        let success = SmsSettings { success: Some("code"), ..settings(&secret, None, "{}") };
        assert_eq!(SmsGateway::new(&success, Guard::default()).unwrap_err().0, "sms.success");
        let gateway = SmsGateway::new(&settings(&secret, None, "{}"), Guard::default());
        assert!(!format!("{gateway:?}").contains("hunter2"));
    }
}
