//! Sending a code: limits first, then the code and its message; the same answer for known and
//! unknown addresses.

use crate::account::password::{owner, tell};
use crate::applications::App;
use crate::counters::{self, Limit};
use crate::cx::Cx;
use crate::messages::{self, Letter, NewMessage};
use crate::one_time::codes::{self, Asked};
use crate::one_time::{Address, CodePurpose, TokenPurpose, tokens};
use crate::outbox::{self, Consumer, Job, Outcome};
use crate::users::lookup::{KeyKind, find};
use keystead_model::{Code, Error, Event, EventKind, Result, Secret, SigninId, UserId};
use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A code that somebody wants sent.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What for.
    pub purpose: CodePurpose,
    /// Where to.
    pub address: &'a Address,
    /// The application that asks.
    pub application: Option<&'a App>,
    /// The flow it is asked in.
    pub flow: Option<SigninId>,
    /// Who asks, where somebody is signed in.
    pub user: Option<UserId>,
}

/// What a job does for the owner of an address or a name, if there is one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deferred {
    /// Makes a code of the purpose with this text, and sends it.
    Code { purpose: String, address: Address, application: Option<String> },
    /// Makes a link to set a new password, and sends it.
    ResetLink { address: Address, application: Option<String> },
    /// Makes a link that proves the address, and sends it.
    VerifyLink { address: Address, application: Option<String> },
    /// Tells them that wrong tries locked their account.
    Locked { identifier: String },
}

/// Sends a code and settles. Whether the address has an account changes nothing: codes that only
/// an owner gets are made by a job.
///
/// # Errors
/// `send.too_often` with the seconds to wait.
pub async fn code(cx: &mut Cx, wanted: &Wanted<'_>) -> Result<()> {
    admit(cx, wanted.address, wanted.purpose.text()).await?;
    let application = wanted.application.map(|app| app.name.as_str());
    if wanted.purpose.is_deferred() {
        let (purpose, address) = (wanted.purpose.text().to_owned(), wanted.address.clone());
        let application = application.map(str::to_owned);
        defer(cx, &Deferred::Code { purpose, address, application }).await?;
    } else {
        let asked = Asked {
            purpose: wanted.purpose,
            address: wanted.address,
            user: wanted.user,
            application: wanted.application.map(|app| app.id),
            flow: wanted.flow,
        };
        write_code(cx, &asked, application).await?;
    }
    note(cx, wanted.purpose.text(), wanted.application);
    cx.settle().await
}

/// Sends a code to sign up with and settles. The owner of an address that has an account is told
/// so instead: the code exists all the same, and nobody has it.
///
/// # Errors
/// `send.too_often` with the seconds to wait.
pub(crate) async fn signup_code(cx: &mut Cx, wanted: &Wanted<'_>) -> Result<()> {
    admit(cx, wanted.address, wanted.purpose.text()).await?;
    let is_taken = owner(cx, wanted.address).await?.is_some();
    let (address, application) = (wanted.address, wanted.application);
    let asked = Asked {
        purpose: wanted.purpose,
        address,
        user: None,
        application: application.map(|app| app.id),
        flow: wanted.flow,
    };
    let name = application.map(|app| app.name.as_str());
    if is_taken {
        codes::make(cx, &asked).await?;
        let message = NewMessage {
            channel: address.channel,
            to: &address.key,
            letter: Letter::AccountExists,
            application: name,
            code: None,
            link: None,
            lives_s: 0,
            secret: None,
        };
        messages::queue(cx, &message).await?;
    } else {
        write_code(cx, &asked, name).await?;
    }
    note(cx, wanted.purpose.text(), application);
    cx.settle().await
}

/// Sends a link by which the owner of an e-mail address, if there is one, sets a new password;
/// settles.
///
/// # Errors
/// `send.too_often` with the seconds to wait.
pub async fn reset_link(cx: &mut Cx, address: &Address, app: Option<&App>) -> Result<()> {
    admit(cx, address, TokenPurpose::ResetLink.text()).await?;
    let application = app.map(|app| app.name.clone());
    defer(cx, &Deferred::ResetLink { address: address.clone(), application }).await?;
    note(cx, TokenPurpose::ResetLink.text(), app);
    cx.settle().await
}

/// Sends a link by which the owner of an e-mail address, if there is one, proves it; settles.
///
/// # Errors
/// `send.too_often` with the seconds to wait.
pub async fn verify_link_to(cx: &mut Cx, address: &Address, app: Option<&App>) -> Result<()> {
    let purpose = TokenPurpose::VerifyLink.text();
    admit(cx, address, purpose).await?;
    let application = app.map(|app| app.name.clone());
    defer(cx, &Deferred::VerifyLink { address: address.clone(), application }).await?;
    note(cx, purpose, app);
    cx.settle().await
}

/// Sends a link that proves the e-mail address of an account; settles.
///
/// # Errors
/// `send.too_often` with the seconds to wait.
pub async fn verify_link(cx: &mut Cx, user: UserId, address: &Address) -> Result<()> {
    let purpose = TokenPurpose::VerifyLink;
    admit(cx, address, purpose.text()).await?;
    write_link(cx, purpose, user, address, None).await?;
    note(cx, purpose.text(), None);
    cx.settle().await
}

