//! A user's addresses: proved, set, taken away; and whether a way in is left.

use crate::{Result, Scoped, sql, values};
use keystead_model::{Millis, UserId};

/// Marks the e-mail address with this key as proved, if it still is the user's.
///
/// # Errors
/// A fault of the store.
pub async fn email_proved(s: &mut Scoped<'_>, id: UserId, key: &str, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE users SET email_verified = TRUE,
              updated_at = CASE WHEN email_verified THEN updated_at ELSE $4 END
            WHERE pool_id = $1 AND id = $2 AND email_key = $3"
        ),
        values![id, key, now],
    )
    .await
}

/// Marks the phone number with this key as proved, if it still is the user's.
///
/// # Errors
/// A fault of the store.
pub async fn phone_proved(s: &mut Scoped<'_>, id: UserId, key: &str, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE users SET phone_verified = TRUE,
              updated_at = CASE WHEN phone_verified THEN updated_at ELSE $4 END
            WHERE pool_id = $1 AND id = $2 AND phone_key = $3"
        ),
        values![id, key, now],
    )
    .await
}

/// Puts a proven e-mail address in the place of the user's; `None` takes it away.
///
/// # Errors
/// Conflict `users_directory_id_email_key_key`.
pub async fn set_email(
    s: &mut Scoped<'_>,
    id: UserId,
    key: Option<&str>,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE users SET email = $3, email_key = $3, email_verified = $5, updated_at = $4
            WHERE pool_id = $1 AND id = $2"
        ),
        values![id, key, now, key.is_some()],
    )
    .await
}

/// A phone number in its three forms.
#[derive(Clone, Copy, Debug)]
pub struct Phone<'a> {
    /// The normal form: `+`, country code, digits.
    pub key: &'a str,
    /// Its country code, where it is known.
    pub country: Option<&'a str>,
    /// The number without it.
    pub number: &'a str,
}

/// Puts a proven phone number in the place of the user's; `None` takes it away.
///
/// # Errors
/// Conflict `users_directory_id_phone_key_key`.
pub async fn set_phone(
    s: &mut Scoped<'_>,
    id: UserId,
    phone: Option<&Phone<'_>>,
    now: Millis,
) -> Result<u64> {
    let (key, number) = (phone.map(|p| p.key), phone.map(|p| p.number));
    let country = phone.and_then(|p| p.country);
    s.execute(
        sql!(
            "UPDATE users SET phone = $3, phone_key = $4, phone_country = $5,
            phone_verified = $6, updated_at = $7 WHERE pool_id = $1 AND id = $2"
        ),
        values![id, number, key, country, phone.is_some(), now],
    )
    .await
}

/// Whether the user can still get in: by a name and a password, a passkey, an identity or a proven
/// address.
///
/// # Errors
/// A fault of the store.
pub async fn has_way_in(s: &mut Scoped<'_>, id: UserId) -> Result<bool> {
    let text = sql!(
        "SELECT count(*) FROM users u WHERE u.pool_id = $1 AND u.id = $2 AND (
          (u.email_key IS NOT NULL AND u.email_verified)
          OR (u.phone_key IS NOT NULL AND u.phone_verified)
          OR EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = u.id AND c.pool_id = $1
            AND c.state = 'active' AND (c.kind = 'passkey' OR (c.kind = 'password'
              AND (u.username_key IS NOT NULL OR u.email_key IS NOT NULL
                OR u.phone_key IS NOT NULL))))
          OR EXISTS (SELECT 1 FROM identities i WHERE i.user_id = u.id AND i.pool_id = $1))"
    );
    Ok(s.one::<(i64,)>(text, values![id]).await?.0 > 0)
}
