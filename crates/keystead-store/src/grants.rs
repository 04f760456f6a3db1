//! Grants: one authorization of one application in one session; the parent of every user token.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ApplicationId, GrantId, Millis, SessionId, UserId};

row! { grants;
    /// A grant.
    pub struct Grant {
        pub id: GrantId,
        pub session_id: Option<SessionId>,
        pub user_id: UserId,
        pub application_id: ApplicationId,
        pub generation: i64,
        pub issuer_kind: String,
        pub scope: String,
        pub nonce: Option<String>,
        pub expires_at: Millis,
        pub ended_at: Option<Millis>,
    }
}

row! {
    /// Everything the verdict about a token needs, in one join.
    pub struct Liveness {
        pub grant_ended_at: Option<Millis>,
        pub grant_generation: i64,
        pub grant_expires_at: Millis,
        pub session_id: Option<SessionId>,
        pub session_ended_at: Option<Millis>,
        pub session_expires_at: Option<Millis>,
        pub session_idle_at: Option<Millis>,
        pub user_id: UserId,
        pub user_status: String,
        pub user_expires_at: Option<Millis>,
        pub generation: i64,
        pub application_id: ApplicationId,
        pub application_status: String,
    }
}

/// Writes a grant.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, grant: &Grant, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO grants (pool_id, id, session_id, user_id, application_id, generation,
            issuer_kind, scope, nonce, expires_at, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        values![
            grant.id,
            grant.session_id,
            grant.user_id,
            grant.application_id,
            grant.generation,
            &grant.issuer_kind,
            &grant.scope,
            &grant.nonce,
            grant.expires_at,
            now
        ],
    )
    .await
}

/// The grant with this id.
///
/// # Errors
/// A fault of the store.
pub async fn get(s: &mut Scoped<'_>, id: GrantId) -> Result<Option<Grant>> {
    let text = sql!("SELECT {Grant} FROM grants WHERE pool_id = $1 AND id = $2", Grant);
    s.optional(text, values![id]).await
}

/// Ends a grant.
///
/// # Errors
/// A fault of the store.
pub async fn end(s: &mut Scoped<'_>, id: GrantId, by: &str, now: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE grants SET ended_at = $3, ended_by = $4 WHERE pool_id = $1 AND id = $2 AND
            ended_at IS NULL"
        ),
        values![id, now, by],
    )
    .await
}

/// Ends every grant of a session.
///
/// # Errors
/// A fault of the store.
pub async fn end_of_session(
    s: &mut Scoped<'_>,
    id: SessionId,
    by: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE grants SET ended_at = $3, ended_by = $4 WHERE pool_id = $1 AND session_id =
            $2 AND ended_at IS NULL"
        ),
        values![id, now, by],
    )
    .await
}

/// The client ids of the applications that a session gave a grant to which has not ended.
///
/// # Errors
/// A fault of the store.
pub async fn clients_of_session(s: &mut Scoped<'_>, id: SessionId) -> Result<Vec<String>> {
    let text = sql!(
        "SELECT DISTINCT a.client_id FROM grants g JOIN applications a ON a.id = g.application_id
        WHERE g.pool_id = $1 AND g.session_id = $2 AND g.ended_at IS NULL LIMIT 100"
    );
    Ok(s.list::<(String,)>(text, values![id]).await?.into_iter().map(|(client,)| client).collect())
}

/// Ends what a user granted to one application.
///
/// # Errors
/// A fault of the store.
pub async fn end_of_user(
    s: &mut Scoped<'_>,
    user: UserId,
    application: ApplicationId,
    by: &str,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE grants SET ended_at = $4, ended_by = $5 WHERE pool_id = $1 AND user_id = $2
            AND application_id = $3 AND ended_at IS NULL"
        ),
        values![user, application, now, by],
    )
    .await
}

/// Ends up to 500 grants that were made until `now`, in the order of their ids after this one;
/// answers which.
///
/// # Errors
/// A fault of the store.
pub async fn end_of_pool(
    s: &mut Scoped<'_>,
    after: Option<GrantId>,
    by: &str,
    now: Millis,
) -> Result<Vec<GrantId>> {
    let text = sql!(
        "UPDATE grants SET ended_at = $3, ended_by = $4 WHERE pool_id = $1 AND ended_at IS NULL
        AND id IN (SELECT id FROM grants WHERE pool_id = $1 AND id > $2 AND ended_at IS NULL
          AND created_at <= $3 ORDER BY id LIMIT 500)
        RETURNING id"
    );
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let ended: Vec<(GrantId,)> = s.list(text, values![after, now, by]).await?;
    Ok(ended.into_iter().map(|(id,)| id).collect())
}

/// Lets a grant live at least until `until`: a refresh family may outlast the session's idle time.
///
/// # Errors
/// A fault of the store.
pub async fn extend(s: &mut Scoped<'_>, id: GrantId, until: Millis) -> Result<u64> {
    s.execute(
        sql!(
            "UPDATE grants SET expires_at = $3 WHERE pool_id = $1 AND id = $2 AND expires_at < $3"
        ),
        values![id, until],
    )
    .await
}

/// The facts of the verdict about tokens of this grant.
///
/// # Errors
/// A fault of the store.
pub async fn liveness(s: &mut Scoped<'_>, id: GrantId) -> Result<Option<Liveness>> {
    let text = sql!(
        "SELECT g.ended_at, g.generation, g.expires_at, g.session_id, s.ended_at,
        s.expires_at, s.idle_at,
          g.user_id, u.status, u.expires_at, c.generation, g.application_id, a.status
        FROM grants g JOIN users u ON u.id = g.user_id JOIN user_security c ON c.user_id =
        g.user_id
        JOIN applications a ON a.id = g.application_id LEFT JOIN sessions s ON s.id = g.session_id
        WHERE g.pool_id = $1 AND g.id = $2"
    );
    s.optional::<Liveness>(text, values![id]).await
}
