//! What a user did: sign-ins, applications, identities, factors; and who is gone.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ApplicationId, Id, Millis, UserId};

row! {
    /// A sign-in, from the audit log.
    pub struct PastSignin {
        pub application_id: Option<ApplicationId>,
        pub ip: Option<String>,
        pub user_agent: Option<String>,
        pub created_at: Millis,
    }
}

row! { applications;
    /// An application as a user's lists show it.
    pub struct AppCard {
        pub id: ApplicationId,
        pub client_id: String,
        pub name: String,
        pub logo: Option<String>,
        pub login_uri: Option<String>,
        pub default_access: String,
    }
}

/// Which sign-ins of a user.
#[derive(Debug)]
pub struct SigninsOf<'a> {
    /// Who.
    pub user: UserId,
    /// Through which application only; any without.
    pub application: Option<ApplicationId>,
    /// From which address only; any without.
    pub ip: &'a str,
    /// Not before.
    pub from: Millis,
    /// Not after.
    pub to: Millis,
}

/// One page of the sign-ins of a user, newest first.
///
/// # Errors
/// A fault of the store.
pub async fn signins(
    s: &mut Scoped<'_>,
    of: &SigninsOf<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<PastSignin>> {
    let text = sql!(
        "SELECT {PastSignin} FROM audit_events WHERE pool_id = $1 AND target_id = $2
        AND kind = 'signin.done' AND success AND ($3 = '' OR application_id = $3)
        AND ($4 = '' OR ip = $4) AND created_at >= $5 AND created_at <= $6
        ORDER BY id DESC LIMIT $7 OFFSET $8",
        PastSignin
    );
    let application = of.application.map(|id| id.to_string()).unwrap_or_default();
    let values = values![of.user, &application, of.ip, of.from, of.to, limit, offset];
    s.list(text, values).await
}

/// How many sign-ins of a user there are.
///
/// # Errors
/// A fault of the store.
pub async fn signins_total(s: &mut Scoped<'_>, of: &SigninsOf<'_>) -> Result<i64> {
    let text = sql!(
        "SELECT count(*) FROM audit_events WHERE pool_id = $1 AND target_id = $2
        AND kind = 'signin.done' AND success AND ($3 = '' OR application_id = $3)
        AND ($4 = '' OR ip = $4) AND created_at >= $5 AND created_at <= $6"
    );
    let application = of.application.map(|id| id.to_string()).unwrap_or_default();
    let values = values![of.user, &application, of.ip, of.from, of.to];
    Ok(s.one::<(i64,)>(text, values).await?.0)
}

/// Notes that a user signed in to an application.
///
/// # Errors
/// A fault of the store.
pub async fn signed_in_to(
    s: &mut Scoped<'_>,
    user: UserId,
    application: ApplicationId,
    now: Millis,
) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO application_users (pool_id, application_id, user_id, first_at, last_at,
            logins) VALUES ($1, $2, $3, $4, $4, 1)
              ON CONFLICT (application_id, user_id) DO UPDATE SET last_at = excluded.last_at,
              logins = application_users.logins + 1"
        ),
        values![application, user, now],
    )
    .await
}

/// The applications a user signed in to, the last one first.
///
/// # Errors
/// A fault of the store.
pub async fn applications(s: &mut Scoped<'_>, user: UserId, limit: i64) -> Result<Vec<AppCard>> {
    let text = sql!(
        "SELECT {a.AppCard} FROM application_users x JOIN applications a ON a.id = x.application_id
        WHERE x.pool_id = $1 AND x.user_id = $2 ORDER BY x.last_at DESC LIMIT $3",
        AppCard
    );
    s.list(text, values![user, limit]).await
}

/// The applications that are on and open to everybody.
///
/// # Errors
/// A fault of the store.
pub async fn open_applications(s: &mut Scoped<'_>, limit: i64) -> Result<Vec<AppCard>> {
    let text = sql!(
        "SELECT {AppCard} FROM applications WHERE pool_id = $1 AND status = 'enabled'
        AND default_access = 'allow' ORDER BY name, id LIMIT $2",
        AppCard
    );
    s.list(text, values![limit]).await
}

