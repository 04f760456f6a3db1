//! The job behind a queued message: is it still wanted, write it, hand it over, start its life.

use super::{Agent, Channel, Facts, HAND_OVER_S, Letter, internal};
use crate::cx::Cx;
use crate::outbox::{Job, Outcome};
use keystead_model::{Locale, Millis, OneTimeSecretId, Result};
use keystead_outbound::{Gateways, Message};
use keystead_store::one_time_secrets::hand_over;
use std::net::IpAddr;
use std::sync::Arc;

/// Longest name that a message repeats.
const LONGEST_NAME: usize = 60;

/// What a message is written from.
#[derive(Debug)]
pub struct Written<'a> {
    /// What it says.
    pub letter: Letter,
    /// How it is sent.
    pub channel: Channel,
    /// In which language.
    pub locale: Locale,
    /// The name it speaks for: one line without marks that change how text around it reads.
    pub name: &'a str,
    /// To whom.
    pub to: &'a str,
    /// The code in it.
    pub code: Option<&'a str>,
    /// The whole address in it.
    pub link: Option<&'a str>,
    /// How many seconds code or link live.
    pub lives_s: i64,
    /// When it was asked for.
    pub asked_at: Millis,
    /// From which address.
    pub ip: IpAddr,
    /// From which browser, if we know it.
    pub agent: Option<Agent>,
}

/// A message's texts.
#[derive(Debug)]
pub struct Composed {
    /// The subject; a text message has none.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
    /// The same as HTML; a text message has none.
    pub html: Option<String>,
}

/// Writes messages: whoever has the templates.
pub trait Composer: Send + Sync {
    /// The texts of a message.
    ///
    /// # Errors
    /// `internal` when a template does not render.
    fn compose(&self, facts: &Written<'_>) -> Result<Composed>;
}

/// The composer, as [`crate::Core::attached`] holds it.
pub struct Composing(pub Arc<dyn Composer>);

/// Does the work of one queued message.
pub(crate) async fn deliver(cx: &mut Cx, job: &Job) -> Result<Outcome> {
    let facts: Facts = serde_json::from_slice(&job.facts).map_err(internal)?;
    if let Some(over) = over(cx, job, facts.secret).await? {
        return Ok(over);
    }
    let message = write(cx, job, &facts)?;
    let gateways = cx.core.attached.get::<Gateways>()?;
    cx.before_slow_work()?;
    if let Err(refusal) = gateways.send(&message).await {
        let why = redact(&refusal.why, &facts);
        return Ok(if refusal.is_final { Outcome::Never(why) } else { Outcome::Later(why) });
    }
    if let Some(id) = facts.secret {
        let sent_at = cx.core.clock.now();
        let expires_at = sent_at.plus_seconds(facts.lives_s);
        hand_over::start_life(&mut cx.store(), id, sent_at, expires_at).await?;
    }
    Ok(Outcome::Done)
}

/// How it ends when its code is of no use any more.
async fn over(cx: &mut Cx, job: &Job, secret: Option<OneTimeSecretId>) -> Result<Option<Outcome>> {
    let Some(id) = secret else { return Ok(None) };
    let Some(row) = hand_over::pending(&mut cx.store(), id).await? else {
        return Ok(Some(Outcome::Void("its code is gone")));
    };
    if row.consumed_at.is_some() {
        return Ok(Some(Outcome::Void("its code was used")));
    }
    if row.superseded_at.is_some() {
        return Ok(Some(Outcome::Void("a newer code took its place")));
    }
    let now = cx.core.clock.now();
    let too_late = now >= job.created_at.plus_seconds(HAND_OVER_S);
    if too_late || row.expires_at <= now {
        let why = format!("no gateway took it within {HAND_OVER_S} seconds; its code is over");
        return Ok(Some(Outcome::Never(why)));
    }
    Ok(None)
}

fn write(cx: &Cx, job: &Job, facts: &Facts) -> Result<Message> {
    let name = one_line(facts.application.as_deref().unwrap_or(&cx.pool.name));
    let written = Written {
        letter: facts.letter,
        channel: facts.channel,
        locale: cx.locale(),
        name: &name,
        to: &facts.to,
        code: facts.code.as_deref(),
        link: facts.link.as_deref(),
        lives_s: facts.lives_s,
        asked_at: job.created_at,
        ip: cx.request.ip,
        agent: cx.request.user_agent.as_deref().and_then(Agent::read),
    };
    let Composed { subject, text, html } =
        cx.core.attached.get::<Composing>()?.0.compose(&written)?;
    Ok(Message {
        id: job.id.to_string(),
        channel: facts.channel,
        to: facts.to.clone(),
        from_name: name,
        subject,
        text,
        html,
        code: facts.code.clone(),
        letter: facts.letter.name(),
        locale: cx.locale().tag(),
        created_at: job.created_at,
    })
}

/// A name as one short line: no control characters, no marks that turn the direction of text.
fn one_line(name: &str) -> String {
    let kept = |c: char| {
        !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let plain: String =
        name.chars().filter(|c| kept(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

/// What a gateway answered, without what the message would tell about its reader.
fn redact(why: &str, facts: &Facts) -> String {
    let mut out = why.replace(&facts.to, "[recipient]");
    for secret in [&facts.code, &facts.link].into_iter().flatten().filter(|s| !s.is_empty()) {
        out = out.replace(secret.as_str(), "[secret]");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_becomes_one_plain_line() {
        for (name, line) in [
            ("Larkfield", "Larkfield"),
            ("A\r\nBcc: x@y.example", "A Bcc: x@y.example"),
            ("a\u{202E}txt\u{2066}\u{0007}b", "atxt b"),
            ("  ", ""),
        ] {
            assert_eq!(one_line(name), line);
        }
        let long = one_line(&"名".repeat(200));
        assert_eq!(long.chars().count(), LONGEST_NAME + 1);
    }

    #[test]
    fn an_answer_that_repeats_the_message_is_redacted() {
        let facts = Facts {
            channel: Channel::Email,
            to: "a@b.example".into(),
            letter: Letter::SigninCode,
            application: None,
            code: Some("402915".into()),
            link: None,
            lives_s: 1,
            secret: None,
        };
        let why = redact("550 <a@b.example> refused: 402915", &facts);
        assert_eq!(why, "550 <[recipient]> refused: [secret]");
    }
}
