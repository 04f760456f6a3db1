//! Sends codes, and takes the one that came.

use super::{AskCodePage, CodeFor, CodePage};
use crate::captcha::{self, CaptchaField, On};
use crate::flows::{self, Held, Went, kept};
use crate::home::current;
use crate::problem::{Field, Problem, fields};
use crate::rows::{
    AskCode, AskEmailCode, AskSmsCode, CodeAgain, CodeForm, EmailCodeForm, SmsCodeForm,
};
use crate::signin::handler::show;
use crate::signin::methods::{by, links, path};
use crate::{signup, unlock};
use keystead_core::Cx;
use keystead_core::captcha::Answered;
use keystead_core::messages::Channel;
use keystead_core::one_time::CodePurpose;
use keystead_core::one_time::codes::life_s;
use keystead_core::signin::method::NamedBy;
use keystead_core::signin::steps::Sent;
use keystead_core::signin::{self as domain, Input, MethodId, code, steps};
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result, Secret};
use keystead_web::origin;

/// The page that takes a code.
const STEP: &str = "/code";
/// The query under which the page says that a new code was sent.
const RENEWED: &str = "sent=again";
/// Seconds after which a new code can be sent: the window of the limit per minute.
const WAIT_S: u32 = 60;

/// Asks for the e-mail address that a code goes to.
///
/// # Errors
/// Faults of the store.
pub async fn email_code(cx: &mut Cx, request: AskEmailCode) -> Result<Reply> {
    show(cx, &request.flow, Some(MethodId::EmailCode)).await
}

/// Asks for the phone number that a code goes to.
///
/// # Errors
/// Faults of the store.
pub async fn sms_code(cx: &mut Cx, request: AskSmsCode) -> Result<Reply> {
    show(cx, &request.flow, Some(MethodId::SmsCode)).await
}

/// Sends a code to this e-mail address, whoever it belongs to.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn send_email_code(cx: &mut Cx, request: EmailCodeForm) -> Result<Reply> {
    ask(cx, &request.flow, &request.identifier, MethodId::EmailCode).await
}

/// Sends a code to this phone number, whoever it belongs to.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn send_sms_code(cx: &mut Cx, request: SmsCodeForm) -> Result<Reply> {
    ask(cx, &request.flow, &request.identifier, MethodId::SmsCode).await
}

async fn ask(cx: &mut Cx, flow: &str, typed: &str, method: MethodId) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let page = form(cx, &held, method, typed)?;
    match send(cx, &mut held, CodePurpose::Login, page.channel, typed).await? {
        Ok(reply) => Ok(reply),
        Err(error) => {
            let problem = Some(Problem::of(&error, fields::ADDRESS));
            held.again(cx, &AskCodePage { problem, ..page }, &error)
        }
    }
}

/// Sends a code in this flow and goes on to the page that takes it; the other answer is for the
/// form.
pub(crate) async fn send(
    cx: &mut Cx,
    held: &mut Held,
    purpose: CodePurpose,
    channel: Channel,
    typed: &str,
) -> Result<std::result::Result<Reply, Error>> {
    match steps::send(cx, &mut held.flow, purpose, channel, typed).await {
        Ok(()) => held.go(cx, STEP).map(Ok),
        // The one that was sent in this flow a moment ago can still be entered.
        Err(error)
            if error.code() == Code::SendTooOften && sent_there(cx, held, purpose, typed) =>
        {
            held.go(cx, STEP).map(Ok)
        }
        Err(error) => flows::refusal(cx, error).await.map(Err),
    }
}

fn sent_there(cx: &Cx, held: &Held, purpose: CodePurpose, typed: &str) -> bool {
    held.flow.answers.sent.as_ref().is_some_and(|sent| {
        let address = code::address(cx, sent.address.channel, typed, None);
        sent.purpose == purpose.text() && address.is_ok_and(|address| address == sent.address)
    })
}

/// Asks for the code that was sent in this flow.
///
/// # Errors
/// Faults of the store.
pub async fn enter_code(cx: &mut Cx, request: AskCode) -> Result<Reply> {
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let Some(sent) = held.flow.answers.sent.clone() else { return held.go(cx, "") };
    if let Some(elsewhere) = held.elsewhere(cx).await? {
        return Ok(elsewhere);
    }
    let query = cx.request.evidence.parameters.clone();
    let renewed = query.split('&').any(|pair| pair == RENEWED);
    let page = page(cx, &held, &sent)?;
    let captcha = owed(cx, &held, &page).await?;
    held.shown(cx, &CodePage { renewed, captcha, ..page }, &query)
}