/// The kinds of active credentials of a user.
///
/// # Errors
/// A fault of the store.
pub async fn factors(s: &mut Scoped<'_>, user: UserId) -> Result<Vec<String>> {
    let text = sql!(
        "SELECT DISTINCT kind FROM credentials WHERE pool_id = $1 AND user_id = $2
        AND state = 'active'"
    );
    Ok(s.list::<(String,)>(text, values![user]).await?.into_iter().map(|(kind,)| kind).collect())
}

/// Whether a user holds a living grant to an application.
///
/// # Errors
/// A fault of the store.
pub async fn has_grant(
    s: &mut Scoped<'_>,
    user: UserId,
    application: ApplicationId,
    now: Millis,
) -> Result<bool> {
    let text = sql!(
        "SELECT g.id FROM grants g JOIN user_security c ON c.user_id = g.user_id
        JOIN users u ON u.id = g.user_id LEFT JOIN sessions s ON s.id = g.session_id
        WHERE g.pool_id = $1 AND g.user_id = $2 AND g.application_id = $3
        AND g.ended_at IS NULL AND g.expires_at > $4 AND g.generation = c.generation
        AND u.status = 'activated' AND (u.expires_at IS NULL OR u.expires_at > $4)
        AND (s.id IS NULL OR (s.ended_at IS NULL AND s.idle_at > $4 AND s.expires_at > $4))
        LIMIT 1"
    );
    Ok(s.optional::<(Id,)>(text, values![user, application, now]).await?.is_some())
}

/// The applications that a user holds a living grant to.
///
/// # Errors
/// A fault of the store.
pub async fn granted(s: &mut Scoped<'_>, user: UserId, now: Millis) -> Result<Vec<ApplicationId>> {
    let text = sql!(
        "SELECT DISTINCT g.application_id FROM grants g
        JOIN user_security c ON c.user_id = g.user_id
        LEFT JOIN sessions s ON s.id = g.session_id
        WHERE g.pool_id = $1 AND g.user_id = $2
        AND g.ended_at IS NULL AND g.expires_at > $3 AND g.generation = c.generation
        AND (s.id IS NULL OR (s.ended_at IS NULL AND s.idle_at > $3 AND s.expires_at > $3))"
    );
    Ok(s.list::<(ApplicationId,)>(text, values![user, now])
        .await?
        .into_iter()
        .map(|(id,)| id)
        .collect())
}

/// One page of who is archived or deleted since, by when.
///
/// # Errors
/// A fault of the store.
pub async fn gone(
    s: &mut Scoped<'_>,
    since: Millis,
    limit: i64,
    offset: i64,
) -> Result<Vec<(UserId, Millis)>> {
    let text = sql!(
        "SELECT g.id, g.gone_at FROM (
            SELECT id, status_at AS gone_at FROM users WHERE pool_id = $1
            AND status = 'archived' AND status_at >= $2
            UNION ALL SELECT target_id, created_at FROM tombstones WHERE pool_id = $1
            AND kind = 'user' AND created_at >= $2) g
        ORDER BY g.gone_at, g.id LIMIT $3 OFFSET $4"
    );
    s.list(text, values![since, limit, offset]).await
}

/// How many are archived or deleted since.
///
/// # Errors
/// A fault of the store.
pub async fn gone_total(s: &mut Scoped<'_>, since: Millis) -> Result<i64> {
    let text = sql!(
        "SELECT count(*) FROM (
            SELECT id FROM users WHERE pool_id = $1 AND status = 'archived' AND status_at >= $2
            UNION ALL SELECT target_id FROM tombstones WHERE pool_id = $1
            AND kind = 'user' AND created_at >= $2) g"
    );
    Ok(s.one::<(i64,)>(text, values![since]).await?.0)
}
