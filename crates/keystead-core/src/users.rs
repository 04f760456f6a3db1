//! Users: what the dialects create, look up and list.

pub mod create;
mod ends;
pub mod lookup;

pub use create::{NewUser, create};
pub use ends::end_sessions;
pub use lookup::{KeyKind, by, list};

use keystead_store::users as rows;

pub use rows::{User, UserActivity, UserSecurity};

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

/// Whether a user may sign in and use tokens now.
#[must_use]
pub fn is_active(user: &User, now: keystead_model::Millis) -> bool {
    user.status == "activated" && user.expires_at.is_none_or(|end| now < end)
}
