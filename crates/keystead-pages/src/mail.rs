//! Mails and text messages: their words from the locale files, a mail's HTML from its template.

mod sheet;

use crate::env;
use keystead_core::messages::{Channel, Composed, Composer, Shape, Written};
use keystead_model::{Code, Error, Result, Texts};
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use sheet::Sheet;
use std::sync::Arc;

const TEMPLATE: &str = "mail/letter.html";

/// Writes every message; [`crate::attach`] hangs it onto the server.
pub struct Letters {
    texts: Arc<dyn Texts>,
    engine: Environment<'static>,
}

impl Letters {
    /// Reads the template.
    ///
    /// # Errors
    /// `internal` when it does not compile (a test proves that it does).
    pub fn new(texts: Arc<dyn Texts>) -> Result<Self> {
        let source =
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/mail/letter.html"));
        let engine = env::base_engine(&[(TEMPLATE, source)]).map_err(internal)?;
        Ok(Self { texts, engine })
    }

    fn html(&self, sheet: &Sheet<'_>) -> Result<String> {
        let template = self.engine.get_template(TEMPLATE).map_err(internal)?;
        template.render(context! { sheet => Value::from(Serde(sheet)) }).map_err(internal)
    }
}

impl Composer for Letters {
    fn compose(&self, facts: &Written<'_>) -> Result<Composed> {
        let words = sheet::Words { texts: &*self.texts, facts };
        if facts.channel == Channel::Sms {
            return Ok(Composed { subject: None, text: sms(&words), html: None });
        }
        let sheet = Sheet::new(&words)?;
        let html = Some(self.html(&sheet)?);
        Ok(Composed { text: sheet.plain(), html, subject: Some(sheet.subject) })
    }
}

/// A text message is its subject and at most one sentence more.
fn sms(words: &sheet::Words<'_>) -> String {
    let subject = words.subject();
    match (words.facts.letter.shape(), words.facts.link) {
        (Shape::Code, _) => words
            .say("mail.sms_code", &[("subject", subject), ("count", words.minutes().to_string())]),
        (_, Some(link)) => {
            words.say("mail.sms_link", &[("subject", subject), ("link", link.into())])
        }
        (_, None) => subject,
    }
}

fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Code::Internal).caused_by(cause)
}
