//! Mail by SMTP (RFC 5321): one connection per mail, TLS where the server has it.

use crate::capture::Message;
use crate::gateways::Refusal;
use keystead_model::Secret;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use url::{Host, Url};

/// Answers by which a server says that it does not know us: the settings are wrong, not the mail.
const NOT_SIGNED_IN: &[u16] = &[530, 534, 535, 538];

/// Sends mail.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl Mailer {
    /// A sender through `smtp://` or `smtps://[user:password@]host[:port][?tls=…]`, as `from`:
    /// an address, or `Name <address>`.
    ///
    /// # Errors
    /// Name of the setting that is wrong, and the rest of a sentence.
    pub fn new(
        url: &Secret,
        from: &str,
        timeout: Duration,
    ) -> Result<Self, (&'static str, &'static str)> {
        let from: Mailbox = from.parse().map_err(|_| {
            ("smtp.from", "must be a mail address, such as Larkfield <no-reply@larkfield.example>")
        })?;
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let transport = transport(url.expose(), hello, timeout).map_err(|why| ("smtp.url", why))?;
        Ok(Self { transport, from, timeout })
    }

    /// Hands a mail to the server.
    ///
    /// # Errors
    /// The server did not take it, or not in time.
    pub async fn send(&self, message: &Message) -> Result<(), Refusal> {
        let mail = self.mail(message).map_err(Refusal::for_good)?;
        match tokio::time::timeout(self.timeout, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => {
                let known = error.status().is_none_or(|s| !NOT_SIGNED_IN.contains(&s.into()));
                let is_final = error.is_permanent() && known;
                Err(Refusal { why: format!("SMTP: {}", chain(&error)), is_final })
            }
            Err(_) => Err(Refusal::for_now(format!(
                "SMTP: the server did not take the mail within {} seconds",
                self.timeout.as_secs()
            ))),
        }
    }

    fn mail(&self, message: &Message) -> Result<lettre::Message, String> {
        let to: Address = message.to.parse().map_err(|_| "the recipient is no mail address")?;
        let name = self.from.name.clone().unwrap_or_else(|| one_line(&message.from_name));
        let name = Some(name).filter(|name| !name.is_empty());
        let html = message.html.clone().unwrap_or_default();
        // The same bytes at every try: nothing here is random or reads a clock.
        let body = MultiPart::alternative()
            .boundary(format!("=_{}", message.id))
            .singlepart(SinglePart::plain(message.text.clone()))
            .singlepart(SinglePart::html(html));
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        let ms = u64::try_from(message.created_at.0).unwrap_or_default();
        let at: SystemTime = UNIX_EPOCH + Duration::from_millis(ms);
        lettre::Message::builder()
            .from(Mailbox::new(name, self.from.email.clone()))
            .to(Mailbox::new(None, to))
            .subject(one_line(message.subject.as_deref().unwrap_or_default()))
            .message_id(Some(id))
            .date(at)
            .header(AutoSubmitted)
            .multipart(body)
            .map_err(|error| error.to_string())
    }
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer({})", self.from)
    }
}

/// Tells programs that no person wrote this, so that none answers (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

fn transport(
    url: &str,
    hello: ClientId,
    timeout: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, &'static str> {
    let wrong = "must be such as smtps://user:password@mail.example:465";
    let url = Url::parse(url).map_err(|_| wrong)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(wrong)?;
    let host = host.trim_matches(['[', ']']);
    let is_local = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        // A scheme that URLs know nothing special about keeps addresses as names.
        _ => host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback()),
    };
    let is_named = !url.username().is_empty();
    let parameters =
        || TlsParameters::new(host.to_owned()).map_err(|_| "names a host that TLS cannot check");
    let asked = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value);
    let (tls, port) = match (url.scheme(), asked.as_deref()) {
        ("smtps", None | Some("always")) => (Tls::Wrapper(parameters()?), 465),
        ("smtp", Some("always")) => (Tls::Required(parameters()?), 587),
        ("smtp", Some("never")) => (Tls::None, 25),
        // A password is not told to whoever answers in the server's place.
        ("smtp", None) if is_named && !is_local => (Tls::Required(parameters()?), 587),
        ("smtp", None | Some("offered")) => (Tls::Opportunistic(parameters()?), 587),
        ("smtp" | "smtps", _) => return Err("takes ?tls=always, ?tls=offered or ?tls=never"),
        _ => return Err(wrong),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(url.port().unwrap_or(port))
        .tls(tls)
        .hello_name(hello)
        .timeout(Some(timeout));
    if is_named {
        let plain = |text: &str| {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            decoded
                .map(|text| text.into_owned())
                .map_err(|_| "has a user or password that is no UTF-8")
        };
        let (user, password) = (plain(url.username())?, plain(url.password().unwrap_or_default())?);
        builder = builder.credentials(Credentials::new(user, password));
    }
    Ok(builder.build())
}

