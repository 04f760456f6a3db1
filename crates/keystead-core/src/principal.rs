//! Who calls: a type that operations ask, so that a permission cannot be forgotten.

use keystead_model::{AccessKeyId, Actor, ApplicationId, GrantId, SessionId, UserId};

/// The caller of an operation.
#[derive(Clone, Debug, Default)]
pub enum Principal {
    /// Nobody that we know.
    #[default]
    Nobody,
    /// A key of the pool (AK/SK or the pool's own secret): every permission of the pool.
    PoolKey(Option<AccessKeyId>),
    /// A user by an access token: their own data only.
    User(UserPrincipal),
    /// The server itself: seeds, set-up, jobs.
    System,
}

/// A user and the token they came with.
#[derive(Clone, Debug)]
pub struct UserPrincipal {
    /// Who.
    pub user: UserId,
    /// The grant the token belongs to.
    pub grant: GrantId,
    /// The session behind the grant.
    pub session: Option<SessionId>,
    /// The application the token was issued to.
    pub application: ApplicationId,
    /// The token's scope.
    pub scope: String,
}

impl Principal {
    /// How the audit log names the caller.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        match self {
            Self::Nobody => Actor::Anonymous,
            Self::PoolKey(Some(key)) => Actor::AccessKey(*key),
            Self::PoolKey(None) => Actor::PoolSecret,
            Self::User(user) => Actor::User(user.user),
            Self::System => Actor::System,
        }
    }
}
