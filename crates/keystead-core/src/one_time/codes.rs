//! Codes that people type: made, looked at, used up. Each look counts before it is checked, on the
//! code itself and on the keys that every door shares.

use super::{Address, CodePurpose};
use crate::applications::App;
use crate::counters::{self, Admission, Attempt, Captcha};
use crate::cx::Cx;
use crate::messages::{Channel, HAND_OVER_S};
use crate::seal::Label;
use keystead_model::{
    ApplicationId, Code, Error, Event, EventKind, OneTimeSecretId, Result, Secret, SigninId, UserId,
};
use keystead_store::one_time_secrets as rows;

/// A code that is asked for.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What for.
    pub purpose: CodePurpose,
    /// Where it goes.
    pub address: &'a Address,
    /// Who asked, where a token said so.
    pub user: Option<UserId>,
    /// The application that asked.
    pub application: Option<ApplicationId>,
    /// The flow it was asked in.
    pub flow: Option<SigninId>,
}

/// Makes a code; older ones to the same address whose purpose overlaps die. Joins the open
/// transaction.
///
/// # Errors
/// Faults of the store.
pub async fn make(cx: &mut Cx, asked: &Asked<'_>) -> Result<(OneTimeSecretId, Secret)> {
    let id: OneTimeSecretId = cx.id()?;
    let code = cx.core.random.digits(cx.settings().code_digits)?;
    let recipient = asked.address.recipient(cx);
    let hash = hash(cx, asked.purpose, id, code.expose());
    let (now, max_tries) = (cx.now, i64::from(cx.settings().code_tries));
    let mut s = cx.store();
    for purpose in overlapping(asked.purpose) {
        rows::supersede(&mut s, &recipient, purpose.text(), now).await?;
    }
    let new = rows::NewCode {
        id,
        purpose: asked.purpose.text(),
        secret_hash: &hash,
        recipient: &recipient,
        user: asked.user,
        application: asked.application,
        signin: asked.flow,
        max_tries,
        now,
        expires_at: now.plus_seconds(HAND_OVER_S),
    };
    rows::insert_code(&mut s, &new).await?;
    Ok((id, code))
}

/// Seconds a code works once its message was handed to the gateway.
#[must_use]
pub fn life_s(cx: &Cx, channel: Channel) -> i64 {
    i64::from(match channel {
        Channel::Email => cx.settings().email_code_life_s,
        Channel::Sms => cx.settings().sms_code_life_s,
    })
}

/// What a look at a code found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// It is right, and used up now (unless only looked at).
    Right,
    /// It is right and its time is over.
    Late,
    /// It is wrong, used, replaced, tried too often, for something else, or was never sent.
    Wrong,
}

/// Where and for what a typed code is good.
#[derive(Clone, Copy, Debug)]
pub struct CodeCheck<'a> {
    /// What for.
    pub purpose: CodePurpose,
    /// Whom it was sent to.
    pub address: &'a Address,
    /// The application that uses it.
    pub application: Option<ApplicationId>,
    /// The flow it is used in.
    pub flow: Option<SigninId>,
    /// The user on whose behalf it is used, where somebody is signed in.
    pub user: Option<UserId>,
}

/// Looks at a code, counts the look, and uses the code up if it is right. Joins the open
/// transaction.
///
/// # Errors
/// Faults of the store.
pub async fn take(cx: &mut Cx, check: &CodeCheck<'_>, typed: &str) -> Result<Looked> {
    look(cx, check, Typed { code: typed, uses_up: true }).await
}

/// What somebody typed, and whether a right one is used up.
#[derive(Clone, Copy)]
struct Typed<'a> {
    code: &'a str,
    uses_up: bool,
}

async fn look(cx: &mut Cx, check: &CodeCheck<'_>, typed: Typed<'_>) -> Result<Looked> {
    let recipient = check.address.recipient(cx);
    let any = check.purpose.takes_any().then_some(CodePurpose::Any);
    let mut found = Looked::Wrong;
    for purpose in [check.purpose].into_iter().chain(any) {
        let Some(row) = rows::newest(&mut cx.store(), &recipient, purpose.text()).await? else {
            continue;
        };
        if !fits(&row, check, purpose) {
            continue;
        }
        let (hash, now) = (hash(cx, purpose, row.id, typed.code.trim()), cx.now);
        let mut s = cx.store();
        let right = if typed.uses_up {
            rows::count_and_consume(&mut s, row.id, &hash, now).await?
        } else {
            rows::count_look(&mut s, row.id, &hash, now).await?
        };
        match right {
            Some(true) => return Ok(Looked::Right),
            Some(false) => {}
            None if row.expires_at <= now && is_unused(&row) => {
                let same = rows::find(&mut s, purpose.text(), &hash).await?;
                if same.is_some_and(|same| same.id == row.id) {
                    found = Looked::Late;
                }
            }
            None => {}
        }
    }
    Ok(found)
}

