//! Users: what the dialects create, look up, list, change and delete.

pub mod batch;
pub mod create;
pub mod delete;
pub mod ends;
mod fields;
pub mod fields_of_others;
pub mod list;
pub mod lookup;
pub mod past;
pub mod status;
pub(crate) mod terms;
pub mod update;

pub use batch::{create_all, resign, update_all};
pub use create::{NewUser, create};
pub use delete::delete;
pub use ends::{end_sessions, kick};
pub use list::list;
pub use lookup::{KeyKind, by, exists, ids_of, several};
pub use update::{UserChange, update};

use crate::cx::Cx;
use crate::principal::Principal;
use keystead_model::{Code, Error, Permission, Result, UserId};
use keystead_store::users as rows;

pub use rows::{User, UserActivity, UserSecurity};

/// Who writes: it chooses the allow-list of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// Somebody with permission over other people's accounts.
    Administrator,
    /// The person themselves, as the caller's door has proved.
    Myself,
}

impl Writer {
    /// Demands the permission of an administrator, or that the person is the caller.
    fn require(self, cx: &Cx, user: UserId, permission: Permission) -> Result<()> {
        match (self, &cx.principal) {
            (Self::Administrator, _) => cx.require(permission),
            (Self::Myself, Principal::User(me)) if me.user != user => {
                Err(Error::new(Code::PermissionDenied).arg("permission", permission.text()))
            }
            (Self::Myself, _) => Ok(()),
        }
    }
}

/// A user with activity and security facts, as answers show them.
#[derive(Clone, Debug)]
pub struct UserView {
    /// The user.
    pub user: User,
    /// When and how they were last seen.
    pub activity: UserActivity,
    /// Facts about their password.
    pub security: UserSecurity,
}

impl From<rows::UserFacts> for UserView {
    fn from(facts: rows::UserFacts) -> Self {
        let keystead_store::row::Join3(user, activity, security) = facts;
        Self { user, activity, security }
    }
}

/// How logs and messages name a user: by the first of their names, else by an address, else by
/// their id.
#[must_use]
pub fn label(user: &User) -> String {
    let names = [
        &user.nickname,
        &user.username,
        &user.name,
        &user.given_name,
        &user.family_name,
        &user.email,
        &user.phone,
        &user.external_id,
    ];
    let first = names.into_iter().flatten().find(|name| !name.is_empty());
    first.cloned().unwrap_or_else(|| user.id.to_string())
}

/// Whether a user may sign in and use tokens now.
#[must_use]
pub fn is_active(user: &User, now: keystead_model::Millis) -> bool {
    user.status == "activated" && user.expires_at.is_none_or(|end| now < end)
}
