//! What a flow of pages remembers between two of them: where its last code went, and which address
//! a sign-up has proved.

use super::consent::Allowed;
use super::flow::Flow;
use super::{MethodId, code};
use crate::account::unlock;
use crate::cx::Cx;
use crate::messages::Channel;
use crate::one_time::{Address, CodePurpose};
use crate::signup;
use keystead_model::{Code, Error, Millis, Result};
use serde::{Deserialize, Serialize};

/// What was answered in a flow so far, beside its proofs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// The last code that was sent in this flow.
    pub sent: Option<Sent>,
    /// The address that a sign-up has proved.
    pub proved: Option<Address>,
    /// What the person allowed the application.
    pub allowed: Option<Allowed>,
}

/// A code that was sent, or would have been if the address had an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The text of its purpose.
    pub purpose: String,
    /// Where it went.
    pub address: Address,
    /// When.
    pub at: Millis,
}

/// Sends a code in a stored flow, which remembers it for the next page; settles. The answer is the
/// same for known and unknown addresses.
///
/// # Errors
/// `user.identifier_missing`, a malformed address, `send.too_often`, `signin.method_disabled`,
/// `signup.disabled`; `signin.expired` when another event of this flow was faster.
pub async fn send(
    cx: &mut Cx,
    flow: &mut Flow,
    purpose: CodePurpose,
    channel: Channel,
    typed: &str,
) -> Result<()> {
    if typed.trim().is_empty() {
        return Err(Error::new(Code::UserIdentifierMissing).field("identifier"));
    }
    let address = code::address(cx, channel, typed.trim(), None)?;
    send_to(cx, flow, purpose, address).await
}

/// Sends a new code where the last one went.
///
/// # Errors
/// Those of [`send`]; `signin.expired` when none was sent.
pub async fn send_again(cx: &mut Cx, flow: &mut Flow) -> Result<()> {
    let sent = flow.answers.sent.clone().ok_or(Code::SigninExpired)?;
    let purpose = CodePurpose::from_text(&sent.purpose).ok_or(Code::SigninExpired)?;
    send_to(cx, flow, purpose, sent.address).await
}

async fn send_to(
    cx: &mut Cx,
    flow: &mut Flow,
    purpose: CodePurpose,
    address: Address,
) -> Result<()> {
    match (purpose, address.channel) {
        (CodePurpose::Login, Channel::Email) => {
            super::start(cx, flow, MethodId::EmailCode, &address.key, None).await?;
        }
        (CodePurpose::Login, Channel::Sms) => {
            super::start(cx, flow, MethodId::SmsCode, &address.key, None).await?;
        }
        (CodePurpose::Register, _) => signup::start(cx, flow, &address).await?,
        (CodePurpose::Unlock, _) => {
            let application = flow.application.clone();
            unlock::start(cx, &address, Some(&application)).await?;
        }
        _ => return Err(Code::ConnectionUnsupported.into()),
    }
    let sent = Sent { purpose: purpose.text().to_owned(), address, at: cx.now };
    flow.answers.sent = Some(sent);
    answered(cx, flow).await
}

/// Writes what a flow remembers, and settles.
///
/// # Errors
/// `signin.expired` when another event of this flow was faster: nothing is written then.
pub(crate) async fn answered(cx: &mut Cx, flow: &mut Flow) -> Result<()> {
    if flow.keep(cx).await? {
        return cx.settle().await;
    }
    cx.rollback().await?;
    Err(cx.refuse(Code::SigninExpired))
}
