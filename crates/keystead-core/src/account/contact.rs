//! A user's own addresses: bound, changed, unbound, each by a code to the address itself.

use super::password::{bearer, owner, tell};
use super::{STEP_S, bad_token, me};
use crate::cx::Cx;
use crate::messages::{Channel, Letter};
use crate::one_time::codes::{self, CodeCheck};
use crate::one_time::{Address, CodePurpose, TokenPurpose, tokens};
use crate::sending;
use crate::users::lookup::view;
use crate::users::{User, UserView};
use keystead_model::{ChangeKind, Code, Error, Event, EventKind, Result, Secret, UserId};
use keystead_store::{OnConflict, users as rows};
use serde_json::json;

/// An address and the code that was sent to it.
#[derive(Debug)]
pub struct Proven<'a> {
    /// The address.
    pub address: &'a Address,
    /// The typed code.
    pub code: &'a str,
}

/// Binds a first address of its kind to the caller's account.
///
/// # Errors
/// `email.bound`, `phone.bound`, `code.wrong`, `code.expired`, `email.taken`, `phone.taken`.
pub async fn bind(cx: &mut Cx, new: &Proven<'_>) -> Result<UserView> {
    let me = me(cx)?.user;
    let user = view(cx, me).await?.user;
    let verified = match new.address.channel {
        Channel::Email => user.email_verified,
        Channel::Sms => user.phone_verified,
    };
    // One that was given at sign-up and is proved now stays.
    let known = current(cx, &user, new.address.channel);
    if known.is_some_and(|known| verified || known != *new.address) {
        return Err(cx.refuse(bound(new.address.channel)).field(field(new.address.channel)));
    }
    prove(cx, me, CodePurpose::Contact, new).await?;
    free(cx, new.address).await?;
    write(cx, &user, new.address.channel, Some(new.address)).await?;
    cx.settle().await?;
    view(cx, me).await
}

/// Takes an address that was proved a moment ago from an account that it does not speak for, so
/// that its owner can have it. Joins the open transaction.
pub(crate) async fn free(cx: &mut Cx, address: &Address) -> Result<()> {
    if owner(cx, address).await?.is_some() {
        return Ok(());
    }
    match bearer(cx, address).await? {
        Some(user) => write(cx, &user, address.channel, None).await,
        None => Ok(()),
    }
}

/// Takes the caller's address of this kind away, by a code to it, unless it is the last way in.
///
/// # Errors
/// `email.missing`, `phone.missing`, `code.wrong`, `code.expired`, `signin.last_way`.
pub async fn unbind(cx: &mut Cx, channel: Channel, code: &str) -> Result<UserView> {
    let me = me(cx)?.user;
    let user = view(cx, me).await?.user;
    let address = current(cx, &user, channel)
        .ok_or_else(|| cx.refuse(missing(channel)).field(field(channel)))?;
    prove(cx, me, CodePurpose::Unbind, &Proven { address: &address, code }).await?;
    write(cx, &user, channel, None).await?;
    if !rows::has_way_in(&mut cx.store(), me).await? {
        cx.rollback().await?;
        return Err(cx.refuse(Code::LastWayIn).field(field(channel)));
    }
    cx.settle().await?;
    view(cx, me).await
}

