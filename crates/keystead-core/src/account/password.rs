//! A user's own password: changed with the old one, set anew by a proven code or a link.

use super::{STEP_S, bad_token, me};
use crate::applications::App;
use crate::counters::{self, Admission, Captcha};
use crate::cx::Cx;
use crate::messages::{self, Channel, Letter, NewMessage};
use crate::one_time::codes::{self, CodeCheck};
use crate::one_time::{Address, CodePurpose, TokenPurpose, tokens};
use crate::passwords::{self, NewPassword, Transport};
use crate::principal::UserPrincipal;
use crate::sending;
use crate::users::lookup::{KeyKind, find, view};
use crate::users::{self, User};
use keystead_model::{Code, Event, EventKind, Result, Secret, SessionId, UserId};
use keystead_store::one_time_secrets as secrets;

/// Changes the caller's password. Who has one gives it; who has none sets the first. Other
/// sessions end, and the owner is told.
///
/// # Errors
/// `password.old_missing`, `password.old_wrong`, `locked`, `password.weak`,
/// `password.undecryptable`.
pub async fn change(
    cx: &mut Cx,
    old: Option<Secret>,
    new: Secret,
    transport: Transport,
) -> Result<()> {
    let me = me(cx)?;
    let new = passwords::receive(cx, new, transport, true)?;
    let user = view(cx, me.user).await?.user;
    check(cx, &user, &new)?;
    let old = match old {
        Some(old) => Some(passwords::receive(cx, old, transport, false)?),
        None => None,
    };
    match old {
        Some(old) => prove(cx, me.user, &old).await?,
        None if passwords::has(cx, me.user).await? => {
            return Err(cx.refuse(Code::OldPasswordMissing).field("oldPassword"));
        }
        None => {}
    }
    cx.settle().await?;
    let new = hash(cx, &user, &new).await?;
    store(cx, &user, &new, me.session, EventKind::PasswordChanged).await?;
    cx.settle().await
}

/// Proves that the caller knows their password, counted like a sign-in. What it writes joins the
/// open transaction; a refusal is settled.
///
/// # Errors
/// `password.old_wrong`, `locked`, `rate.limited`.
pub async fn prove(cx: &mut Cx, user: UserId, password: &Secret) -> Result<()> {
    let name = format!("id\0{user}");
    let attempt = match counters::take(cx, &name, Some(user), Captcha::None).await? {
        Admission::Admitted(attempt) => attempt,
        Admission::AddressWaits(s) => {
            return Err(cx.refuse(Code::RateLimited).arg("wait_s", s).retry_after(s));
        }
        Admission::Locked { wait_s, .. } => {
            return Err(cx.refuse(Code::Locked).arg("wait_s", wait_s).retry_after(wait_s));
        }
        Admission::CaptchaOwed => return Err(cx.refuse(Code::CaptchaRequired)),
    };
    let right = match passwords::prove(cx, Some(user), password).await? {
        Some(by) => passwords::used(cx, &by).await?,
        None => false,
    };
    if right {
        return counters::forgive(cx, &attempt).await;
    }
    cx.rollback().await?;
    let code = Code::OldPasswordWrong;
    cx.emit(Event::refused(EventKind::SigninRefused, code).on("user", user, None));
    cx.settle().await?;
    Err(cx.refuse(code).field("password"))
}

/// Sends a link to set a new password to an e-mail address; the answer is the same whether it
/// has an account.
///
/// # Errors
/// `email.malformed`, `send.too_often`.
pub async fn forgot(cx: &mut Cx, email: &str, app: Option<&App>) -> Result<()> {
    sending::reset_link(cx, &Address::email(email)?, app).await
}

/// Turns a right reset code into the token that sets a new password, and the seconds it works.
///
/// # Errors
/// `code.wrong`, `code.expired`, `locked`, `rate.limited`.
pub async fn verify_reset(cx: &mut Cx, address: &Address, code: &str) -> Result<(Secret, i64)> {
    let owner = owner(cx, address).await?;
    let purpose = CodePurpose::Reset;
    let check = CodeCheck { purpose, address, application: None, flow: None, user: None };
    let account = owner.as_ref().map(|user| user.id);
    codes::prove(cx, &check, account, code).await?;
    let Some(user) = account else {
        // A code without a named purpose goes to anybody; there is nothing to reset for them.
        cx.settle().await?;
        return Err(cx.refuse(Code::CodeWrong).field("passCode"));
    };
    let token = tokens::make(cx, TokenPurpose::Reset, Some(user), address, STEP_S).await?;
    cx.settle().await?;
    Ok((token, STEP_S))
}

/// Sets a new password by the token of [`verify_reset`].
///
/// # Errors
/// `step_token.invalid`, `password.weak`, `password.undecryptable`.
pub async fn reset(cx: &mut Cx, token: &Secret, new: Secret, transport: Transport) -> Result<()> {
    let new = passwords::receive(cx, new, transport, true)?;
    match by_secret(cx, TokenPurpose::Reset, token, &new, None).await? {
        true => Ok(()),
        false => Err(bad_token(cx, "passwordResetToken")),
    }
}

/// Sets the caller's own password by a token of [`verify_reset`]; their session goes on.
///
/// # Errors
/// Those of [`reset`]; another user's token is unknown here.
pub async fn reset_mine(
    cx: &mut Cx,
    token: &Secret,
    new: Secret,
    transport: Transport,
) -> Result<()> {
    let me = me(cx)?;
    let new = passwords::receive(cx, new, transport, true)?;
    match by_secret(cx, TokenPurpose::Reset, token, &new, Some(&me)).await? {
        true => Ok(()),
        false => Err(bad_token(cx, "passwordResetToken")),
    }
}

