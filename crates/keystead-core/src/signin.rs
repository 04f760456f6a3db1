//! Sign-in: one machine for every door. A flow stores facts, never a current step; after each
//! event [`next`] computes what is missing (`signin.md` 2).

pub(crate) mod attempt;
pub mod code;
pub mod consent;
pub mod finish;
pub mod flow;
pub mod landing;
pub mod method;
pub mod methods;
pub mod password;
pub mod rules;
pub mod steps;

pub use finish::Done;
pub use flow::{Direct, Flow, Request, begin, begin_direct, load};
pub use landing::Landing;
pub use method::{Input, Method, MethodId, Proof, Verdict};
pub use methods::METHODS;
pub use rules::Unmet;

use crate::applications::App;
use crate::cx::Cx;
use crate::messages::Channel;
use crate::one_time::CodePurpose;
use crate::sending::{self, Wanted};
use crate::sessions::Current;
use crate::users::UserView;
use crate::{account, consents, counters, signup};
use attempt::{At, Tried};
use keystead_model::{Code, Error, Event, EventKind, Result, Secret, UserId};
use method::By;
use rules::Facts;

/// What a flow needs next.
#[derive(Debug)]
pub enum Next {
    /// One of these methods.
    Ask(Vec<MethodId>),
    /// The person's consent to what the application asks for.
    Consent,
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
    let (user, unmet) = judged(cx, flow, session).await?;
    match unmet {
        Some(Unmet::Ask(methods)) => Ok(Next::Ask(methods)),
        Some(Unmet::Consent) => Ok(Next::Consent),
        Some(Unmet::Denied(code)) => {
            deny(cx, flow, code).await?;
            Ok(Next::Denied(code.into()))
        }
        None => finish::finish(cx, flow, session, user).await,
    }
}

/// What a flow waits for; looking changes nothing. `None`: nothing, the next event finishes it.
///
/// # Errors
/// Faults of the store.
pub async fn needs(cx: &mut Cx, flow: &Flow, session: Option<&Current>) -> Result<Option<Unmet>> {
    judged(cx, flow, session).await.map(|(_, unmet)| unmet)
}

/// Whom a flow is about, and the first rule that it does not meet.
async fn judged(
    cx: &mut Cx,
    flow: &Flow,
    session: Option<&Current>,
) -> Result<(Option<UserView>, Option<Unmet>)> {
    let user = flow.person(cx, session).await?;
    let consented = match &user {
        Some(view) if !flow.application.is_first_party => {
            consents::of(cx, view.user.id, &flow.application).await?
        }
        _ => None,
    };
    let (now, consented) = (cx.now, consented.as_ref());
    let facts = Facts { now, flow, session, consented, user: user.as_ref() };
    let unmet = rules::first_unmet(&facts);
    Ok((user, unmet))
}

/// Sends the code of a method for this flow, whoever the address belongs to.
///
/// # Errors
/// `signin.method_disabled`, a malformed address, `send.too_often`.
pub async fn start(
    cx: &mut Cx,
    flow: &Flow,
    method: MethodId,
    identifier: &str,
    country: Option<&str>,
) -> Result<()> {
    let channel = match method {
        MethodId::EmailCode => Channel::Email,
        MethodId::SmsCode => Channel::Sms,
        MethodId::Password | MethodId::NewPassword => {
            return Err(Code::ConnectionUnsupported.into());
        }
    };
    if !flow.offers(method) {
        return Err(Code::MethodDisabled.into());
    }
    let address = code::address(cx, channel, identifier, country)?;
    let purpose = CodePurpose::Login;
    let application = Some(&*flow.application);
    let wanted = Wanted { purpose, address: &address, application, flow: flow.id(), user: None };
    sending::code(cx, &wanted).await
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
    if !flow.offers(method) {
        return Ok(Next::Denied(Denial { is_final: false, ..Code::MethodDisabled.into() }));
    }
    let at = At { application: flow.application.id, flow: flow.id() };
    let right = match attempt::attempt(cx, method, input, at).await? {
        Tried::Right(right) => right,
        Tried::Refused(denial) => {
            return match signup::at_sign_in(cx, flow, method, input, denial).await? {
                Some(user) => proved(cx, flow, user, method, session).await,
                None => Ok(Next::Denied(denial)),
            };
        }
    };
    counters::forgive(cx, &right.attempt).await?;
    let user = match (&right.user, &right.by) {
        (Some(user), _) => user.id,
        (None, By::Address(address)) => match signup::by_proof(cx, flow, address, input).await? {
            Ok(user) => user,
            Err(code) => {
                cx.emit(Event::refused(EventKind::SigninRefused, code).through(at.application));
                cx.settle().await?;
                return Ok(Next::Denied(Denial { is_final: false, ..code.into() }));
            }
        },
        (None, By::Credential(_)) => return Err(Error::new(Code::Internal)),
    };
    flow.user = Some(user);
    flow.proofs.push(right.proof);
    let next = go_on(cx, flow, session).await?;
    if matches!(&next, Next::Denied(denial) if denial.code == Code::SigninExpired) {
        // Another event of this flow was faster and the transaction was undone: the proof was
        // right all the same.
        counters::forgive(cx, &right.attempt).await?;
        cx.settle().await?;
    }
    Ok(next)
}

/// Whether a name and a password belong together; counted like a sign-in, and nobody is signed in.
///
/// # Errors
/// `locked`, `rate.limited`, `busy`, faults of the store.
pub async fn is_right(cx: &mut Cx, app: &App, input: &Input) -> Result<bool> {
    let at = At { application: app.id, flow: None };
    match attempt::attempt(cx, MethodId::Password, input, at).await? {
        Tried::Right(right) => {
            counters::forgive(cx, &right.attempt).await?;
            cx.settle().await.map(|()| true)
        }
        Tried::Refused(denial) => match denial.code {
            Code::SigninCredentials | Code::PasswordWrong | Code::UserUnknown => Ok(false),
            _ => Err(denial.error(cx)),
        },
    }
}

/// Takes the new password of a flow whose password is due for change; its other sessions end.
///
/// # Errors
/// `password.weak`, `busy`, faults of the store.
pub async fn choose_password(
    cx: &mut Cx,
    flow: &mut Flow,
    password: &Secret,
    session: Option<&Current>,
) -> Result<Next> {
    let asked = needs(cx, flow, session).await?;
    if !matches!(&asked, Some(Unmet::Ask(methods)) if methods == &[MethodId::NewPassword]) {
        return Ok(Next::Denied(Code::SigninExpired.into()));
    }
    let user = flow.user.ok_or(Code::SigninExpired)?;
    account::password::choose(cx, user, password).await?;
    go_on(cx, flow, session).await
}

/// A person who was just made or proved goes on in this flow.
pub(crate) async fn proved(
    cx: &mut Cx,
    flow: &mut Flow,
    user: UserId,
    method: MethodId,
    session: Option<&Current>,
) -> Result<Next> {
    let amr = methods::find(method).map_or("", |method| method.amr()).to_owned();
    flow.user = Some(user);
    flow.proofs.push(Proof { method, amr, at: cx.now });
    go_on(cx, flow, session).await
}

/// [`next`], and what a flow has proved so far is stored while it waits for more.
async fn go_on(cx: &mut Cx, flow: &mut Flow, session: Option<&Current>) -> Result<Next> {
    let next = next(cx, flow, session).await?;
    if matches!(next, Next::Ask(_) | Next::Consent) {
        if !flow.keep(cx).await? {
            cx.rollback().await?;
            return Ok(Next::Denied(Code::SigninExpired.into()));
        }
        cx.settle().await?;
    }
    Ok(next)
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
