//! The audit log: append only.

mod list;

pub use list::{
    AuditEvent, Bounds, By, EventApplication, EventLogins, EventUser, Filter, Found, Located,
    REACH, page,
};

use crate::{Result, Scoped, sql, values};
use keystead_model::{ApplicationId, AuditEventId, Event, Millis, SessionId};

/// Who, where and when: what the context adds to an event.
#[derive(Debug)]
pub struct Circumstances<'a> {
    /// Kind of actor.
    pub actor_kind: &'a str,
    /// The actor's id.
    pub actor_id: Option<&'a str>,
    /// The name by which people know the actor.
    pub actor_name: Option<&'a str>,
    /// The session of the actor.
    pub session: Option<SessionId>,
    /// The address the request came from.
    pub ip: &'a str,
    /// The user agent it came with.
    pub user_agent: Option<&'a str>,
    /// Its request id.
    pub request_id: &'a str,
    /// When.
    pub now: Millis,
}

/// Writes an event.
///
/// # Errors
/// A fault of the store.
pub async fn insert(
    s: &mut Scoped<'_>,
    id: AuditEventId,
    event: &Event,
    by: &Circumstances<'_>,
) -> Result<u64> {
    let (kind, target, label) = match &event.target {
        Some((kind, id, label)) => (Some(*kind), Some(id.as_str()), label.as_deref()),
        None => (None, None, None),
    };
    let application: Option<ApplicationId> = event.application;
    s.execute(
        sql!(
            "INSERT INTO audit_events (pool_id, id, category, kind, code, success, actor_kind,
            actor_id, actor_name, target_kind, target_id, target_name, application_id, session_id,
            ip, user_agent, request_id, detail, before, after, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
            $18, $19, $20, $21)"
        ),
        values![
            id,
            event.kind.category(),
            event.kind.text(),
            event.code,
            event.success,
            by.actor_kind,
            by.actor_id,
            by.actor_name,
            kind,
            target,
            label,
            application,
            by.session,
            by.ip,
            by.user_agent,
            by.request_id,
            &event.detail,
            &event.before,
            &event.after,
            by.now
        ],
    )
    .await
}