/// Whether a link to set a new password still works, and whose address it was sent to; looking
/// does not use it up.
///
/// # Errors
/// `link.invalid`.
pub async fn look_at_link(cx: &mut Cx, secret: &Secret) -> Result<Address> {
    let found = tokens::peek::<Address>(cx, TokenPurpose::ResetLink, secret).await?;
    Ok(found.ok_or(Code::LinkInvalid)?.1)
}

/// Sets a new password by the secret of a link.
///
/// # Errors
/// `link.invalid`, `password.weak`.
pub async fn reset_by_link(cx: &mut Cx, secret: &Secret, new: &Secret) -> Result<()> {
    match by_secret(cx, TokenPurpose::ResetLink, secret, new, None).await? {
        true => Ok(()),
        false => Err(cx.refuse(Code::LinkInvalid)),
    }
}

/// Sets the password that a flow asks for; the owner proved the old one in that flow.
pub(crate) async fn choose(cx: &mut Cx, user: UserId, new: &Secret) -> Result<()> {
    let user = view(cx, user).await?.user;
    check(cx, &user, new)?;
    let known = passwords::prove(cx, Some(user.id), new).await?;
    if known.is_some() {
        // The password that is due for change is not a new one.
        return Err(cx.refuse(Code::PasswordWeak).field("password").arg("rule", "reused"));
    }
    let new = hash(cx, &user, new).await?;
    store(cx, &user, &new, None, EventKind::PasswordChanged).await
}

/// Takes a token, sets the password and proves the address: all or nothing. `only` says whose
/// token it must be, and whose session goes on.
async fn by_secret(
    cx: &mut Cx,
    purpose: TokenPurpose,
    secret: &Secret,
    new: &Secret,
    only: Option<&UserPrincipal>,
) -> Result<bool> {
    // Looked at first: a weak password costs nobody their link.
    let Some((Some(id), _)) = tokens::peek::<Address>(cx, purpose, secret).await? else {
        return Ok(false);
    };
    if only.is_some_and(|me| me.user != id) {
        return Ok(false);
    }
    let mut user = view(cx, id).await?.user;
    check(cx, &user, new)?;
    let new = hash(cx, &user, new).await?;
    let Some((_, address)) = tokens::take::<Address>(cx, purpose, secret).await? else {
        cx.rollback().await?;
        return Ok(false);
    };
    if !super::contact::mark_proved(cx, user.id, &address).await? {
        // The address has left the account since: who reads its mail owns it no more.
        cx.rollback().await?;
        return Ok(false);
    }
    user.email_verified |= address.channel == Channel::Email;
    let keep = only.and_then(|me| me.session);
    store(cx, &user, &new, keep, EventKind::PasswordReset).await?;
    counters::unlock(cx, user.id, &address.key).await?;
    cx.settle().await?;
    Ok(true)
}

fn check(cx: &Cx, user: &User, password: &Secret) -> Result<()> {
    passwords::check(cx, password, &names(user))
}

async fn hash(cx: &mut Cx, user: &User, password: &Secret) -> Result<NewPassword> {
    passwords::prepare(cx, password, &names(user)).await
}

fn names(user: &User) -> Vec<&str> {
    let names = [&user.username, &user.email, &user.name];
    names.into_iter().filter_map(|name| name.as_deref()).collect()
}

/// Writes a new password: other sessions end, live reset codes and links die, the owner is told.
async fn store(
    cx: &mut Cx,
    user: &User,
    new: &NewPassword,
    keep: Option<SessionId>,
    event: EventKind,
) -> Result<()> {
    passwords::set(cx, user.id, new, None).await?;
    users::end_sessions(cx, user.id, keep, "password").await?;
    let now = cx.now;
    let mut s = cx.store();
    for purpose in [TokenPurpose::Reset.text(), TokenPurpose::ResetLink.text()] {
        secrets::supersede_of_user(&mut s, user.id, purpose, now).await?;
    }
    let reset = CodePurpose::Reset.text();
    secrets::supersede_of_user(&mut s, user.id, reset, now).await?;
    cx.emit(Event::new(event).on("user", user.id, user.username.clone()));
    tell(cx, user, Letter::PasswordChanged).await
}

/// Tells the owner what happened to the account, at their proven e-mail address.
pub(crate) async fn tell(cx: &mut Cx, user: &User, letter: Letter) -> Result<()> {
    let Some(email) = user.email.as_deref().filter(|_| user.email_verified) else {
        return Ok(());
    };
    let message = NewMessage {
        channel: Channel::Email,
        to: email,
        letter,
        application: None,
        code: None,
        link: None,
        lives_s: 0,
        secret: None,
    };
    messages::queue(cx, &message).await
}

/// Whose address this is: the account that a proof of it speaks for.
pub(crate) async fn owner(cx: &mut Cx, address: &Address) -> Result<Option<User>> {
    let user = bearer(cx, address).await?;
    Ok(user.filter(|user| speaks_for(user, address.channel)))
}

/// The account that shows this address, proved or not.
pub(crate) async fn bearer(cx: &mut Cx, address: &Address) -> Result<Option<User>> {
    let kind = match address.channel {
        Channel::Email => KeyKind::Email,
        Channel::Sms => KeyKind::Phone,
    };
    find(cx, kind, &address.key).await
}

/// Whether a proof of the address of this kind is a proof for this account.
///
/// Who signed up by proving one address may have given another that is mistyped, or a stranger's:
/// whoever reads that one's codes must not get in. It counts once it is proved in the account.
fn speaks_for(user: &User, channel: Channel) -> bool {
    let proved = match channel {
        Channel::Email => user.email_verified,
        Channel::Sms => user.phone_verified,
    };
    proved || user.source != "register" || !(user.email_verified || user.phone_verified)
}