/// Takes the code, and goes on.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn enter_code_by_form(cx: &mut Cx, request: CodeForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let Some(sent) = held.flow.answers.sent.clone() else { return held.go(cx, "") };
    let page = page(cx, &held, &sent)?;
    let code: String = request.code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.is_empty() {
        let problem = Some(Problem::missing(Field::Code));
        let captcha = owed(cx, &held, &page).await?;
        let page = CodePage { problem, captcha, ..page };
        return Ok(held.shown(cx, &page, "")?.with_status(400));
    }
    let captcha = captcha::answered(&request.captcha_token, &request.captcha);
    let went = match page.purpose {
        CodeFor::Signin => sign_in(cx, &mut held, &sent, code, captcha).await?,
        CodeFor::Signup => signup::handler::address_proved(cx, &mut held, &code).await?,
        CodeFor::Unlock => unlock::handler::unlocked(cx, &held, &sent.address, &code).await?,
    };
    match went {
        Went::On(reply) => Ok(reply),
        Went::Refused(error) => {
            let problem = Some(Problem::of(&error, fields::CODE));
            let captcha = match page.purpose {
                CodeFor::Signin => captcha::after(cx, &held, On::Code, &error).await?,
                CodeFor::Signup | CodeFor::Unlock => None,
            };
            held.again(cx, &CodePage { problem, captcha, ..page }, &error)
        }
    }
}

/// The captcha that the next try of this page takes; codes of other purposes take none.
pub(crate) async fn owed(
    cx: &mut Cx,
    held: &Held,
    page: &CodePage,
) -> Result<Option<CaptchaField>> {
    if page.purpose == CodeFor::Signin { captcha::owed(cx, held, On::Code).await } else { Ok(None) }
}

async fn sign_in(
    cx: &mut Cx,
    held: &mut Held,
    sent: &Sent,
    code: String,
    captcha: Answered,
) -> Result<Went> {
    let session = current(cx).await?;
    let (method, named_by) = match sent.address.channel {
        Channel::Email => (MethodId::EmailCode, NamedBy::Email),
        Channel::Sms => (MethodId::SmsCode, NamedBy::Phone),
    };
    let input = Input::new(named_by, sent.address.key.clone(), Secret::new(code));
    let input = Input { captcha, ..input };
    let next = domain::prove(cx, &mut held.flow, method, &input, session.as_ref()).await;
    flows::went(cx, held, next).await
}

/// Sends a new code to the same address.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn code_again(cx: &mut Cx, request: CodeAgain) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let Some(sent) = held.flow.answers.sent.clone() else { return held.go(cx, "") };
    let page = page(cx, &held, &sent)?;
    match steps::send_again(cx, &mut held.flow).await {
        Ok(()) => held.go(cx, &format!("{STEP}?{RENEWED}")),
        Err(error) => {
            let error = flows::refusal(cx, error).await?;
            let problem = Some(Problem::of(&error, fields::CODE));
            let captcha = owed(cx, &held, &page).await?;
            held.again(cx, &CodePage { problem, captcha, ..page }, &error)
        }
    }
}

/// The form that asks for an address.
pub(crate) fn form(cx: &Cx, held: &Held, method: MethodId, typed: &str) -> Result<AskCodePage> {
    Ok(AskCodePage {
        action: held.href(cx, path(method))?,
        channel: match method {
            MethodId::SmsCode => Channel::Sms,
            _ => Channel::Email,
        },
        methods: links(cx, held, method)?,
        note: None,
        application: held.application(cx),
        identifier: kept(typed.trim()).to_owned(),
        problem: None,
        sign_up: signup::handler::link(cx, held)?,
    })
}

pub(crate) fn page(cx: &Cx, held: &Held, sent: &Sent) -> Result<CodePage> {
    let channel = sent.address.channel;
    let (purpose, back) = match (CodePurpose::from_text(&sent.purpose), channel) {
        (Some(CodePurpose::Register), _) => (CodeFor::Signup, by("/signup", channel)),
        (Some(CodePurpose::Unlock), _) => (CodeFor::Unlock, by("/unlock", channel)),
        (_, Channel::Email) => (CodeFor::Signin, path(MethodId::EmailCode).to_owned()),
        (_, Channel::Sms) => (CodeFor::Signin, path(MethodId::SmsCode).to_owned()),
    };
    Ok(CodePage {
        action: held.href(cx, STEP)?,
        again: held.href(cx, "/code/again")?,
        back: held.href(cx, &back)?,
        purpose,
        channel,
        sent_to: sent.address.key.clone(),
        digits: cx.settings().code_digits,
        minutes: u32::try_from(life_s(cx, channel) / 60).unwrap_or(1).max(1),
        wait_s: WAIT_S,
        renewed: false,
        problem: None,
        captcha: None,
    })
}
