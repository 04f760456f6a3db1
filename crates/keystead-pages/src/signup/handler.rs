//! Signs people up in a flow: sends the code to their address, takes it, then password and name.

use super::{SignUpDetailsPage, SignUpPage};
use crate::Href;
use crate::flows::{self, Held, Went, kept};
use crate::home::current;
use crate::problem::{Field, Problem, fields};
use crate::rows::{AskDetails, AskSignUp, DetailsForm, SignUpForm};
use crate::signin::code::handler::send;
use crate::signin::methods::{self, by, channel_of_query};
use keystead_core::Cx;
use keystead_core::messages::Channel;
use keystead_core::one_time::CodePurpose;
use keystead_core::signin::MethodId;
use keystead_core::signup;
use keystead_core::users::NewUser;
use keystead_endpoint::Reply;
use keystead_model::{Code, Error, Result};
use keystead_web::origin;

const STEP: &str = "/signup";
const DETAILS: &str = "/signup/details";

/// Where an account is made, if that is offered: a code must be able to reach somebody.
pub(crate) fn link(cx: &Cx, held: &Held) -> Result<Option<Href>> {
    let offered =
        held.flow.application.settings.signup_enabled && !methods::channels(cx).is_empty();
    offered.then(|| held.href(cx, STEP)).transpose()
}

/// Asks for the address of a new account.
///
/// # Errors
/// Faults of the store.
pub async fn sign_up(cx: &mut Cx, request: AskSignUp) -> Result<Reply> {
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    if let Some(elsewhere) = held.elsewhere(cx).await? {
        return Ok(elsewhere);
    }
    if link(cx, &held)?.is_none() {
        return held.denied(cx, &Error::new(Code::SignupDisabled));
    }
    let query = cx.request.evidence.parameters.clone();
    let page = form(cx, &held, channel_of_query(cx), &held.hint())?;
    held.shown(cx, &page, &query)
}

/// Sends a code to the address; one that has an account gets a message that says so, and the page
/// is the same.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn sign_up_by_form(cx: &mut Cx, request: SignUpForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    if link(cx, &held)?.is_none() {
        return held.denied(cx, &Error::new(Code::SignupDisabled));
    }
    let channel = channel_of_query(cx);
    let page = form(cx, &held, channel, &request.identifier)?;
    match send(cx, &mut held, CodePurpose::Register, channel, &request.identifier).await? {
        Ok(reply) => Ok(reply),
        Err(error) => {
            let problem = Some(Problem::of(&error, fields::ADDRESS));
            held.again(cx, &SignUpPage { problem, ..page }, &error)
        }
    }
}

/// Takes the code of a sign-up.
pub(crate) async fn address_proved(cx: &mut Cx, held: &mut Held, code: &str) -> Result<Went> {
    match signup::prove_address(cx, &mut held.flow, code).await {
        Ok(()) => held.go(cx, DETAILS).map(Went::On),
        Err(error) => flows::refusal(cx, error).await.map(Went::Refused),
    }
}

/// Asks for password and name of the account whose address is proved.
///
/// # Errors
/// Faults of the store.
pub async fn details(cx: &mut Cx, request: AskDetails) -> Result<Reply> {
    let held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let query = cx.request.evidence.parameters.clone();
    match details_form(cx, &held, "")? {
        Some(page) => held.shown(cx, &page, &query),
        None => held.go(cx, STEP),
    }
}

/// Makes the account, and the flow goes on as after a sign-in.
///
/// # Errors
/// `origin.foreign`, faults of the store.
pub async fn details_by_form(cx: &mut Cx, request: DetailsForm) -> Result<Reply> {
    origin::require_own(cx)?;
    let mut held = match flows::open(cx, &request.flow).await? {
        Ok(held) => held,
        Err(over) => return Ok(over),
    };
    let name = request.name.trim();
    let Some(page) = details_form(cx, &held, kept(name))? else { return held.go(cx, STEP) };
    let password = request.password.filter(|password| !password.expose().is_empty());
    if password.is_none() && page.password_required {
        let problem = Some(Problem::missing(Field::Password));
        return Ok(held.shown(cx, &SignUpDetailsPage { problem, ..page }, "")?.with_status(400));
    }
    let name = (!name.is_empty()).then(|| name.to_owned());
    let new = NewUser { name, password, ..NewUser::default() };
    let session = current(cx).await?;
    let next = signup::finish(cx, &mut held.flow, new, session.as_ref()).await;
    match flows::went(cx, &held, next).await? {
        Went::On(reply) => Ok(reply),
        Went::Refused(error) => {
            let problem = Some(Problem::of(&error, fields::DETAILS));
            held.again(cx, &SignUpDetailsPage { problem, ..page }, &error)
        }
    }
}

fn form(cx: &Cx, held: &Held, channel: Channel, identifier: &str) -> Result<SignUpPage> {
    Ok(SignUpPage {
        action: held.href(cx, &by(STEP, channel))?,
        channel,
        methods: methods::addresses(cx, held, STEP, channel)?,
        application: held.application(cx),
        identifier: kept(identifier.trim()).to_owned(),
        problem: None,
        sign_in: held.href(cx, "")?,
    })
}

/// The form for what is left when the address is proved; none while it is not.
fn details_form(cx: &Cx, held: &Held, name: &str) -> Result<Option<SignUpDetailsPage>> {
    let Some(address) = &held.flow.answers.proved else { return Ok(None) };
    let by_code = match address.channel {
        Channel::Email => MethodId::EmailCode,
        Channel::Sms => MethodId::SmsCode,
    };
    Ok(Some(SignUpDetailsPage {
        action: held.href(cx, DETAILS)?,
        identifier: address.key.clone(),
        name: name.to_owned(),
        password_required: !methods::offered(cx, &held.flow).contains(&by_code),
        problem: None,
    }))
}