/// Proves an address by a code, for a change of an account: counted on the address of the
/// network, the typed address and the account, then on the code. A refusal is settled.
///
/// # Errors
/// `code.wrong`, `code.expired`, `locked`, `rate.limited`.
pub async fn prove(
    cx: &mut Cx,
    check: &CodeCheck<'_>,
    account: Option<UserId>,
    typed: &str,
) -> Result<()> {
    let (looked, attempt) = counted(cx, check, account, (typed, true)).await?;
    accept(cx, looked, &attempt).await
}

/// Whether [`prove`] would succeed: counted all the same, and the code stays usable.
///
/// # Errors
/// Those of [`prove`].
pub async fn foresee(
    cx: &mut Cx,
    check: &CodeCheck<'_>,
    account: Option<UserId>,
    typed: &str,
) -> Result<()> {
    let (looked, attempt) = counted(cx, check, account, (typed, false)).await?;
    accept(cx, looked, &attempt).await
}

/// Whether a code would be right now. The look costs a try of the code and of its address, so
/// that looking is no way to guess.
///
/// # Errors
/// `locked`, `rate.limited`.
pub async fn pre_check(
    cx: &mut Cx,
    purpose: CodePurpose,
    address: &Address,
    typed: &str,
    app: Option<&App>,
) -> Result<bool> {
    let application = app.map(|app| app.id);
    let check = CodeCheck { purpose, address, application, flow: None, user: None };
    let (looked, attempt) = counted(cx, &check, None, (typed, false)).await?;
    let is_right = looked == Looked::Right;
    if is_right {
        counters::forgive(cx, &attempt).await?;
    }
    cx.settle().await?;
    Ok(is_right)
}

/// Counts a try, then looks.
async fn counted(
    cx: &mut Cx,
    check: &CodeCheck<'_>,
    account: Option<UserId>,
    (code, uses_up): (&str, bool),
) -> Result<(Looked, Attempt)> {
    let attempt = match counters::take(cx, &check.address.key, account, Captcha::None).await? {
        Admission::Admitted(attempt) => attempt,
        Admission::AddressWaits(wait_s) => return Err(waits(cx, Code::RateLimited, wait_s)),
        Admission::Locked { wait_s, .. } => return Err(waits(cx, Code::Locked, wait_s)),
        Admission::CaptchaOwed => return Err(cx.refuse(Code::CaptchaRequired)),
    };
    Ok((look(cx, check, Typed { code, uses_up }).await?, attempt))
}

/// Forgives a right try; settles the refusal of any other.
async fn accept(cx: &mut Cx, looked: Looked, attempt: &Attempt) -> Result<()> {
    if looked == Looked::Right {
        return counters::forgive(cx, attempt).await;
    }
    let code = refusal(looked);
    cx.emit(Event::refused(EventKind::CodeRefused, code));
    cx.settle().await?;
    Err(cx.refuse(code).field("passCode"))
}

/// The code of a refusal.
#[must_use]
pub const fn refusal(looked: Looked) -> Code {
    match looked {
        Looked::Late => Code::CodeExpired,
        Looked::Right | Looked::Wrong => Code::CodeWrong,
    }
}

#[track_caller]
fn waits(cx: &Cx, code: Code, wait_s: u32) -> Error {
    cx.refuse(code).arg("wait_s", wait_s).retry_after(wait_s)
}

/// Whether a code may be used here: bound to application, flow and user where it has one.
fn fits(row: &rows::OneTimeSecret, check: &CodeCheck<'_>, purpose: CodePurpose) -> bool {
    let application = !purpose.is_of_application()
        || row.application_id.is_none()
        || row.application_id == check.application;
    let flow = row.signin_id.is_none() || row.signin_id == check.flow;
    let user = row.user_id.is_none() || check.user.is_none() || row.user_id == check.user;
    application && flow && user
}

fn is_unused(row: &rows::OneTimeSecret) -> bool {
    row.consumed_at.is_none() && row.superseded_at.is_none()
}

/// The purposes whose live codes a new one replaces.
fn overlapping(purpose: CodePurpose) -> Vec<CodePurpose> {
    let others: fn(&CodePurpose) -> bool = |p| p.takes_any();
    let mut all = vec![purpose];
    if purpose == CodePurpose::Any {
        all.extend(CodePurpose::ALL.iter().copied().filter(others));
    } else if purpose.takes_any() {
        all.push(CodePurpose::Any);
    }
    all
}

fn hash(cx: &Cx, purpose: CodePurpose, id: OneTimeSecretId, code: &str) -> String {
    cx.pool.keys.keyed_hash(Label::Code, &format!("{}\0{id}\0{code}", purpose.text()))
}
