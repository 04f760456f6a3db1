//! Signing up: by a password, by a code that proves an address, and at a sign-in door where the
//! caller asks for it and the settings allow it.

use crate::account::contact::free;
use crate::applications::App;
use crate::clients;
use crate::counters;
use crate::cx::Cx;
use crate::messages::Channel;
use crate::one_time::codes::{self, CodeCheck};
use crate::one_time::{Address, CodePurpose};
use crate::passwords::Transport;
use crate::sending::{self, Wanted};
use crate::sessions::Current;
use crate::signin::method::NamedBy;
use crate::signin::steps::{self, Answers};
use crate::signin::{self, Denial, Flow, Input, MethodId, Next};
use crate::users::lookup::{KeyKind, find};
use crate::users::{self, NewUser, UserView};
use keystead_model::Settings;
use keystead_model::keys::email_key;
use keystead_model::{Code, Error, Result, UserId};

const HOUR_MS: i64 = 60 * 60_000;

/// Codes that prove addresses of the profile of who signs up.
#[derive(Debug, Default)]
pub struct Completion {
    /// The code sent to the profile's e-mail address.
    pub email_code: Option<String>,
    /// The code sent to the profile's phone number.
    pub phone_code: Option<String>,
}

/// Signs somebody up with a name and a password.
///
/// # Errors
/// `signup.disabled`, `signup.too_often`, a taken or malformed name, `password.weak`.
pub async fn by_password(
    cx: &mut Cx,
    app: Option<&App>,
    new: NewUser,
    completion: &Completion,
) -> Result<UserView> {
    let settings = settings(cx, app)?;
    if settings.signup_requires_proof {
        return Err(Error::new(Code::SignupDisabled).field("connection"));
    }
    if new.password.is_none() {
        return Err(Error::new(Code::FieldMissing).field("passwordPayload.password"));
    }
    admit(cx, app).await?;
    let mut new = allowed(new);
    complete(cx, &mut new, completion).await?;
    make(cx, app, new).await
}

/// Signs somebody up who proves an address by a code.
///
/// # Errors
/// `signup.disabled`, `signup.too_often`, `code.wrong`, `code.expired`; `email.taken` and
/// `phone.taken`, said only to who has proved the address.
pub async fn by_code(
    cx: &mut Cx,
    app: Option<&App>,
    (address, code): (&Address, &str),
    new: NewUser,
    completion: &Completion,
) -> Result<UserView> {
    settings(cx, app)?;
    admit(cx, app).await?;
    let mut new = allowed(new);
    complete(cx, &mut new, completion).await?;
    // Checked and hashed before the code is used up, and both written as one: whatever fails, the
    // code still works.
    let ready = users::create::prepare(cx, owning(new, address)).await?;
    let application = app.map(|app| app.id);
    let purpose = CodePurpose::Register;
    let check = CodeCheck { purpose, address, application, flow: None, user: None };
    codes::prove(cx, &check, None, code).await?;
    free(cx, address).await?;
    let view = users::create::write(cx, ready).await?;
    signed_up(cx, app, &view);
    cx.settle().await?;
    Ok(view)
}

/// Sends the code by which somebody signs up in a flow. The owner of an address that has an
/// account gets a message that says so; whoever asked sees the same.
///
/// # Errors
/// `signup.disabled`, `send.too_often`.
pub async fn start(cx: &mut Cx, flow: &Flow, address: &Address) -> Result<()> {
    settings(cx, Some(&flow.application))?;
    let (purpose, application) = (CodePurpose::Register, Some(&*flow.application));
    let wanted = Wanted { purpose, address, application, flow: flow.id(), user: None };
    sending::signup_code(cx, &wanted).await
}

