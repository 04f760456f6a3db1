//! Second factors of users, as administrators bring and see them (`signin.md` 1).

use crate::cx::Cx;
use crate::seal::Label;
use crate::users::lookup;
use keystead_model::{Code, Error, Event, EventKind, Permission, Result, Secret, UserId};
use keystead_store::OnConflict;
use keystead_store::{credentials as rows, users};
use serde_json::json;

/// Where secrets belong (`Aad` of the seal).
const COLUMN: &str = "credentials.secret_enc";
/// Digits of a secret in base32: 10 to 80 bytes.
const SECRET_DIGITS: std::ops::RangeInclusive<usize> = 16..=128;
/// Characters of a recovery code.
const RECOVERY: std::ops::RangeInclusive<usize> = 6..=64;

/// A generator of one-time passwords that a user has already.
#[derive(Debug)]
pub struct NewOtp {
    /// Whose.
    pub user: UserId,
    /// Its secret in base32.
    pub secret: Secret,
    /// The code that stands in for it once.
    pub recovery: Option<Secret>,
}

/// Gives users their generators, in the place of the ones they have: all of them or none.
///
/// # Errors
/// `user.unknown`, `field.invalid`, each with the row: `list[3].otp.secret`.
pub async fn import(cx: &mut Cx, list: &[NewOtp]) -> Result<()> {
    for (n, one) in list.iter().enumerate() {
        let done = bring(cx, one).await;
        done.map_err(|error| error.within(format_args!("list[{n}]")))?;
    }
    Ok(())
}

/// Gives a user a generator, in the place of the one they have.
///
/// # Errors
/// `user.unknown`, `field.invalid` naming `otp.secret` or `otp.recoveryCode`.
pub async fn bring(cx: &mut Cx, new: &NewOtp) -> Result<()> {
    cx.require(Permission::UserUpdate)?;
    let secret = secret(&new.secret)?;
    let recovery = new.recovery.as_ref().map(Secret::expose).map(str::trim);
    let recovery = recovery.filter(|code| !code.is_empty());
    if recovery.is_some_and(|code| !RECOVERY.contains(&code.chars().count())) {
        return Err(invalid("otp.recoveryCode", "6..64"));
    }
    let owner = lookup::view(cx, new.user).await?.user;
    let id = cx.id()?;
    let keys = &cx.pool.keys;
    let sealed = keys.seal(&cx.core.random, COLUMN, &format!("{id}"), secret.as_bytes())?;
    let data = json!({
        "last_step": 0, "source": "APPLICATION", "recovery": u8::from(recovery.is_some()),
    });
    let lookup = recovery
        .map(|code| keys.keyed_hash(Label::Code, &format!("recovery\0{}\0{code}", new.user)));
    let totp = rows::NewFactor {
        id,
        user: new.user,
        kind: "totp",
        lookup: None,
        secret_enc: Some(&sealed),
        data: &data,
        now: cx.now,
    };
    let (code_id, nothing) = (cx.id()?, json!({}));
    let mut s = cx.store();
    rows::remove_totp(&mut s, new.user).await?;
    rows::insert_factor(&mut s, &totp).await?;
    if let Some(lookup) = &lookup {
        let (secret_enc, lookup) = (None, Some(lookup.as_str()));
        let code = rows::NewFactor {
            id: code_id,
            kind: "recovery",
            lookup,
            secret_enc,
            data: &nothing,
            ..totp
        };
        let taken = Error::new(Code::FieldInvalid).field("otp.recoveryCode");
        let index = "credentials_pool_id_kind_lookup_key";
        rows::insert_factor(&mut s, &code).await.on_conflict(index, taken)?;
    }
    let event = Event::new(EventKind::FactorImported);
    let label = Some(crate::users::label(&owner));
    cx.emit(event.on("user", new.user, label).detail(json!({ "factor": "totp" })));
    Ok(())
}

