//! The sentences of one mail, for both of its forms.

use crate::href::Href;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use keystead_core::messages::{Letter, Shape, Written};
use keystead_model::{Code, Error, Result, Texts};
use serde::Serialize;

/// Up to so many minutes a life is told in minutes.
const MINUTES_TO_SAY: i64 = 90;

/// Finds the sentences of one message.
pub(super) struct Words<'a> {
    pub texts: &'a dyn Texts,
    pub facts: &'a Written<'a>,
}

impl Words<'_> {
    /// A sentence in the message's language.
    pub fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.texts.text(self.facts.locale, key, args)
    }

    /// The subject: a code stands first in it.
    pub fn subject(&self) -> String {
        let code = self.facts.code.unwrap_or_default().to_owned();
        let key = format!("mail.subject.{}", self.facts.letter.name());
        self.say(&key, &[("name", self.name()), ("code", code)])
    }

    /// Whole minutes of the life, at least one.
    pub fn minutes(&self) -> i64 {
        (self.facts.lives_s / 60).max(1)
    }

    fn name(&self) -> String {
        self.facts.name.to_owned()
    }

    fn text(&self) -> String {
        if self.facts.letter.shape() == Shape::Code {
            return self.say("mail.text.code", &[("count", self.minutes().to_string())]);
        }
        self.say(&format!("mail.text.{}", self.facts.letter.name()), &[])
    }

    /// Who asked: when, from where, and by which browser if we know it.
    fn asked(&self) -> String {
        let facts = self.facts;
        let happened = facts.letter.shape() == Shape::Notice;
        let mut args = vec![("date", self.date()), ("ip", facts.ip.to_string())];
        if let Some(agent) = facts.agent {
            args.push(("browser", agent.browser.to_owned()));
            args.push(("system", agent.system.to_owned()));
        }
        let key = match (happened, facts.agent.is_some()) {
            (false, false) => "mail.asked",
            (false, true) => "mail.asked_agent",
            (true, false) => "mail.happened",
            (true, true) => "mail.happened_agent",
        };
        self.say(key, &args)
    }

    fn date(&self) -> String {
        let at =
            Timestamp::from_millisecond(self.facts.asked_at.0).unwrap_or(Timestamp::UNIX_EPOCH);
        let at = TimeZone::UTC.to_datetime(at);
        let months = self.say("mail.months", &[]);
        let nth = usize::try_from(at.month()).unwrap_or(1).saturating_sub(1);
        let month = months.split(' ').nth(nth).unwrap_or_default().to_owned();
        let time = format!("{:02}:{:02}", at.hour(), at.minute());
        let (year, day) = (at.year().to_string(), at.day().to_string());
        self.say("mail.date", &[("year", year), ("month", month), ("day", day), ("time", time)])
    }

    /// What to do when it was not you.
    fn then(&self) -> String {
        let key = match (self.facts.letter.shape(), self.facts.letter) {
            (Shape::Code, _) => "mail.not_you_code",
            (Shape::Link, _) => "mail.not_you_link",
            (Shape::Notice, Letter::AccountExists | Letter::AccountLocked) => "mail.not_you_try",
            (Shape::Notice, _) => "mail.not_you_notice",
        };
        self.say(key, &[("name", self.name())])
    }

    /// Why this address got it.
    fn sent(&self) -> String {
        let key = match self.facts.letter.shape() {
            Shape::Code => "mail.sent_code",
            Shape::Link => "mail.sent_link",
            Shape::Notice => "mail.sent_notice",
        };
        self.say(key, &[("to", self.facts.to.to_owned()), ("name", self.name())])
    }

    fn link(&self) -> Result<Option<Link>> {
        let Some(link) = self.facts.link else { return Ok(None) };
        let address = Href::web(link).ok_or_else(|| {
            Error::new(Code::Internal).caused_by("the link of a mail is no address on the web")
        })?;
        let button = format!("mail.button.{}", self.facts.letter.name());
        Ok(Some(Link {
            address,
            button: self.say(&button, &[("name", self.name())]),
            life: (self.facts.letter.shape() == Shape::Link).then(|| self.life()),
            copy: self.say("mail.link_copy", &[]),
        }))
    }

    fn life(&self) -> String {
        let minutes = self.minutes();
        let (key, count) = if minutes <= MINUTES_TO_SAY {
            ("mail.link_minutes", minutes)
        } else {
            ("mail.link_hours", minutes / 60)
        };
        self.say(key, &[("count", count.to_string())])
    }
}

/// Every sentence of a mail, as its template takes them.
#[derive(Serialize)]
pub(super) struct Sheet<'a> {
    locale: &'static str,
    name: &'a str,
    pub subject: String,
    title: String,
    text: String,
    code: Option<&'a str>,
    link: Option<Link>,
    asked: String,
    not_you: String,
    then: String,
    sent: String,
}

/// The link of a mail that has one.
#[derive(Serialize)]
struct Link {
    address: Href,
    button: String,
    life: Option<String>,
    copy: String,
}

impl<'a> Sheet<'a> {
    /// Finds all of them.
    ///
    /// # Errors
    /// `internal` when the link is no address on the web.
    pub fn new(words: &Words<'a>) -> Result<Self> {
        let facts = words.facts;
        Ok(Self {
            locale: facts.locale.tag(),
            name: facts.name,
            subject: words.subject(),
            title: words.say(&format!("mail.title.{}", facts.letter.name()), &[]),
            text: words.text(),
            code: facts.code,
            link: words.link()?,
            asked: words.asked(),
            not_you: words.say("mail.not_you", &[]),
            then: words.then(),
            sent: words.sent(),
        })
    }

    /// The twin without markup: the same facts in the same order.
    pub fn plain(&self) -> String {
        let mut lines = vec![self.subject.as_str(), &self.text];
        if let Some(link) = &self.link {
            lines.extend(["", link.address.as_str()]);
            lines.extend(link.life.as_deref());
        }
        let not_you = format!("{} {}", self.not_you, self.then);
        lines.extend(["", &self.asked, &not_you, "", &self.sent, self.name]);
        format!("{}\n", lines.join("\n"))
    }
}