/// Proves the address of a sign-up by the code that was sent in this flow, which remembers it.
///
/// # Errors
/// `code.wrong`, `code.expired`, `locked`, `rate.limited`; `signin.expired` when no code was sent,
/// or another event of the flow was faster.
pub async fn prove_address(cx: &mut Cx, flow: &mut Flow, code: &str) -> Result<()> {
    let purpose = CodePurpose::Register;
    let sent = flow.answers.sent.clone().filter(|sent| sent.purpose == purpose.text());
    let address = sent.ok_or(Code::SigninExpired)?.address;
    let (application, id) = (Some(flow.application.id), flow.id());
    let check = CodeCheck { purpose, address: &address, application, flow: id, user: None };
    codes::prove(cx, &check, None, code).await?;
    flow.answers = Answers { proved: Some(address), ..Answers::default() };
    steps::answered(cx, flow).await
}

/// Makes the account whose address this flow has proved, and goes on as after a sign-in.
///
/// # Errors
/// `signin.expired` when no address is proved, `signup.disabled`, `signup.too_often`,
/// `password.weak`; `email.taken` and `phone.taken`, said only to who has proved the address.
pub async fn finish(
    cx: &mut Cx,
    flow: &mut Flow,
    new: NewUser,
    session: Option<&Current>,
) -> Result<Next> {
    let address = flow.answers.proved.clone().ok_or(Code::SigninExpired)?;
    let app = flow.application.clone();
    settings(cx, Some(&app))?;
    let new = owning(allowed(new), &address);
    admit(cx, Some(&flow.application)).await?;
    let ready = users::create::prepare(cx, new).await?;
    free(cx, &address).await?;
    let view = users::create::write(cx, ready).await?;
    signed_up(cx, Some(&app), &view);
    cx.settle().await?;
    let method = match address.channel {
        Channel::Email => MethodId::EmailCode,
        Channel::Sms => MethodId::SmsCode,
    };
    signin::proved(cx, flow, view.user.id, method, session).await
}

/// Makes the account of an address that was proved at a sign-in door, where that is asked for and
/// allowed. Joins the open transaction; a refusal has written nothing.
pub(crate) async fn by_proof(
    cx: &mut Cx,
    flow: &Flow,
    address: &Address,
    input: &Input,
) -> Result<std::result::Result<UserId, Code>> {
    if !input.may_register {
        return Ok(Err(Code::UserUnknown));
    }
    let settings = &flow.application.settings;
    if !settings.signup_enabled || !settings.signup_by_code {
        return Ok(Err(Code::SignupDisabled));
    }
    let new = owning(NewUser { source: "register", ..NewUser::default() }, address);
    free(cx, address).await?;
    let view = users::create::make(cx, new).await?;
    signed_up(cx, Some(&flow.application), &view);
    Ok(Ok(view.user.id))
}

