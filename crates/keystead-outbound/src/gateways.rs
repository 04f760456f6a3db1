//! Where messages go: by mail, as text messages, and into the twin of `--dev`.

use crate::capture::{Capture, Channel, Message};
use crate::mail::Mailer;
use crate::sms::SmsGateway;

/// The gateways of this server.
#[derive(Debug, Default)]
pub struct Gateways {
    /// Sends mail.
    pub mail: Option<Mailer>,
    /// Sends text messages.
    pub sms: Option<SmsGateway>,
    /// Keeps every message, whether it is also sent or not.
    pub capture: Option<Capture>,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, for operators.
    pub why: String,
    /// Whether another try would end the same way.
    pub is_final: bool,
}

impl Refusal {
    /// A refusal that another try may overcome.
    #[must_use]
    pub fn for_now(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_final: false }
    }

    /// A refusal of this very message.
    #[must_use]
    pub fn for_good(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_final: true }
    }
}

impl Gateways {
    /// Whether messages of this channel get anywhere.
    #[must_use]
    pub const fn serves(&self, channel: Channel) -> bool {
        let sends = match channel {
            Channel::Email => self.mail.is_some(),
            Channel::Sms => self.sms.is_some(),
        };
        sends || self.capture.is_some()
    }

    /// Hands a message over.
    ///
    /// # Errors
    /// The gateway did not take it, or there is none.
    pub async fn send(&self, message: &Message) -> Result<(), Refusal> {
        let kept = self.capture.is_some();
        match (message.channel, &self.mail, &self.sms) {
            (Channel::Email, Some(mail), _) => mail.send(message).await?,
            (Channel::Sms, _, Some(sms)) => sms.send(message).await?,
            (channel, ..) if !kept => return Err(Refusal::for_now(missing(channel))),
            _ => {}
        }
        if let Some(capture) = &self.capture {
            capture.push(message.clone());
        }
        Ok(())
    }
}

/// What to set so that messages of this channel leave.
const fn missing(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "no mail gateway is set: give `smtp.url` and `smtp.from`",
        Channel::Sms => "no SMS gateway is set: give `sms.url`",
    }
}
