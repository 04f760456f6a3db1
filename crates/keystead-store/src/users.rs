//! Users, their activity and the facts about their security.

pub mod change;
mod contact;
mod list;
pub mod past;
mod terms;

pub use contact::{Phone, email_proved, has_way_in, phone_proved, set_email, set_phone};
pub use list::{page, total};
pub use terms::set_terms;

use crate::row::Join3;
use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ConnectionId, Millis, UserId};
use serde_json::Value;

row! { users;
    /// A user.
    pub struct User {
        pub id: UserId,
        pub directory_id: ConnectionId,
        pub status: String,
        pub status_at: Millis,
        pub source: String,
        pub source_id: Option<String>,
        pub register_source: Vec<String>,
        pub username: Option<String>,
        pub email: Option<String>,
        pub email_verified: bool,
        pub phone: Option<String>,
        pub phone_country: Option<String>,
        pub phone_verified: bool,
        pub external_id: Option<String>,
        pub name: Option<String>,
        pub nickname: Option<String>,
        pub given_name: Option<String>,
        pub family_name: Option<String>,
        pub photo: Option<String>,
        pub gender: String,
        pub locale: Option<String>,
        pub profile: Value,
        pub user_data: Value,
        pub admin_data: Value,
        pub expires_at: Option<Millis>,
        pub created_at: Millis,
        pub updated_at: Millis,
    }
}

row! { user_activity;
    /// When and how a user was last seen.
    pub struct UserActivity {
        pub user_id: UserId,
        pub logins: i64,
        pub last_login_at: Option<Millis>,
        pub last_ip: Option<String>,
        pub last_application_id: Option<String>,
        pub last_mfa_at: Option<Millis>,
        pub user_agent: Option<String>,
    }
}

row! { user_security;
    /// Facts about a user's password and the generation of their tokens.
    pub struct UserSecurity {
        pub user_id: UserId,
        pub generation: i64,
        pub reset: Option<String>,
        pub password_at: Option<Millis>,
        pub password_level: Option<i64>,
    }
}

/// The normal forms that identify a user.
#[derive(Debug, Default)]
pub struct UserKeys {
    /// Key of the user name.
    pub username: Option<String>,
    /// Key of the e-mail address.
    pub email: Option<String>,
    /// Key of the phone number.
    pub phone: Option<String>,
}

/// Which column a look-up uses; each has an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserKey {
    /// The user's id.
    Id,
    /// The e-mail address, normalised.
    Email,
    /// The phone number, normalised.
    Phone,
    /// The user name, normalised.
    Username,
    /// The id in the caller's own system.
    ExternalId,
}

/// The user with this key.
///
/// # Errors
/// A fault of the store.
pub async fn by_key(s: &mut Scoped<'_>, key: UserKey, value: &str) -> Result<Option<User>> {
    let text = match key {
        UserKey::Id => sql!("SELECT {User} FROM users WHERE pool_id = $1 AND id = $2", User),
        UserKey::Email => sql!(
            "SELECT {User} FROM users WHERE pool_id = $1 AND email_key = $2 ORDER BY id LIMIT 1",
            User
        ),
        UserKey::Phone => sql!(
            "SELECT {User} FROM users WHERE pool_id = $1 AND phone_key = $2 ORDER BY id LIMIT 1",
            User
        ),
        UserKey::Username => sql!(
            "SELECT {User} FROM users WHERE pool_id = $1 AND username_key = $2 ORDER BY id LIMIT 1",
            User
        ),
        UserKey::ExternalId => {
            sql!("SELECT {User} FROM users WHERE pool_id = $1 AND external_id = $2", User)
        }
    };
    s.optional(text, values![value]).await
}

