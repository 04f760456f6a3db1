//! The methods `email_code` and `sms_code`: a code that was sent to the address of an account.

use super::method::{Attempted, By, Candidate, Input, Method, MethodId, Proof, Step, Verdict};
use crate::account::password::owner;
use crate::cx::Cx;
use crate::messages::Channel;
use crate::one_time::codes::{self, Looked};
use crate::one_time::{Address, CodeCheck, CodePurpose};
use keystead_model::{Code, Result};

/// A code sent by e-mail.
pub struct EmailCode;
/// A code sent by SMS.
pub struct SmsCode;

impl Method for EmailCode {
    fn id(&self) -> MethodId {
        MethodId::EmailCode
    }

    fn amr(&self) -> &'static str {
        "otp"
    }

    fn candidate<'a>(&'a self, cx: &'a mut Cx, input: &'a Input) -> Step<'a, Candidate> {
        Box::pin(candidate(cx, Channel::Email, input))
    }

    fn verify<'a>(&'a self, cx: &'a mut Cx, attempt: &'a Attempted<'a>) -> Step<'a, Verdict> {
        Box::pin(verify(cx, self, Channel::Email, attempt))
    }
}

impl Method for SmsCode {
    fn id(&self) -> MethodId {
        MethodId::SmsCode
    }

    fn amr(&self) -> &'static str {
        "sms"
    }

    fn candidate<'a>(&'a self, cx: &'a mut Cx, input: &'a Input) -> Step<'a, Candidate> {
        Box::pin(candidate(cx, Channel::Sms, input))
    }

    fn verify<'a>(&'a self, cx: &'a mut Cx, attempt: &'a Attempted<'a>) -> Step<'a, Verdict> {
        Box::pin(verify(cx, self, Channel::Sms, attempt))
    }
}

/// The address that a person typed for this channel.
///
/// # Errors
/// `email.malformed`, `phone.malformed`.
pub fn address(cx: &Cx, channel: Channel, typed: &str, country: Option<&str>) -> Result<Address> {
    match channel {
        Channel::Email => Address::email(typed),
        Channel::Sms => Address::phone(cx, typed, country),
    }
}

async fn candidate(cx: &mut Cx, channel: Channel, input: &Input) -> Result<Candidate> {
    let address = address(cx, channel, &input.identifier, input.country.as_deref())?;
    let user = owner(cx, &address).await?;
    Ok(Candidate { identifier: address.key, user })
}

/// Counts and consumes the code, and settles that: a burst of tries is counted before anything
/// else happens.
async fn verify(
    cx: &mut Cx,
    method: &dyn Method,
    channel: Channel,
    attempt: &Attempted<'_>,
) -> Result<Verdict> {
    let input = attempt.input;
    let address = address(cx, channel, &input.identifier, input.country.as_deref())?;
    let check = CodeCheck {
        purpose: CodePurpose::Login,
        address: &address,
        application: Some(attempt.application),
        flow: attempt.flow,
        user: None,
    };
    let looked = codes::take(cx, &check, input.secret.expose()).await?;
    cx.settle().await?;
    let code = match looked {
        Looked::Right => {
            let (amr, at) = (method.amr().to_owned(), cx.now);
            let proof = Proof { method: method.id(), amr, at };
            return Ok(Verdict::Right(proof, By::Address(address)));
        }
        Looked::Late => Code::CodeExpired,
        Looked::Wrong => Code::CodeWrong,
    };
    Ok(Verdict::Wrong(code))
}
