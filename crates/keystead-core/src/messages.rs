//! Messages to people: queued with the change that asks for them, written and sent by a job.
//!
//! [`queue`] is all that the rest of the domain needs. Nothing is sent inside a request: a slow
//! gateway delays no answer.

mod agent;
mod deliver;
mod letter;

pub use agent::Agent;
pub(crate) use deliver::deliver;
pub use deliver::{Composed, Composer, Composing, Written};
pub use keystead_outbound::Channel;
use keystead_outbound::Gateways;
pub use letter::{Letter, Shape};

use crate::cx::Cx;
use crate::outbox::{self, Consumer};
use keystead_model::{Code, Error, OneTimeSecretId, Result, Secret};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Within so many seconds of its request a code must be handed to a gateway; later it is not sent
/// any more. Until then its row lives so long, and from then on its own life (`signin.md` 3).
pub const HAND_OVER_S: i64 = 600;

/// What a new message is made of.
#[derive(Clone, Copy, Debug)]
pub struct NewMessage<'a> {
    /// How it is sent.
    pub channel: Channel,
    /// To whom: an e-mail address, or a phone number with its country code (`+8613800000000`).
    pub to: &'a str,
    /// What it says.
    pub letter: Letter,
    /// The name it speaks for; the pool's without.
    pub application: Option<&'a str>,
    /// The code in it.
    pub code: Option<&'a Secret>,
    /// The whole address in it, below the pool's `app_host`.
    pub link: Option<&'a Secret>,
    /// How many seconds code or link live, from the moment a gateway takes the message.
    pub lives_s: i64,
    /// The row whose life starts at that moment: written with `expires_at` in [`HAND_OVER_S`].
    pub secret: Option<OneTimeSecretId>,
}

/// Whether messages of this channel leave this server at all.
#[must_use]
pub fn reaches(cx: &Cx, channel: Channel) -> bool {
    cx.core.attached.get::<Gateways>().is_ok_and(|gateways| gateways.serves(channel))
}

/// Queues a message in the open transaction. Recipient, code, link, language and who asked are
/// sealed.
///
/// # Errors
/// `internal` when code or link do not fit the letter, or the link leaves the pool's address;
/// faults of the store.
pub async fn queue(cx: &mut Cx, message: &NewMessage<'_>) -> Result<()> {
    check(cx, message)?;
    let facts = Facts {
        channel: message.channel,
        to: message.to.to_owned(),
        letter: message.letter,
        application: message.application.map(str::to_owned),
        code: message.code.map(|code| code.expose().to_owned()),
        link: message.link.map(|link| link.expose().to_owned()),
        lives_s: message.lives_s,
        secret: message.secret,
    };
    let facts = Zeroizing::new(serde_json::to_vec(&facts).map_err(internal)?);
    let consumer = match message.channel {
        Channel::Email => Consumer::Mail,
        Channel::Sms => Consumer::Sms,
    };
    outbox::push(cx, consumer, message.letter.event(), &facts).await
}

/// The message as its row keeps it, sealed.
#[derive(Serialize, Deserialize)]
struct Facts {
    channel: Channel,
    to: String,
    letter: Letter,
    application: Option<String>,
    code: Option<String>,
    link: Option<String>,
    lives_s: i64,
    secret: Option<OneTimeSecretId>,
}

fn check(cx: &Cx, message: &NewMessage<'_>) -> Result<()> {
    let shape = message.letter.shape();
    if message.code.is_some() != (shape == Shape::Code) {
        return Err(internal(format!("a code does not fit {}", message.letter.event())));
    }
    match (shape, message.link) {
        (Shape::Link, None) => Err(internal("the message needs a link")),
        (Shape::Code, Some(_)) => Err(internal("a message with a code carries no link")),
        (_, Some(link)) if !is_below(link.expose(), &cx.pool.app_host) => {
            Err(internal("the link leaves the pool's address"))
        }
        _ => Ok(()),
    }
}

/// Whether an address lies below this one, which has no slash at its end.
fn is_below(link: &str, app_host: &str) -> bool {
    link.strip_prefix(app_host).is_some_and(|rest| rest.starts_with('/'))
        && !link.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[track_caller]
fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Code::Internal).caused_by(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_stays_below_the_pool() {
        for (link, below) in [
            ("https://id.example/reset/x", true),
            ("https://id.example", false),
            ("https://id.example.evil/x", false),
            ("https://id.example@evil/x", false),
            ("https://id.example/x\r\nBcc: y", false),
            ("javascript:1", false),
        ] {
            assert_eq!(is_below(link, "https://id.example"), below, "{link}");
        }
    }
}
