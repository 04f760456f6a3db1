//! The outbox: work that a job does once the change that asks for it is on disk.
//!
//! A row is written by [`push`] in the transaction of that change. `jobs.rs` claims it and hands
//! it to the consumer's line in [`HANDLERS`], under the facts of the request that pushed it.

mod dead;

pub use dead::{DeadLetter, Replay, clean_up, dead_letters, replay};

use crate::custom_fields;
use crate::cx::{Cx, RequestFacts};
use crate::{messages, sending};
use keystead_model::{ChangeKind, Code, Error, Locale, Millis, OutboxId, Result};
use keystead_store::outbox as rows;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::pin::Pin;
use zeroize::Zeroizing;

pub(crate) const COLUMN: &str = "outbox.sealed_enc";

/// Who does a piece of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Consumer {
    /// Mail leaves by SMTP.
    Mail,
    /// Text messages leave by their gateway.
    Sms,
    /// Codes and links whose account is looked up after the answer, so that known and unknown
    /// accounts cost the same (`signin.md` 6).
    Codes,
    /// Values of deleted custom fields are removed.
    Fields,
}

impl Consumer {
    /// Its name in the outbox.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
            Self::Codes => "codes",
            Self::Fields => "fields",
        }
    }

    /// How many pieces of its work one node does at once: a slow one holds up its own kind only.
    #[must_use]
    pub const fn at_once(self) -> usize {
        match self {
            Self::Mail | Self::Sms => 16,
            Self::Codes => 4,
            Self::Fields => 1,
        }
    }
}

/// Who does what. **A new consumer is one line here**; work of a consumer without a line waits.
pub const HANDLERS: &[(Consumer, Handler)] = &[
    (Consumer::Mail, |cx, job| Box::pin(messages::deliver(cx, job))),
    (Consumer::Sms, |cx, job| Box::pin(messages::deliver(cx, job))),
    (Consumer::Codes, |cx, job| Box::pin(sending::deliver(cx, job))),
    (Consumer::Fields, |cx, job| Box::pin(custom_fields::clean(cx, job))),
];

/// Does one piece of work. The context has the facts of the request that pushed it, and
/// `Principal::System`. What it leaves open is settled together with the end of the work; an `Err`
/// rolls that back and is tried again later.
pub type Handler = for<'a> fn(&'a mut Cx, &'a Job) -> Doing<'a>;

/// The future of a handler.
pub type Doing<'a> = Pin<Box<dyn Future<Output = Result<Outcome>> + Send + 'a>>;

/// A piece of work, claimed and opened.
#[derive(Debug)]
pub struct Job {
    /// Its row's id, the same at every try.
    pub id: OutboxId,
    /// Whose it is.
    pub consumer: Consumer,
    /// What happened.
    pub event: String,
    /// When it was pushed.
    pub created_at: Millis,
    /// What [`push`] was given.
    pub facts: Zeroizing<Vec<u8>>,
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is no longer worth doing, for this reason.
    Void(&'static str),
    /// Not this time, for this reason.
    Later(String),
    /// Never, for this reason: it becomes a dead letter at once.
    Never(String),
}

/// Queues work in the open transaction: it runs once that is on disk, at least once. `facts` are
/// sealed, together with who asked; `event` is not, and is shown to operators.
///
/// # Errors
/// Faults of the store.
pub async fn push(
    cx: &mut Cx,
    consumer: Consumer,
    event: &'static str,
    facts: &[u8],
) -> Result<()> {
    let id: OutboxId = cx.id()?;
    let asker = serde_json::to_vec(&Asker::of(&cx.request)).map_err(internal)?;
    let plain = Zeroizing::new([asker.as_slice(), b"\n", facts].concat());
    let sealed_enc = cx.pool.keys.seal(&cx.core.random, COLUMN, &id.to_string(), &plain)?;
    let now = cx.now;
    let new = rows::NewWork { id, event, consumer: consumer.name(), sealed_enc: &sealed_enc, now };
    rows::insert(&mut cx.store(), &new).await?;
    cx.note(ChangeKind::Jobs, consumer.name());
    Ok(())
}

/// Opens a claimed row in the context of its pool, and gives that context the facts of whoever
/// asked.
pub(crate) fn open(cx: &mut Cx, consumer: Consumer, row: &rows::Queued) -> Result<Job> {
    let sealed = row.sealed_enc.as_deref().unwrap_or_default();
    let plain = cx.pool.keys.open(COLUMN, &row.id.to_string(), sealed)?;
    let end = plain.iter().position(|byte| *byte == b'\n');
    let (asker, facts) = end
        .and_then(|at| Some((plain.get(..at)?, plain.get(at + 1..)?)))
        .ok_or_else(|| internal("the work does not say who asked for it"))?;
    let asker: Asker = serde_json::from_slice(asker).map_err(internal)?;
    cx.request = asker.facts(&cx.request);
    Ok(Job {
        id: row.id,
        consumer,
        event: row.event.clone(),
        created_at: row.created_at,
        facts: Zeroizing::new(facts.to_vec()),
    })
}

/// Who asked for the work: what of a request's facts is still of use after its answer.
#[derive(Serialize, Deserialize)]
struct Asker {
    request_id: String,
    ip: IpAddr,
    user_agent: Option<String>,
    locale: String,
}

impl Asker {
    fn of(request: &RequestFacts) -> Self {
        Self {
            request_id: request.request_id.clone(),
            ip: request.user_ip(),
            user_agent: request.user_agent.clone(),
            locale: request.locale.tag().to_owned(),
        }
    }

    fn facts(self, base: &RequestFacts) -> RequestFacts {
        RequestFacts {
            request_id: self.request_id,
            ip: self.ip,
            user_agent: self.user_agent,
            locale: self.locale.parse::<Locale>().unwrap_or_default(),
            ..base.clone()
        }
    }
}

fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Code::Internal).caused_by(cause)
}