/// The job behind codes and links that only an owner gets: looks the account up, makes the value
/// and queues its message. Nothing happens for an address without account.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn deliver(cx: &mut Cx, job: &Job) -> Result<Outcome> {
    let deferred: Deferred =
        serde_json::from_slice(&job.facts).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    perform(cx, deferred).await.map(|()| Outcome::Done)
}

async fn perform(cx: &mut Cx, deferred: Deferred) -> Result<()> {
    match deferred {
        Deferred::Code { purpose, address, application } => {
            let purpose = CodePurpose::from_text(&purpose).ok_or(Code::Internal)?;
            let Some(user) = owner(cx, &address).await? else { return Ok(()) };
            let (user, address) = (Some(user.id), &address);
            let asked = Asked { purpose, address, user, application: None, flow: None };
            write_code(cx, &asked, application.as_deref()).await
        }
        Deferred::ResetLink { address, application } => {
            let Some(user) = owner(cx, &address).await? else { return Ok(()) };
            let purpose = TokenPurpose::ResetLink;
            write_link(cx, purpose, user.id, &address, application.as_deref()).await
        }
        Deferred::VerifyLink { address, application } => {
            let Some(user) = owner(cx, &address).await? else { return Ok(()) };
            let purpose = TokenPurpose::VerifyLink;
            write_link(cx, purpose, user.id, &address, application.as_deref()).await
        }
        Deferred::Locked { identifier } => {
            for kind in [KeyKind::Email, KeyKind::Phone, KeyKind::Username] {
                if let Some(user) = find(cx, kind, &identifier).await? {
                    return tell(cx, &user, Letter::AccountLocked).await;
                }
            }
            Ok(())
        }
    }
}

/// Tells the owner of a name, by a job, that wrong tries locked the account. Joins the open
/// transaction.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn locked_notice(cx: &mut Cx, identifier: &str) -> Result<()> {
    defer(cx, &Deferred::Locked { identifier: identifier.to_owned() }).await
}

/// Queues a link of this purpose to an address. Joins the open transaction.
///
/// # Errors
/// Faults of the store.
pub async fn write_link(
    cx: &mut Cx,
    purpose: TokenPurpose,
    user: UserId,
    address: &Address,
    application: Option<&str>,
) -> Result<()> {
    let (path, life_s, letter) = match purpose {
        TokenPurpose::VerifyLink => ("verify-email", DAY_MS / 1_000, Letter::VerifyLink),
        _ => {
            let life_s = i64::from(cx.settings().reset_link_life_s);
            ("reset-password", life_s, Letter::ResetLink)
        }
    };
    let secret = tokens::make(cx, purpose, Some(user), address, life_s).await?;
    let link = Secret::new(format!("{}/{path}?token={}", cx.pool.app_host, secret.expose()));
    let message = NewMessage {
        channel: address.channel,
        to: &address.key,
        letter,
        application,
        code: None,
        link: Some(&link),
        lives_s: life_s,
        secret: None,
    };
    messages::queue(cx, &message).await
}

async fn write_code(cx: &mut Cx, asked: &Asked<'_>, application: Option<&str>) -> Result<()> {
    let (id, code) = codes::make(cx, asked).await?;
    let message = NewMessage {
        channel: asked.address.channel,
        to: &asked.address.key,
        letter: asked.purpose.letter(),
        application,
        code: Some(&code),
        link: None,
        lives_s: codes::life_s(cx, asked.address.channel),
        secret: Some(id),
    };
    messages::queue(cx, &message).await
}

async fn defer(cx: &mut Cx, deferred: &Deferred) -> Result<()> {
    let facts =
        serde_json::to_vec(deferred).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    outbox::push(cx, Consumer::Codes, "code.deferred", &facts).await
}

/// Counts the message on who asks, on its recipient and on the pool; settles a refusal.
async fn admit(cx: &mut Cx, address: &Address, purpose: &str) -> Result<()> {
    let recipient = address.recipient(cx);
    let each = format!("{recipient}\0{purpose}");
    let settings = cx.settings().clone();
    let mut limits = counters::per_network(cx, "send_ip", settings.send_ip_per_hour, HOUR_MS);
    let limit = |kind, value, limit, window_ms| Limit { kind, value, limit, window_ms };
    limits.extend([
        limit("send_minute", each, settings.send_per_minute, MINUTE_MS),
        limit("send_hour", recipient.clone(), settings.send_per_hour, HOUR_MS),
        limit("send_day", recipient, settings.send_per_day, DAY_MS),
        limit("send_pool", String::new(), settings.send_pool_per_day, DAY_MS),
    ]);
    let Some(wait_s) = counters::act(cx, &limits).await? else { return Ok(()) };
    cx.settle().await?;
    Err(cx.refuse(Code::SendTooOften).arg("wait_s", wait_s).retry_after(wait_s))
}

fn note(cx: &mut Cx, purpose: &'static str, app: Option<&App>) {
    let event =
        Event::new(EventKind::CodeRequested).detail(serde_json::json!({ "purpose": purpose }));
    cx.emit(match app {
        Some(app) => event.through(app.id),
        None => event,
    });
}