/// The secret in base32 without spaces, dashes and padding (RFC 4648, 6).
fn secret(given: &Secret) -> Result<zeroize::Zeroizing<String>> {
    let kept = given.expose().chars().filter(|c| !matches!(c, ' ' | '-' | '='));
    let text = zeroize::Zeroizing::new(kept.map(|c| c.to_ascii_uppercase()).collect::<String>());
    let fits = text.chars().all(|c| matches!(c, 'A'..='Z' | '2'..='7'));
    if !fits || !SECRET_DIGITS.contains(&text.len()) || matches!(text.len() % 8, 1 | 3 | 6) {
        return Err(invalid("otp.secret", "base32, 16..128"));
    }
    Ok(text)
}

/// The secret of a user's generator, for a move to another system.
///
/// # Errors
/// `secret.hidden` where the pool does not give them out, `factor.missing`.
pub async fn reveal_secret(cx: &mut Cx, user: UserId) -> Result<Secret> {
    cx.require(Permission::UserUpdate)?;
    if !cx.settings().otp_secrets_shown {
        return Err(Error::new(Code::SecretHidden).arg("setting", "otp_secrets_shown"));
    }
    let owner = lookup::view(cx, user).await?.user;
    let missing = || Error::new(Code::FactorMissing).field("userId");
    let all = rows::factors(&mut cx.store(), user).await?;
    let totp = all.into_iter().find(|one| one.kind == "totp").ok_or_else(missing)?;
    let sealed = totp.secret_enc.ok_or_else(missing)?;
    let secret = cx.pool.keys.open_text(COLUMN, &totp.id.to_string(), &sealed)?;
    let event = Event::new(EventKind::FactorRevealed);
    let label = Some(crate::users::label(&owner));
    cx.emit(event.on("user", user, label).detail(json!({ "factor": "totp" })));
    Ok(secret)
}

/// Which second factors a user has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enrolled {
    /// A generator of one-time passwords.
    pub totp: bool,
    /// The phone number codes go to.
    pub phone: Option<String>,
    /// The e-mail address codes go to.
    pub email: Option<String>,
}

/// The second factors of a user.
///
/// # Errors
/// Faults of the store.
pub async fn enrolled(cx: &mut Cx, user: UserId) -> Result<Enrolled> {
    cx.require(Permission::UserRead)?;
    let mut enrolled = Enrolled::default();
    for one in rows::factors(&mut cx.store(), user).await? {
        let address = one.data.get("address").and_then(serde_json::Value::as_str);
        match one.kind.as_str() {
            "totp" => enrolled.totp = true,
            "sms" => enrolled.phone = address.map(str::to_owned),
            _ => enrolled.email = address.map(str::to_owned),
        }
    }
    Ok(enrolled)
}

/// Says that sign-ins of a user ask for no second factor, or (`None`) what the pool says. That
/// they always ask cannot be said yet, since no sign-in asks.
///
/// # Errors
/// `user.unknown`.
pub async fn set_policy(cx: &mut Cx, user: UserId, never: Option<()>) -> Result<()> {
    cx.require(Permission::UserUpdate)?;
    let (mode, now) = (never.map(|()| "never"), cx.now);
    if users::change::set_mfa_mode(&mut cx.store(), user, mode, now).await? == 0 {
        return Err(Error::new(Code::UserUnknown).field("userId"));
    }
    let event = Event::new(EventKind::UserUpdated).on("user", user, None);
    cx.emit(event.detail(json!({ "fields": ["mfa"] })));
    Ok(())
}

fn invalid(field: &'static str, expected: &str) -> Error {
    Error::new(Code::FieldInvalid).field(field).arg("expected", expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_base32_of_a_sound_length() {
        let read = |text: &str| secret(&Secret::new(text)).map(|text| text.to_string());
        assert_eq!(read("jbsw y3dp-EHPK3PXP").unwrap(), "JBSWY3DPEHPK3PXP");
        assert_eq!(read("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP====").unwrap().len(), 32);
        for bad in ["", "JBSWY3DP", "JBSWY3DPEHPK3PX1", "JBSWY3DPEHPK3PXPA", &"A".repeat(129)] {
            assert_eq!(read(bad).unwrap_err().field_name(), Some("otp.secret"), "{bad}");
        }
    }
}
