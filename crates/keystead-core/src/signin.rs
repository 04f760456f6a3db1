//! Sign-in: one machine for every door. A flow stores facts, never a current step; after each
//! event [`next`] computes what is missing (`signin.md` 2).

pub mod finish;
pub mod flow;
pub mod landing;
pub mod method;
pub mod methods;
pub mod password;
pub mod rules;

pub use finish::Done;
pub use flow::{Direct, Flow, Request, begin, begin_direct, load};
pub use landing::Landing;
pub use method::{Input, Method, MethodId, Proof, Verdict};
pub use methods::METHODS;

use crate::counters::{self, Admission};
use crate::cx::Cx;
use crate::passwords;
use crate::sessions::Current;
use keystead_model::{Code, Event, EventKind, Result};
use method::Attempted;
use rules::{Facts, Unmet};

/// What a flow needs next.
#[derive(Debug)]
pub enum Next {
    /// One of these methods.
    Ask(Vec<MethodId>),
    /// Nothing: it is refused.
    Denied(Denial),
    /// Nothing: it is done.
    Done(Box<Done>),
}

/// Why a flow was refused. The trace is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The code.
    pub code: Code,
    /// Seconds after which another try makes sense.
    pub retry_after_s: Option<u32>,
    /// The flow is closed; otherwise the person may try again.
    pub is_final: bool,
}

impl Denial {
    /// The error by which a dialect answers the denial; its trace is settled.
    #[must_use]
    #[track_caller]
    pub fn error(self, cx: &Cx) -> keystead_model::Error {
        let error = cx.refuse(self.code);
        match self.retry_after_s {
            Some(seconds) => error.arg("wait_s", seconds).retry_after(seconds),
            None => error,
        }
    }
}

impl From<Code> for Denial {
    fn from(code: Code) -> Self {
        Self { code, retry_after_s: None, is_final: true }
    }
}

/// What a flow needs next, on the facts of now. A flow whose rules are all met is finished here.
///
/// # Errors
/// Faults of the store.
pub async fn next(cx: &mut Cx, flow: &mut Flow, session: Option<&Current>) -> Result<Next> {
    let user = flow.person(cx, session).await?;
    let facts = Facts { now: cx.now, flow, session, user: user.as_ref() };
    match rules::first_unmet(&facts) {
        Some(Unmet::Ask(methods)) => Ok(Next::Ask(methods)),
        Some(Unmet::Denied(code)) => {
            deny(cx, flow, code).await?;
            Ok(Next::Denied(code.into()))
        }
        None => finish::finish(cx, flow, session, user).await,
    }
}

/// Proves a factor: take, work, settle. The attempt is counted before anything is checked.
///
/// # Errors
/// Faults of the store, `busy`. A wrong proof is `Ok(Next::Denied)`.
pub async fn prove(
    cx: &mut Cx,
    flow: &mut Flow,
    method: MethodId,
    input: &Input,
    session: Option<&Current>,
) -> Result<Next> {
    let Some(method) = methods::find(method) else {
        return Ok(Next::Denied(Code::ConnectionUnsupported.into()));
    };
    let candidate = method.candidate(cx, input).await?;
    let account = candidate.user.as_ref().map(|user| user.id);
    let admission = counters::take(cx, &candidate.identifier, account).await?;
    let attempt = match admission {
        Admission::Admitted(attempt) => attempt,
        Admission::AddressWaits(wait_s) => {
            // No event: whoever is over the limit must not fill the audit log.
            let retry_after_s = Some(wait_s);
            return Ok(Next::Denied(Denial {
                code: Code::RateLimited,
                retry_after_s,
                is_final: false,
            }));
        }
        Admission::Locked { wait_s, may_be_said } => {
            // The same work as for a try that is checked: the answer's time tells nothing.
            method.verify(cx, &Attempted { user: None, input }).await?;
            let code = if may_be_said { Code::Locked } else { Code::SigninCredentials };
            // The wait is told only where the lock is: else it would tell whose name this is.
            return refuse(cx, flow, code, may_be_said.then_some(wait_s)).await;
        }
    };
    let attempted = Attempted { user: candidate.user.as_ref(), input };
    let verdict = method.verify(cx, &attempted).await?;
    let code = wrong(cx, account.is_some());
    let Verdict::Right(proof, by) = verdict else {
        return refuse(cx, flow, code, None).await;
    };
    // Re-read in the settling transaction: a password that was changed meanwhile is no proof.
    if !passwords::used(cx, &by).await? {
        cx.rollback().await?;
        return refuse(cx, flow, code, None).await;
    }
    counters::forgive(cx, &attempt).await?;
    flow.user = account;
    flow.proofs.push(proof);
    let next = next(cx, flow, session).await?;
    if matches!(&next, Next::Denied(denial) if denial.code == Code::SigninExpired) {
        // Another event of this flow was faster and the transaction was undone: the proof was
        // right all the same.
        counters::forgive(cx, &attempt).await?;
        cx.settle().await?;
    }
    Ok(next)
}

/// One answer for unknown account and wrong password, unless the pool tells them apart.
fn wrong(cx: &Cx, known: bool) -> Code {
    match (cx.settings().reveal_accounts, known) {
        (false, _) => Code::SigninCredentials,
        (true, true) => Code::PasswordWrong,
        (true, false) => Code::UserUnknown,
    }
}

async fn refuse(cx: &mut Cx, flow: &Flow, code: Code, retry_after_s: Option<u32>) -> Result<Next> {
    cx.emit(Event::refused(EventKind::SigninRefused, code).through(flow.application.id));
    cx.settle().await?;
    Ok(Next::Denied(Denial { code, retry_after_s, is_final: false }))
}

async fn deny(cx: &mut Cx, flow: &mut Flow, code: Code) -> Result<()> {
    let mut event = Event::refused(EventKind::SigninRefused, code).through(flow.application.id);
    if let Some(user) = flow.user {
        event = event.on("user", user, None);
    }
    cx.emit(event);
    flow.close_denied(cx, code).await?;
    cx.settle().await
}
