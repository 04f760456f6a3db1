//! The twin of the senders: keeps the newest messages in memory instead of sending them.

use keystead_model::Millis;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Messages that are kept; the oldest go first.
pub const KEPT: usize = 1_000;

/// How a message would have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By mail.
    Email,
    /// As a text message.
    Sms,
}

impl Channel {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// A message, ready to be sent. It may carry a code, so its `Debug` shows none of its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The id of its row in the outbox.
    pub id: String,
    /// How it is sent.
    pub channel: Channel,
    /// To whom.
    pub to: String,
    /// The name it speaks for.
    pub from_name: String,
    /// Its subject; a text message has none.
    pub subject: Option<String>,
    /// Its text.
    pub text: String,
    /// The same as HTML, where it is a mail.
    pub html: Option<String>,
    /// The code in it, if it carries one.
    pub code: Option<String>,
    /// What it is, such as `signin_code`.
    pub letter: &'static str,
    /// The tag of its language.
    pub locale: &'static str,
    /// When it was queued.
    pub created_at: Millis,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({} by {})", self.id, self.channel.name())
    }
}

/// The captured messages. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    messages: Arc<Mutex<VecDeque<Arc<Message>>>>,
}

impl Capture {
    /// Keeps a message. One that is sent again, under the same id, takes its own place.
    pub fn push(&self, message: Message) {
        let mut messages = self.lock();
        let message = Arc::new(message);
        if let Some(same) = messages.iter_mut().find(|known| known.id == message.id) {
            *same = message;
            return;
        }
        if messages.len() == KEPT {
            messages.pop_front();
        }
        messages.push_back(message);
    }

    /// The messages, newest first.
    #[must_use]
    pub fn list(&self) -> Vec<Arc<Message>> {
        self.lock().iter().rev().cloned().collect()
    }

    /// The message with this id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Arc<Message>> {
        self.lock().iter().find(|message| message.id == id).cloned()
    }

    /// Forgets them all.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Message>>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(n: usize) -> Message {
        Message {
            id: n.to_string(),
            channel: Channel::Email,
            to: "a@b.example".into(),
            from_name: "A".into(),
            subject: Some("Hello".into()),
            text: "Your code is 123456".into(),
            html: None,
            code: Some("123456".into()),
            letter: "signin_code",
            locale: "en-US",
            created_at: Millis(n as i64),
        }
    }

    #[test]
    fn the_newest_thousand_stay_newest_first() {
        let capture = Capture::default();
        (0..KEPT + 5).for_each(|n| capture.clone().push(message(n)));
        let list = capture.list();
        assert_eq!(list.len(), KEPT);
        assert_eq!((list[0].id.as_str(), list[KEPT - 1].id.as_str()), ("1004", "5"));
        assert!(capture.find("4").is_none());
        assert_eq!(capture.find("5").unwrap().created_at, Millis(5));
        capture.clear();
        assert!(capture.list().is_empty());
    }

    #[test]
    fn a_message_sent_again_stands_once() {
        let capture = Capture::default();
        capture.push(message(1));
        capture.push(message(2));
        capture.push(Message { to: "c@d.example".into(), ..message(1) });
        let to: Vec<_> = capture.list().iter().map(|m| m.to.clone()).collect();
        assert_eq!(to, ["a@b.example", "c@d.example"]);
    }

    #[test]
    fn a_code_is_not_printed() {
        assert_eq!(format!("{:?}", message(1)), "Message(1 by email)");
    }
}