/// No text of ours ends a header's line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// An error and what caused it, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    one_line(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Channel;
    use keystead_model::Millis;

    fn mailer(from: &str) -> Mailer {
        let url = Secret::new("smtp://localhost:1");
        Mailer::new(&url, from, Duration::from_secs(1)).unwrap()
    }

    fn message(to: &str, name: &str, subject: &str) -> Message {
        Message {
            id: "0192aabbccdd112233445566".into(),
            channel: Channel::Email,
            to: to.into(),
            from_name: name.into(),
            subject: Some(subject.into()),
            text: "402915\n.\n验证码".into(),
            html: Some("<p>402915</p>".into()),
            code: Some("402915".into()),
            letter: "signin_code",
            locale: "en-US",
            created_at: Millis(1_795_615_320_000),
        }
    }

    fn headers(mail: &lettre::Message) -> String {
        let bytes = String::from_utf8(mail.formatted()).unwrap();
        bytes.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn the_same_mail_has_the_same_bytes() {
        let mailer = mailer("no-reply@larkfield.example");
        let message = message("mina@a.example", "Larkfield", "402915 是您的验证码。");
        let (one, two) = (mailer.mail(&message).unwrap(), mailer.mail(&message).unwrap());
        assert_eq!(one.formatted(), two.formatted());
        let head = headers(&one);
        let id = "Message-ID: <0192aabbccdd112233445566@larkfield.example>";
        for line in [id, "Auto-Submitted: auto-generated", "Date: Wed, 25 Nov 2026 14:02:00 +0000"]
        {
            assert!(head.contains(line), "{head}");
        }
        assert!(head.contains("From: Larkfield <no-reply@larkfield.example>"), "{head}");
    }

    #[test]
    fn attack_50_no_value_makes_a_header() {
        let evil = "A\r\nBcc: victim@b.example\r\n\r\n<b>body\u{0}";
        let mailer = mailer("no-reply@larkfield.example");
        let mail = mailer.mail(&message("mina@a.example", evil, evil)).unwrap();
        let head = headers(&mail);
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        assert_eq!(mail.envelope().to().len(), 1);
        for to in [
            "mina@a.example\r\nBcc: b@b.example",
            "a@a.example, b@b.example",
            "A <a@a.example>",
            "a@a.example>\r\nRCPT TO:<b@b.example",
            "",
            "a",
            "a@",
            "a b@a.example",
        ] {
            assert!(mailer.mail(&message(to, "A", "B")).is_err(), "{to:?}");
        }
    }

    #[test]
    fn a_name_of_the_setting_goes_first() {
        let mail = mailer("Post <p@x.example>").mail(&message("a@b.example", "App", "S")).unwrap();
        assert!(headers(&mail).contains("From: Post <p@x.example>"));
    }

    #[test]
    fn settings_are_checked() {
        let new = |url: &str, from: &str| {
            Mailer::new(&Secret::new(url), from, Duration::from_secs(1)).err()
        };
        for good in [
            "smtp://localhost",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
            "smtps://u:p%40x@m.example",
            "smtp://u:p@m.example?tls=always",
            "smtp://relay.example:25?tls=never",
        ] {
            assert_eq!(new(good, "a@b.example"), None, "{good}");
        }
        for bad in [
            "",
            "mail.example",
            "http://m.example",
            "smtp://",
            "smtp://m.example?tls=x",
            "smtps://m.example?tls=never",
        ] {
            assert_eq!(new(bad, "a@b.example").unwrap().0, "smtp.url", "{bad}");
        }
        for bad in ["", "a", "a@b.example\r\nX: y", "a@b.example, c@d.example"] {
            assert_eq!(new("smtp://localhost", bad).unwrap().0, "smtp.from", "{bad}");
        }
        let shown = format!(
            "{:?}",
            Mailer::new(
                &Secret::new("smtps://u:hunter2@m.example"),
                "a@b.example",
                Duration::from_secs(1)
            )
        );
        assert!(!shown.contains("hunter2"));
    }
}
