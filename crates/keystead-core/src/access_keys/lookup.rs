//! Access keys as administrators see them.

use super::{MAX_KEYS, rows};
use crate::cx::Cx;
use keystead_model::{AccessKeyId, Code, Error, Millis, Permission, Result, Secret, UserId};

/// An access key as answers show it.
#[derive(Clone, Debug)]
pub struct KeyView {
    /// Its row's id.
    pub id: AccessKeyId,
    /// What the wire calls it.
    pub key_id: String,
    /// `pool`, `user`, `tenant`, `application` or `scim`.
    pub kind: String,
    /// Whose it is, if it is a user's.
    pub user: Option<UserId>,
    /// Its secret: at its making, or where the pool's settings show secrets.
    pub secret: Option<Secret>,
    /// Whether it is switched on and not over.
    pub is_active: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Millis>,
    /// When it was made.
    pub created_at: Millis,
}

/// The access key with this key id.
///
/// # Errors
/// `access_key.unknown`, also for a key of another pool; `permission.denied`.
pub async fn get(cx: &mut Cx, key_id: &str) -> Result<KeyView> {
    cx.require(Permission::AccessKeyRead)?;
    let row = row(cx, key_id).await?;
    view(cx, row)
}

/// The pool's access keys, or those of a user, the first made first.
///
/// # Errors
/// `permission.denied`; faults of the store.
pub async fn list(cx: &mut Cx, user: Option<UserId>) -> Result<Vec<KeyView>> {
    cx.require(Permission::AccessKeyRead)?;
    let mut s = cx.store();
    let found = match user {
        Some(user) => rows::list_of_user(&mut s, user, MAX_KEYS).await?,
        None => rows::list(&mut s, MAX_KEYS).await?,
    };
    found.into_iter().map(|row| view(cx, row)).collect()
}

/// The row with this key id.
///
/// # Errors
/// `access_key.unknown`.
pub(super) async fn row(cx: &mut Cx, key_id: &str) -> Result<rows::AccessKey> {
    let found = rows::by_key_id(&mut cx.store(), key_id).await?;
    found.ok_or_else(|| Error::new(Code::AccessKeyUnknown).field("accessKeyId"))
}

fn view(cx: &Cx, row: rows::AccessKey) -> Result<KeyView> {
    let secret = match cx.settings().access_key_secrets_shown {
        true => Some(super::open(cx, &row)?),
        false => None,
    };
    Ok(KeyView {
        id: row.id,
        is_active: row.enabled && row.expires_at.is_none_or(|end| end > cx.now),
        key_id: row.key_id,
        kind: row.kind,
        user: row.user_id,
        secret,
        enabled: row.enabled,
        last_used_at: row.last_used_at,
        created_at: row.created_at,
    })
}
