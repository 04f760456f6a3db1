//! One attempt at one factor: take, work, settle. Counted before anything is checked; every door
//! that proves somebody goes through here.

use super::method::{Attempted, By, Input, MethodId, Proof, Verdict};
use super::{Denial, methods};
use crate::account::contact::mark_proved;
use crate::captcha;
use crate::counters::{self, Admission, Attempt, Captcha};
use crate::cx::Cx;
use crate::one_time::Address;
use crate::passwords;
use crate::sending;
use crate::users::{self, User};
use keystead_model::{ApplicationId, Code, Event, EventKind, Result, SigninId};
use keystead_store::credentials;

/// For what an attempt is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    /// The application.
    pub(crate) application: ApplicationId,
    /// The stored flow.
    pub(crate) flow: Option<SigninId>,
}

/// How an attempt ended.
pub(crate) enum Tried {
    /// The proof is right. What it wrote is not settled yet; neither is the pardon.
    Right(Box<Right>),
    /// It is refused, and the trace is settled.
    Refused(Denial),
}

/// A right proof.
pub(crate) struct Right {
    /// Whose; nobody's when an address was proved that has no account.
    pub(crate) user: Option<User>,
    /// The proof.
    pub(crate) proof: Proof,
    /// What it stands on.
    pub(crate) by: By,
    /// What was counted, and is still to be forgiven once the proof counts for something.
    pub(crate) attempt: Attempt,
}

/// Tries one method.
///
/// # Errors
/// Faults of the store, `busy`, a malformed address.
pub(crate) async fn attempt(cx: &mut Cx, method: MethodId, input: &Input, at: At) -> Result<Tried> {
    let Some(method) = methods::find(method) else {
        return Ok(Tried::Refused(Code::ConnectionUnsupported.into()));
    };
    let candidate = method.candidate(cx, input).await?;
    let account = candidate.user.as_ref().map(|user| user.id);
    let At { application, flow } = at;
    let captcha = captcha::check(cx, &input.captcha, at).await?;
    if captcha == Captcha::Wrong {
        return Ok(Tried::Refused(refusal(Code::CaptchaWrong, None)));
    }
    let attempt = match counters::take(cx, &candidate.identifier, account, captcha).await? {
        Admission::Admitted(attempt) => attempt,
        // Nothing is counted on the account, and no event: as below.
        Admission::CaptchaOwed => {
            return Ok(Tried::Refused(refusal(Code::CaptchaRequired, None)));
        }
        Admission::AddressWaits(wait_s) => {
            // No event: whoever is over the limit must not fill the audit log.
            let retry_after_s = Some(wait_s);
            let denial = Denial { code: Code::RateLimited, retry_after_s, is_final: false };
            return Ok(Tried::Refused(denial));
        }
        Admission::Locked { wait_s, may_be_said, is_new } => {
            // The same work as for a try that is checked: the answer's time tells nothing. A code
            // is not looked at, or the lock would use it up.
            if method.id() == MethodId::Password {
                let nobody = Attempted { user: None, input, application, flow };
                method.verify(cx, &nobody).await?;
            }
            if is_new {
                sending::locked_notice(cx, &candidate.identifier).await?;
            }
            let code = if may_be_said { Code::Locked } else { Code::SigninCredentials };
            // The wait is told only where the lock is: else it would tell whose name this is.
            let denial = refusal(code, may_be_said.then_some(wait_s));
            return refused(cx, at, candidate.user.as_ref(), denial).await;
        }
    };
    let attempted = Attempted { user: candidate.user.as_ref(), input, application, flow };
    let (proof, by) = match method.verify(cx, &attempted).await? {
        Verdict::Right(proof, by) => (proof, by),
        Verdict::Wrong(code) => {
            return refused(cx, at, candidate.user.as_ref(), refusal(code, None)).await;
        }
    };
    if !holds(cx, candidate.user.as_ref(), &by).await? {
        cx.rollback().await?;
        let denial = refusal(Code::SigninCredentials, None);
        return refused(cx, at, candidate.user.as_ref(), denial).await;
    }
    let user = candidate.user;
    Ok(Tried::Right(Box::new(Right { user, proof, by, attempt })))
}

/// Re-reads in the settling transaction what the proof stands on: a password that was changed
/// meanwhile is no proof, an address that moved on proves nobody.
async fn holds(cx: &mut Cx, user: Option<&User>, by: &By) -> Result<bool> {
    match (user, by) {
        (_, By::Credential(by)) => passwords::used(cx, by).await,
        (Some(user), By::Address(address)) => verified(cx, user, address).await,
        (None, By::Address(_)) => Ok(true),
    }
}

/// Whoever reads an address's codes has proved it.
///
/// An account that somebody signed up with this address and never proved may be a stranger's trap
/// for the owner: its password and sessions go once the owner comes.
async fn verified(cx: &mut Cx, user: &User, address: &Address) -> Result<bool> {
    if !mark_proved(cx, user.id, address).await? {
        return Ok(false);
    }
    let first = !user.email_verified && !user.phone_verified && user.source == "register";
    if first {
        credentials::remove_password(&mut cx.store(), user.id).await?;
        users::end_sessions(cx, user.id, None, "proved").await?;
    }
    Ok(true)
}

const fn refusal(code: Code, retry_after_s: Option<u32>) -> Denial {
    Denial { code, retry_after_s, is_final: false }
}

/// The audit log says whose account was tried, whatever the caller is told.
async fn refused(cx: &mut Cx, at: At, user: Option<&User>, denial: Denial) -> Result<Tried> {
    let mut event = Event::refused(EventKind::SigninRefused, denial.code).through(at.application);
    if let Some(user) = user {
        event = event.on("user", user.id, Some(users::label(user)));
    }
    cx.emit(event);
    cx.settle().await?;
    Ok(Tried::Refused(denial))
}
