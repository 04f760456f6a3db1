//! Sessions: a person, on one browser or through one API door.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Millis, SessionId, UserId};
use serde_json::Value;

row! { sessions;
    /// A session.
    pub struct Session {
        pub id: SessionId,
        pub user_id: UserId,
        pub kind: String,
        pub generation: i64,
        pub proofs: Value,
        pub acr: String,
        pub auth_at: Millis,
        pub seen_at: Millis,
        pub idle_at: Millis,
        pub expires_at: Millis,
        pub ended_at: Option<Millis>,
    }
}

/// Writes a session, under the hash of its cookie where it has one.
///
/// # Errors
/// A fault of the store.
pub async fn insert(
    s: &mut Scoped<'_>,
    session: &Session,
    secret_hash: Option<&str>,
    ip: &str,
    user_agent: Option<&str>,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO sessions (pool_id, id, user_id, kind, secret_hash, generation, proofs,
            acr, auth_at, ip, user_agent, seen_at, idle_at, expires_at, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $9, $12, $13, $9)"
        ),
        values![
            session.id,
            session.user_id,
            &session.kind,
            secret_hash,
            session.generation,
            &session.proofs,
            &session.acr,
            session.auth_at,
            ip,
            user_agent,
            session.idle_at,
            session.expires_at
        ],
    )
    .await
}

/// The session whose cookie has this hash.
///
/// # Errors
/// A fault of the store.
pub async fn by_secret(s: &mut Scoped<'_>, secret_hash: &str) -> Result<Option<Session>> {
    let text =
        sql!("SELECT {Session} FROM sessions WHERE pool_id = $1 AND secret_hash = $2", Session);
    s.optional(text, values![secret_hash]).await
}

/// The session with this id.
///
/// # Errors
/// A fault of the store.
pub async fn get(s: &mut Scoped<'_>, id: SessionId) -> Result<Option<Session>> {
    let text = sql!("SELECT {Session} FROM sessions WHERE pool_id = $1 AND id = $2", Session);
    s.optional(text, values![id]).await
}

/// Proves the same person anew: the row and its tokens live on, the old cookie is dead.
///
/// # Errors
/// A fault of the store.
pub async fn renew(s: &mut Scoped<'_>, session: &Session, secret_hash: &str) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE sessions SET secret_hash = $3, proofs = $4, auth_at = $5, generation = $6,
            seen_at = $7, idle_at = $8
              WHERE pool_id = $1 AND id = $2 AND ended_at IS NULL"
        ),
        values![
            session.id,
            secret_hash,
            &session.proofs,
            session.auth_at,
            session.generation,
            session.seen_at,
            session.idle_at
        ],
    )
    .await
}

/// Notes that the session was used; the caller does so once a minute at most.
///
/// # Errors
/// A fault of the store.
pub async fn touch(s: &mut Scoped<'_>, id: SessionId, now: Millis, idle_at: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE sessions SET seen_at = $3, idle_at = $4 WHERE pool_id = $1 AND id = $2 AND
            ended_at IS NULL"
        ),
        values![id, now, idle_at],
    )
    .await
}

/// Ends a session.
///
/// # Errors
/// A fault of the store.
pub async fn end(
    s: &mut Scoped<'_>,
    id: SessionId,
    by: &str,
    now: Millis,
) -> Result<Option<UserId>> {
    let text = sql!(
        "UPDATE sessions SET ended_at = $3, ended_by = $4, secret_hash = NULL WHERE pool_id
        = $1 AND id = $2 AND ended_at IS NULL RETURNING user_id"
    );
    Ok(s.optional::<(UserId,)>(text, values![id, now, by]).await?.map(|(user,)| user))
}

/// Ends every session of a user but the one to keep.
///
/// # Errors
/// A fault of the store.
pub async fn end_of_user(
    s: &mut Scoped<'_>,
    user: UserId,
    keep: Option<SessionId>,
    by: &str,
    now: Millis,
) -> Result<u64> {
    let keep = keep.map(|id| id.to_string()).unwrap_or_default();
    s.execute(
        sql!(
            "UPDATE sessions SET ended_at = $4, ended_by = $5, secret_hash = NULL
              WHERE pool_id = $1 AND user_id = $2 AND ended_at IS NULL AND id <> $3"
        ),
        values![user, &keep, now, by],
    )
    .await
}

/// Lifts a session that has not ended to its user's new generation, and its grants with it.
///
/// # Errors
/// A fault of the store.
pub async fn lift(s: &mut Scoped<'_>, id: SessionId, user: UserId, generation: i64) -> Result<u64> {
    let lifted = s
        .execute(
            sql!(
                "UPDATE sessions SET generation = $4
                  WHERE pool_id = $1 AND id = $2 AND user_id = $3 AND ended_at IS NULL"
            ),
            values![id, user, generation],
        )
        .await?;
    if lifted > 0 {
        s.execute(
            sql!(
                "UPDATE grants SET generation = $4
                  WHERE pool_id = $1 AND session_id = $2 AND user_id = $3 AND ended_at IS NULL"
            ),
            values![id, user, generation],
        )
        .await?;
    }
    Ok(lifted)
}
