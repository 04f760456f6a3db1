//! Identities: who users are at upstream providers.

use crate::role_assignments::padded;
use crate::{Result, Scoped, Value as Bound, row, sql, values};
use keystead_model::{ConnectionId, Id, Millis, UserId};
use serde_json::Value;

row! { identities;
    /// An identity of a user at an upstream provider.
    pub struct Identity {
        pub id: Id,
        pub user_id: UserId,
        pub connection_id: Option<Id>,
        pub provider: String,
        pub issuer: String,
        pub subject: String,
        pub profile: Value,
        pub last_used_at: Option<Millis>,
    }
}

/// The most identities of one user that are looked at.
pub const MOST: i64 = 500;

/// The identities of a user, the oldest first; at most [`MOST`].
///
/// # Errors
/// A fault of the store.
pub async fn of_user(s: &mut Scoped<'_>, user: UserId) -> Result<Vec<Identity>> {
    let text = sql!(
        "SELECT {Identity} FROM identities WHERE pool_id = $1 AND user_id = $2 ORDER BY id
        LIMIT $3",
        Identity
    );
    s.list(text, values![user, MOST]).await
}

/// The identities of these users, the oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn of_users(s: &mut Scoped<'_>, users: &[Id]) -> Result<Vec<Identity>> {
    let text = sql!(
        "SELECT {Identity} FROM identities WHERE pool_id = $1 AND user_id IN ($2, $3, $4, $5, $6,
            $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
          ORDER BY id",
        Identity
    );
    let mut found = Vec::new();
    for chunk in users.chunks(crate::subjects::IDS) {
        found.extend(s.list::<Identity>(text, &padded(chunk)).await?);
    }
    Ok(found)
}

/// Who has one of these ids at an issuer, as pairs of that id and the user.
///
/// # Errors
/// A fault of the store.
pub async fn owners(
    s: &mut Scoped<'_>,
    issuer: &str,
    subjects: &[&str],
) -> Result<Vec<(String, UserId)>> {
    let text = sql!(
        "SELECT subject, user_id FROM identities WHERE pool_id = $1 AND issuer = $2
          AND subject IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, $22)"
    );
    let mut found = Vec::new();
    for chunk in subjects.chunks(crate::subjects::IDS) {
        let mut values = vec![Bound::from(issuer)];
        values.extend(chunk.iter().map(|subject| Bound::from(*subject)));
        values.resize(crate::subjects::IDS + 1, Bound::from(""));
        found.extend(s.list::<(String, UserId)>(text, &values).await?);
    }
    Ok(found)
}

/// A new identity.
#[derive(Debug)]
pub struct NewIdentity<'a> {
    /// Its id.
    pub id: Id,
    /// Whose.
    pub user: UserId,
    /// Through which connection.
    pub connection: ConnectionId,
    /// Who vouches for it.
    pub issuer: &'a str,
    /// The user's id there.
    pub subject: &'a str,
    /// What kind of provider.
    pub provider: &'a str,
    /// What the provider says about the user.
    pub profile: &'a Value,
    /// `signup`, `proof` or `admin`.
    pub linked_by: &'a str,
    /// When.
    pub now: Millis,
}

/// Adds an identity.
///
/// # Errors
/// Conflict `identities_pool_id_issuer_subject_key`.
pub async fn insert(s: &mut Scoped<'_>, new: &NewIdentity<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO identities (pool_id, id, user_id, connection_id, issuer, subject,
                provider, profile, linked_by, created_at, updated_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)"
        ),
        values![
            new.id,
            new.user,
            new.connection,
            new.issuer,
            new.subject,
            new.provider,
            new.profile,
            new.linked_by,
            new.now
        ],
    )
    .await
}

/// Takes the identities of a user through a connection away.
///
/// # Errors
/// A fault of the store.
pub async fn delete(s: &mut Scoped<'_>, user: UserId, connection: ConnectionId) -> Result<u64> {
    s.execute(
        sql!("DELETE FROM identities WHERE pool_id = $1 AND user_id = $2 AND connection_id = $3"),
        values![user, connection],
    )
    .await
}