/// Makes the account that a sign-in with a password did not find, where that is asked for and
/// allowed. `None` leaves the denial as it is.
pub(crate) async fn at_sign_in(
    cx: &mut Cx,
    flow: &Flow,
    method: MethodId,
    input: &Input,
    denial: Denial,
) -> Result<Option<UserId>> {
    let unknown = matches!(denial.code, Code::SigninCredentials | Code::UserUnknown);
    let settings = &flow.application.settings;
    let allowed = settings.signup_enabled
        && settings.auto_register
        && !settings.signup_requires_proof
        && input.may_register;
    if method != MethodId::Password || !unknown || !allowed {
        return Ok(None);
    }
    for kind in [KeyKind::Email, KeyKind::Phone, KeyKind::Username] {
        if find(cx, kind, &input.identifier).await?.is_some() {
            return Ok(None);
        }
    }
    admit(cx, Some(&flow.application)).await?;
    let named = Some(input.identifier.clone());
    let mut new = NewUser {
        password: Some(input.secret.clone()),
        transport: Transport::Plain,
        source: "register",
        ..NewUser::default()
    };
    match input.named_by {
        NamedBy::Phone => {
            new.phone = named;
            new.phone_country.clone_from(&input.country);
        }
        NamedBy::Username => new.username = named,
        NamedBy::Email => new.email = named,
        NamedBy::Account if email_key(&input.identifier).is_ok() => new.email = named,
        NamedBy::Account => new.username = named,
    }
    match users::create::make(cx, new).await {
        Ok(view) => {
            signed_up(cx, Some(&flow.application), &view);
            Ok(Some(view.user.id))
        }
        // Somebody has that name after all: made a moment ago, or told from another spelling by
        // its index alone. Whoever asks hears what they would have heard.
        Err(error) if is_taken(error.code()) => {
            cx.rollback().await?;
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

const fn is_taken(code: Code) -> bool {
    matches!(code, Code::EmailTaken | Code::PhoneTaken | Code::UsernameTaken)
}

fn settings<'a>(cx: &'a Cx, app: Option<&'a App>) -> Result<&'a Settings> {
    let settings = app.map_or_else(|| cx.settings(), |app| &app.settings);
    if settings.signup_enabled { Ok(settings) } else { Err(Code::SignupDisabled.into()) }
}

/// Counts a sign-up on the network it comes from; settles.
async fn admit(cx: &mut Cx, app: Option<&App>) -> Result<()> {
    if let Some(app) = app {
        clients::believe_server(cx, app);
    }
    let limit = cx.settings().signup_per_hour;
    let limits = counters::per_network(cx, "signup", limit, HOUR_MS);
    let wait = counters::act(cx, &limits).await?;
    cx.settle().await?;
    match wait {
        Some(s) => Err(cx.refuse(Code::SignupTooOften).arg("wait_s", s).retry_after(s)),
        None => Ok(()),
    }
}

/// What people may say about themselves when they sign up: nothing that an administrator or a
/// proof decides.
fn allowed(new: NewUser) -> NewUser {
    NewUser {
        id: None,
        status: None,
        email_verified: false,
        phone_verified: false,
        external_id: None,
        reset_on_first_signin: false,
        source: "register",
        ..new
    }
}

fn owning(mut new: NewUser, address: &Address) -> NewUser {
    match address.channel {
        Channel::Email => {
            new.email = Some(address.key.clone());
            new.email_verified = true;
        }
        Channel::Sms => {
            let (country, number) = address.phone_parts();
            new.phone = Some(number.to_owned());
            new.phone_country = country.map(str::to_owned);
            new.phone_verified = true;
        }
    }
    new
}

/// Proves addresses of the profile by their completion codes; settles.
async fn complete(cx: &mut Cx, new: &mut NewUser, codes: &Completion) -> Result<()> {
    if let (Some(code), Some(email)) = (&codes.email_code, &new.email) {
        prove_completion(cx, &Address::email(email)?, code).await?;
        new.email_verified = true;
    }
    if let (Some(code), Some(phone)) = (&codes.phone_code, &new.phone) {
        let address = Address::phone(cx, phone, new.phone_country.as_deref())?;
        prove_completion(cx, &address, code).await?;
        new.phone_verified = true;
    }
    Ok(())
}

async fn prove_completion(cx: &mut Cx, address: &Address, code: &str) -> Result<()> {
    let purpose = CodePurpose::Complete;
    let check = CodeCheck { purpose, address, application: None, flow: None, user: None };
    codes::prove(cx, &check, None, code).await?;
    free(cx, address).await?;
    cx.settle().await
}

async fn make(cx: &mut Cx, app: Option<&App>, new: NewUser) -> Result<UserView> {
    let view = users::create::make(cx, new).await?;
    signed_up(cx, app, &view);
    cx.settle().await?;
    Ok(view)
}

fn signed_up(cx: &mut Cx, app: Option<&App>, view: &UserView) {
    use keystead_model::{Event, EventKind};
    let event = Event::new(EventKind::SignedUp).on("user", view.user.id, view.user.email.clone());
    cx.emit(match app {
        Some(app) => event.through(app.id),
        None => event,
    });
}