/// First step of a change: codes to the new address and, where there is one, to the old one
/// become a token, and the seconds it works.
///
/// # Errors
/// `….same`, `….old_wrong`, `code.wrong`, `code.expired`, `email.taken`,
/// `phone.taken`.
pub async fn verify_change(
    cx: &mut Cx,
    new: &Proven<'_>,
    old: Option<&Proven<'_>>,
) -> Result<(Secret, i64)> {
    let me = me(cx)?.user;
    let user = view(cx, me).await?.user;
    let channel = new.address.channel;
    let now = current(cx, &user, channel);
    if now.as_ref() == Some(new.address) {
        return Err(cx.refuse(same(channel)).field(field(channel)));
    }
    match (&now, old) {
        (None, _) => {}
        (Some(now), Some(old)) if old.address == now => {
            // A slip in the one must not use the other up.
            codes::foresee(cx, &check(me, CodePurpose::Contact, new), Some(me), new.code).await?;
            prove(cx, me, CodePurpose::Contact, old).await?;
        }
        (Some(_), _) => {
            return Err(cx.refuse(old_wrong(channel)).field(old_field(channel)));
        }
    }
    prove(cx, me, CodePurpose::Contact, new).await?;
    // Whoever proved the address may know that it belongs to somebody else.
    if owner(cx, new.address).await?.is_some_and(|owner| owner.id != me) {
        cx.settle().await?;
        return Err(cx.refuse(taken(channel)).field(field(channel)));
    }
    let purpose = token_of(channel);
    let token = tokens::make(cx, purpose, Some(me), new.address, STEP_S).await?;
    cx.settle().await?;
    Ok((token, STEP_S))
}

/// Second step of a change: the token puts the proven address in the old one's place.
///
/// # Errors
/// `step_token.invalid`, `email.taken`, `phone.taken`.
pub async fn change(cx: &mut Cx, channel: Channel, token: &Secret) -> Result<UserView> {
    let me = me(cx)?.user;
    let taken = tokens::take::<Address>(cx, token_of(channel), token).await?;
    let Some((_, address)) = taken.filter(|(user, _)| *user == Some(me)) else {
        cx.rollback().await?;
        return Err(bad_token(cx, token_field(channel)));
    };
    let user = view(cx, me).await?.user;
    tell(cx, &user, Letter::AddressChanged).await?;
    free(cx, &address).await?;
    write(cx, &user, channel, Some(&address)).await?;
    cx.settle().await?;
    view(cx, me).await
}

/// Sends a link that proves the caller's e-mail address.
///
/// # Errors
/// `email.missing`, `phone.missing`.
pub async fn send_verify_link(cx: &mut Cx) -> Result<()> {
    let me = me(cx)?.user;
    let user = view(cx, me).await?.user;
    let address = current(cx, &user, Channel::Email)
        .ok_or_else(|| cx.refuse(Code::EmailMissing).field("email"))?;
    sending::verify_link(cx, me, &address).await
}

/// Whether a link that proves an address still works, and whose; looking does not use it up.
///
/// # Errors
/// `link.invalid`.
pub async fn look_at_link(cx: &mut Cx, secret: &Secret) -> Result<Address> {
    let found = tokens::peek::<Address>(cx, TokenPurpose::VerifyLink, secret).await?;
    Ok(found.ok_or(Code::LinkInvalid)?.1)
}

/// Proves an address by the secret of a link.
///
/// # Errors
/// `link.invalid`, also when the address has left the account.
pub async fn verify_by_link(cx: &mut Cx, secret: &Secret) -> Result<Address> {
    let taken = tokens::take::<Address>(cx, TokenPurpose::VerifyLink, secret).await?;
    if let Some((Some(user), address)) = taken
        && mark_proved(cx, user, &address).await?
    {
        cx.emit(Event::new(EventKind::ContactVerified).on("user", user, None));
        cx.settle().await?;
        return Ok(address);
    }
    cx.rollback().await?;
    Err(cx.refuse(Code::LinkInvalid))
}

/// Marks an address as proved if it is still the user's; `false` when it is not. Joins the open
/// transaction.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn mark_proved(cx: &mut Cx, user: UserId, address: &Address) -> Result<bool> {
    let now = cx.now;
    let mut s = cx.store();
    Ok(match address.channel {
        Channel::Email => rows::email_proved(&mut s, user, &address.key, now).await?,
        Channel::Sms => rows::phone_proved(&mut s, user, &address.key, now).await?,
    } == 1)
}

