//! Stored sign-in flows: facts, never a current step.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{ApplicationId, Millis, SessionId, SigninId, UserId};
use serde_json::Value;

row! { signins;
    /// A flow that waits for a human.
    pub struct Signin {
        pub id: SigninId,
        pub application_id: Option<ApplicationId>,
        pub kind: String,
        pub state: String,
        pub version: i64,
        pub request: Value,
        pub user_id: Option<UserId>,
        pub proofs: Value,
        pub answers: Value,
        pub session_id: Option<SessionId>,
        pub denied: Option<String>,
        pub expires_at: Millis,
    }
}

/// What a new flow is made of.
#[derive(Debug)]
pub struct NewSignin<'a> {
    /// Its row's id.
    pub id: SigninId,
    /// The application it is for.
    pub application: ApplicationId,
    /// `browser` or `api`.
    pub kind: &'static str,
    /// Hash of the flow's secret.
    pub secret_hash: &'a str,
    /// The checked request, as JSON.
    pub request: &'a Value,
    /// The address it began from.
    pub ip: &'a str,
    /// The user agent it began with.
    pub user_agent: Option<&'a str>,
    /// When.
    pub now: Millis,
    /// Until when.
    pub expires_at: Millis,
}

/// Writes a flow.
///
/// # Errors
/// A fault of the store.
pub async fn insert(s: &mut Scoped<'_>, new: &NewSignin<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO signins (pool_id, id, application_id, kind, secret_hash, request, ip,
            user_agent, created_at, expires_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        values![
            new.id,
            new.application,
            new.kind,
            new.secret_hash,
            new.request,
            new.ip,
            new.user_agent,
            new.now,
            new.expires_at
        ],
    )
    .await
}

/// The flow whose secret has this hash.
///
/// # Errors
/// A fault of the store.
pub async fn by_secret(s: &mut Scoped<'_>, secret_hash: &str) -> Result<Option<Signin>> {
    let text = sql!("SELECT {Signin} FROM signins WHERE pool_id = $1 AND secret_hash = $2", Signin);
    s.optional(text, values![secret_hash]).await
}

/// Closes a flow by compare-and-set: of two events only one finds the version it saw.
///
/// # Errors
/// A fault of the store.
pub async fn close(s: &mut Scoped<'_>, end: &SigninEnd<'_>) -> Result<bool> {
    let changed = s
        .execute(
            sql!(
                "UPDATE signins SET user_id = $4, proofs = $5, session_id = $6, state = $7,
                denied = $8, version = version + 1
                  WHERE pool_id = $1 AND id = $2 AND version = $3 AND state = 'open' AND
                  expires_at > $9"
            ),
            values![
                end.id,
                end.version,
                end.user,
                end.proofs,
                end.session,
                end.state,
                end.denied,
                end.now
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// What a flow knows so far.
#[derive(Debug)]
pub struct SigninFacts<'a> {
    /// Who was proved.
    pub user: Option<UserId>,
    /// By which proofs.
    pub proofs: &'a Value,
    /// What was answered beside them.
    pub answers: &'a Value,
}

/// Keeps what a flow knows so far, by compare-and-set; `false` when another event was faster.
///
/// # Errors
/// A fault of the store.
pub async fn keep(
    s: &mut Scoped<'_>,
    (id, version): (SigninId, i64),
    facts: &SigninFacts<'_>,
    now: Millis,
) -> Result<bool> {
    let text = sql!(
        "UPDATE signins SET user_id = $4, proofs = $5, answers = $6, version = version + 1
        WHERE pool_id = $1 AND id = $2 AND version = $3 AND state = 'open' AND expires_at > $7"
    );
    let values = values![id, version, facts.user, facts.proofs, facts.answers, now];
    Ok(s.execute(text, values).await? == 1)
}

/// How a flow ends.
#[derive(Debug)]
pub struct SigninEnd<'a> {
    /// Which flow.
    pub id: SigninId,
    /// The version that was seen.
    pub version: i64,
    /// Who signed in.
    pub user: Option<UserId>,
    /// By which proofs.
    pub proofs: &'a Value,
    /// The session that came of it.
    pub session: Option<SessionId>,
    /// `done` or `denied`.
    pub state: &'static str,
    /// The code of the refusal.
    pub denied: Option<&'a str>,
    /// When.
    pub now: Millis,
}
