//! Making an access key.

use super::{KeyView, MAX_KEYS, rows};
use crate::cx::Cx;
use keystead_model::{
    AccessKeyId, ChangeKind, Code, Error, Event, EventKind, Permission, Result, Secret, UserId,
};
use keystead_store::OnConflict;
use keystead_store::users::{self, UserKey};

/// What a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The pool.
    Pool,
    /// A user: it works as long as they may act.
    User(UserId),
}

impl Kind {
    /// The text of the column `kind`.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Pool => "pool",
            Self::User(_) => "user",
        }
    }

    /// Whose it is.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::Pool => None,
            Self::User(user) => Some(user),
        }
    }
}

/// Makes an access key. Its secret is in the answer whole, whatever the settings say.
///
/// # Errors
/// `user.unknown` for a user of another pool, `access_key.limit` when the pool has as many as it
/// may; `permission.denied`.
pub async fn create(cx: &mut Cx, kind: Kind) -> Result<KeyView> {
    cx.require(Permission::AccessKeyCreate)?;
    if let Some(user) = kind.user() {
        let found = users::by_key(&mut cx.store(), UserKey::Id, &user.to_string()).await?;
        found.ok_or_else(|| Error::new(Code::UserUnknown).field("userId"))?;
    }
    let id: AccessKeyId = cx.id()?;
    let (key_id, now) = (id.to_string(), cx.now);
    let secret = Secret::new(cx.core.random.hex(32)?);
    let secret_enc = super::seal(cx, id, &secret)?;
    let mut s = cx.store();
    s.serial("access_keys").await?;
    if rows::total(&mut s).await? >= MAX_KEYS {
        return Err(Error::new(Code::AccessKeyLimit).arg("max", MAX_KEYS));
    }
    let new = rows::NewAccessKey {
        id,
        key_id: &key_id,
        secret_enc: &secret_enc,
        kind: kind.text(),
        user_id: kind.user(),
        now,
    };
    rows::insert(&mut s, &new).await.on_conflict("access_keys_key_id_key", Code::Internal)?;
    cx.note(ChangeKind::AccessKey, &key_id);
    cx.emit(Event::new(EventKind::AccessKeyCreated).on("access_key", id, Some(key_id.clone())));
    Ok(KeyView {
        id,
        key_id,
        kind: kind.text().to_owned(),
        user: kind.user(),
        secret: Some(secret),
        is_active: true,
        enabled: true,
        last_used_at: None,
        created_at: now,
    })
}