/// The user's address of this kind.
#[must_use]
pub fn current(cx: &Cx, user: &User, channel: Channel) -> Option<Address> {
    match channel {
        Channel::Email => Address::email(user.email.as_deref()?).ok(),
        Channel::Sms => {
            Address::phone(cx, user.phone.as_deref()?, user.phone_country.as_deref()).ok()
        }
    }
}

async fn prove(cx: &mut Cx, me: UserId, purpose: CodePurpose, proven: &Proven<'_>) -> Result<()> {
    codes::prove(cx, &check(me, purpose, proven), Some(me), proven.code).await
}

const fn check<'a>(me: UserId, purpose: CodePurpose, proven: &Proven<'a>) -> CodeCheck<'a> {
    let address = proven.address;
    CodeCheck { purpose, address, application: None, flow: None, user: Some(me) }
}

async fn write(
    cx: &mut Cx,
    user: &User,
    channel: Channel,
    address: Option<&Address>,
) -> Result<()> {
    let (now, key) = (cx.now, address.map(|address| address.key.as_str()));
    let phone = address.map(|address| {
        let (country, number) = address.phone_parts();
        rows::Phone { key: &address.key, country, number }
    });
    let mut s = cx.store();
    match channel {
        Channel::Email => rows::set_email(&mut s, user.id, key, now).await,
        Channel::Sms => rows::set_phone(&mut s, user.id, phone.as_ref(), now).await,
    }
    .on_conflict("users_directory_id_email_key_key", Code::EmailTaken)
    .on_conflict("users_directory_id_phone_key_key", Code::PhoneTaken)
    .map_err(|error| Error::from(error).field(field(channel)))?;
    crate::users::terms::refresh(cx, user.id).await?;
    cx.note(ChangeKind::User, user.id);
    let before = match channel {
        Channel::Email => &user.email,
        Channel::Sms => &user.phone,
    };
    let kind = match (channel, before.is_some(), address.is_some()) {
        (Channel::Email, _, false) => EventKind::EmailUnbound,
        (Channel::Email, false, true) => EventKind::EmailBound,
        (Channel::Email, true, true) => EventKind::EmailChanged,
        (Channel::Sms, _, false) => EventKind::PhoneUnbound,
        (Channel::Sms, false, true) => EventKind::PhoneBound,
        (Channel::Sms, true, true) => EventKind::PhoneChanged,
    };
    let event = Event::new(kind).on("user", user.id, Some(crate::users::label(user)));
    cx.emit(event.changed(json!(before), json!(key)));
    Ok(())
}

const fn field(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Sms => "phone",
    }
}

const fn old_field(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "oldEmail",
        Channel::Sms => "oldPhoneNumber",
    }
}

const fn token_field(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "updateEmailToken",
        Channel::Sms => "updatePhoneToken",
    }
}

const fn token_of(channel: Channel) -> TokenPurpose {
    match channel {
        Channel::Email => TokenPurpose::Email,
        Channel::Sms => TokenPurpose::Phone,
    }
}

const fn bound(channel: Channel) -> Code {
    match channel {
        Channel::Email => Code::EmailBound,
        Channel::Sms => Code::PhoneBound,
    }
}

pub(super) const fn missing(channel: Channel) -> Code {
    match channel {
        Channel::Email => Code::EmailMissing,
        Channel::Sms => Code::PhoneMissing,
    }
}

const fn same(channel: Channel) -> Code {
    match channel {
        Channel::Email => Code::EmailSame,
        Channel::Sms => Code::PhoneSame,
    }
}

const fn old_wrong(channel: Channel) -> Code {
    match channel {
        Channel::Email => Code::EmailOldWrong,
        Channel::Sms => Code::PhoneOldWrong,
    }
}

const fn taken(channel: Channel) -> Code {
    match channel {
        Channel::Email => Code::EmailTaken,
        Channel::Sms => Code::PhoneTaken,
    }
}