/// Makes a user with their rows of activity and security.
///
/// # Errors
/// Conflicts `users_directory_id_email_key_key`, `…_username_key_key`, `…_phone_key_key`,
/// `users_pool_id_external_id_key`, `users_pkey`.
pub async fn insert(
    s: &mut Scoped<'_>,
    user: &User,
    keys: &UserKeys,
    qualified_id: &str,
) -> Result<()> {
    let register_source = serde_json::json!(user.register_source);
    s.execute(
        sql!(
            "INSERT INTO users (pool_id, id, directory_id, qualified_id, status, status_at,
            source, source_id, register_source, username, username_key, email, email_key,
        email_verified,
                phone, phone_country, phone_key, phone_verified, external_id, name, nickname,
                given_name, family_name, photo, gender, locale, profile, user_data, admin_data,
                expires_at, created_at, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
              $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $31)"
        ),
        values![
            user.id,
            user.directory_id,
            qualified_id,
            &user.status,
            user.status_at,
            &user.source,
            &user.source_id,
            &register_source,
            &user.username,
            &keys.username,
            &user.email,
            &keys.email,
            user.email_verified,
            &user.phone,
            &user.phone_country,
            &keys.phone,
            user.phone_verified,
            &user.external_id,
            &user.name,
            &user.nickname,
            &user.given_name,
            &user.family_name,
            &user.photo,
            &user.gender,
            &user.locale,
            &user.profile,
            &user.user_data,
            &user.admin_data,
            user.expires_at,
            user.created_at
        ],
    )
    .await?;
    s.execute(
        sql!("INSERT INTO user_activity (pool_id, user_id) VALUES ($1, $2)"),
        values![user.id],
    )
    .await?;
    s.execute(
        sql!(
            "INSERT INTO user_security (pool_id, user_id, created_at, updated_at) VALUES ($1,
            $2, $3, $3)"
        ),
        values![user.id, user.created_at],
    )
    .await?;
    change::count(s, user.status == "archived", user.id, 1).await
}

/// The activity of a user.
///
/// # Errors
/// A fault of the store.
pub async fn activity(s: &mut Scoped<'_>, id: UserId) -> Result<Option<UserActivity>> {
    let text = sql!(
        "SELECT {UserActivity} FROM user_activity WHERE pool_id = $1 AND user_id = $2",
        UserActivity
    );
    s.optional(text, values![id]).await
}

/// The security facts of a user.
///
/// # Errors
/// A fault of the store.
pub async fn security(s: &mut Scoped<'_>, id: UserId) -> Result<Option<UserSecurity>> {
    let text = sql!(
        "SELECT {UserSecurity} FROM user_security WHERE pool_id = $1 AND user_id = $2",
        UserSecurity
    );
    s.optional(text, values![id]).await
}

/// A user with activity and security, as lists and single answers show them.
pub type UserFacts = Join3<User, UserActivity, UserSecurity>;

/// The user with this id, with activity and security.
///
/// # Errors
/// A fault of the store.
pub async fn facts(s: &mut Scoped<'_>, id: UserId) -> Result<Option<UserFacts>> {
    let text = sql!(
        "SELECT {u.User}, {a.UserActivity}, {c.UserSecurity} FROM users u
        JOIN user_activity a ON a.user_id = u.id JOIN user_security c ON c.user_id = u.id
        WHERE u.pool_id = $1 AND u.id = $2",
        User,
        UserActivity,
        UserSecurity
    );
    s.optional(text, values![id]).await
}

/// Notes a sign-in of a user.
///
/// # Errors
/// A fault of the store.
pub async fn signed_in(s: &mut Scoped<'_>, login: &Login<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE user_activity SET logins = logins + 1, last_login_at = $3, last_ip = $4,
            last_application_id = $5, user_agent = $6
              WHERE pool_id = $1 AND user_id = $2"
        ),
        values![login.user, login.at, login.ip, login.application, login.user_agent],
    )
    .await
}

/// A sign-in, as the activity row keeps it.
#[derive(Debug)]
pub struct Login<'a> {
    /// Who.
    pub user: UserId,
    /// When.
    pub at: Millis,
    /// From which address.
    pub ip: &'a str,
    /// Through which application (its row id).
    pub application: &'a str,
    /// With which user agent.
    pub user_agent: Option<&'a str>,
}

/// Notes that a user has a new password of this strength. Their generation grows: sessions, grants
/// and refresh families from before are over.
///
/// # Errors
/// A fault of the store.
pub async fn password_set(
    s: &mut Scoped<'_>,
    id: UserId,
    level: Option<i64>,
    reset: Option<&str>,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE user_security SET generation = generation + 1,
              password_at = $3, password_level = $4, reset = $5,
            updated_at = $3 WHERE pool_id = $1 AND user_id = $2"
        ),
        values![id, now, level, reset],
    )
    .await
}

/// What a seed may mend of a user that exists.
#[derive(Debug)]
pub struct SeedFacts {
    /// Full name.
    pub name: Option<String>,
    /// Nickname.
    pub nickname: Option<String>,
    /// Whether e-mail and phone were proved.
    pub verified: (bool, bool),
}

/// Mends a user from a seed.
///
/// # Errors
/// A fault of the store.
pub async fn mend(s: &mut Scoped<'_>, id: UserId, facts: &SeedFacts, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE users SET name = $3, nickname = $4, email_verified = $5, phone_verified =
            $6, updated_at = $7 WHERE pool_id = $1 AND id = $2"
        ),
        values![id, &facts.name, &facts.nickname, facts.verified.0, facts.verified.1, now],
    )
    .await
}
