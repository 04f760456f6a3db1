//! Pages of the audit log, newest first.
//!
//! One text for each index that can lead, since no planner picks one for a condition that may be
//! absent. A search reaches the newest [`REACH`] events that fit: so no filter counts or skips
//! through a log of millions, and whoever looks for older ones names a time.

use crate::row::{Join, Join3};
use crate::{Result, Scoped, row, sql, values};
use keystead_model::{AuditEventId, Millis, UserId};
use serde_json::Value;

/// How many events a search reaches; the total stops there.
pub const REACH: i64 = 10_000;

row! { audit_events;
    /// An event.
    pub struct AuditEvent {
        pub id: AuditEventId,
        pub category: String,
        pub kind: String,
        pub code: Option<String>,
        pub success: bool,
        pub actor_kind: String,
        pub actor_id: Option<String>,
        pub actor_name: Option<String>,
        pub target_kind: Option<String>,
        pub target_id: Option<String>,
        pub target_name: Option<String>,
        pub ip: Option<String>,
        pub place: Option<Value>,
        pub user_agent: Option<String>,
        pub request_id: String,
        pub detail: Option<Value>,
        pub before: Option<Value>,
        pub after: Option<Value>,
        pub created_at: Millis,
    }
}

row! {
    /// The user an event is about, while there is one; of an administrator's event who did it.
    pub struct EventUser {
        pub id: Option<UserId>,
        pub nickname: Option<String>,
        pub username: Option<String>,
        pub name: Option<String>,
        pub given_name: Option<String>,
        pub family_name: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub photo: Option<String>,
    }
}

row! {
    /// How often that user signed in.
    pub struct EventLogins {
        pub logins: Option<i64>,
    }
}

row! {
    /// The application an event went through, while there is one.
    pub struct EventApplication {
        pub client_id: Option<String>,
        pub name: Option<String>,
        pub logo: Option<String>,
        pub login_uri: Option<String>,
    }
}

row! {
    /// How many events fit, [`REACH`] at most.
    pub struct Found {
        pub total: i64,
    }
}

/// An event with what its ids stand for.
pub type Located = Join<Join<Found, AuditEvent>, Join3<EventUser, EventLogins, EventApplication>>;

/// Which index leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// That of categories.
    Category,
    /// That of actors.
    Actor,
    /// That of targets.
    Target,
    /// That of applications.
    Application,
    /// That of requests.
    Request,
}

/// The time of events, both ends included: by the clock that is stored, and by ids, which an index
/// sorts.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// From this time on.
    pub from: Millis,
    /// Up to this time.
    pub until: Millis,
    /// From this id on.
    pub from_id: String,
    /// Up to this id.
    pub until_id: String,
}

/// What events must have.
#[derive(Clone, Debug)]
pub struct Filter<'a> {
    /// Their category.
    pub category: &'a str,
    /// When they happened.
    pub bounds: &'a Bounds,
    /// One of these kinds, each between commas: `,a,b,`.
    pub kinds: Option<&'a str>,
    /// Whether they succeeded.
    pub success: Option<bool>,
    /// The address they came from.
    pub ip: Option<&'a str>,
    /// The row's id of their application.
    pub application: Option<&'a str>,
    /// Who acted.
    pub actor: Option<&'a str>,
    /// What they happened to.
    pub target: Option<&'a str>,
    /// The request they came with.
    pub request: Option<&'a str>,
}

impl Filter<'_> {
    /// The index that leads to the fewest events.
    #[must_use]
    pub const fn by(&self) -> By {
        match self {
            Self { request: Some(_), .. } => By::Request,
            Self { target: Some(_), .. } => By::Target,
            Self { actor: Some(_), .. } => By::Actor,
            Self { application: Some(_), .. } => By::Application,
            _ => By::Category,
        }
    }
}

/// A page of events, newest first, each with the total; no row on a page behind the last.
///
/// # Errors
/// A fault of the store.
pub async fn page(
    s: &mut Scoped<'_>,
    filter: &Filter<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Located>> {
    let text = match filter.by() {
        By::Category => texts::BY_CATEGORY,
        By::Actor => texts::BY_ACTOR,
        By::Target => texts::BY_TARGET,
        By::Application => texts::BY_APPLICATION,
        By::Request => texts::BY_REQUEST,
    };
    let Bounds { from, until, from_id, until_id } = filter.bounds;
    s.list(
        text,
        values![
            filter.category,
            from_id,
            until_id,
            from,
            until,
            filter.kinds,
            filter.success,
            filter.ip,
            filter.application,
            filter.actor,
            filter.target,
            filter.request,
            limit,
            offset
        ],
    )
    .await
}

/// The same search, led by each of the indexes.
mod texts {
    use super::{AuditEvent, EventApplication, EventLogins, EventUser, Found, sql};

    pub const BY_CATEGORY: &str = sql!(
        "SELECT {p.Found}, {e.AuditEvent}, {u.EventUser}, {a.EventLogins},
        {c.EventApplication}
        FROM (SELECT id AS page_id, count(*) OVER () AS total FROM (
                SELECT id FROM audit_events WHERE pool_id = $1 AND category = $2
                AND id BETWEEN $3 AND $4 AND created_at BETWEEN $5 AND $6
                AND (CAST($7 AS TEXT) IS NULL OR CAST($7 AS TEXT) LIKE '%,' || kind || ',%')
                AND (CAST($8 AS BOOLEAN) IS NULL OR success = CAST($8 AS BOOLEAN))
                AND (CAST($9 AS TEXT) IS NULL OR ip = CAST($9 AS TEXT))
                AND (CAST($10 AS TEXT) IS NULL OR application_id = CAST($10 AS TEXT))
                AND (CAST($11 AS TEXT) IS NULL OR actor_id = CAST($11 AS TEXT))
                AND (CAST($12 AS TEXT) IS NULL OR target_id = CAST($12 AS TEXT))
                AND (CAST($13 AS TEXT) IS NULL OR request_id = CAST($13 AS TEXT))
                ORDER BY id DESC LIMIT 10000) f
            ORDER BY id DESC LIMIT $14 OFFSET $15) p
        JOIN audit_events e ON e.pool_id = $1 AND e.id = p.page_id
        LEFT JOIN users u ON u.pool_id = $1 AND u.id = CASE WHEN e.category = 'user'
            AND e.target_kind = 'user' THEN e.target_id ELSE e.actor_id END
        LEFT JOIN user_activity a ON a.pool_id = $1 AND a.user_id = u.id
        LEFT JOIN applications c ON c.pool_id = $1 AND c.id = e.application_id
        ORDER BY e.id DESC",
        Found,
        AuditEvent,
        EventUser,
        EventLogins,
        EventApplication
    );

    pub const BY_ACTOR: &str = sql!(
        "SELECT {p.Found}, {e.AuditEvent}, {u.EventUser}, {a.EventLogins},
        {c.EventApplication}
        FROM (SELECT id AS page_id, count(*) OVER () AS total FROM (
                SELECT id FROM audit_events WHERE pool_id = $1
                AND actor_id = CAST($11 AS TEXT)
                AND category = $2
                AND id BETWEEN $3 AND $4 AND created_at BETWEEN $5 AND $6
                AND (CAST($7 AS TEXT) IS NULL OR CAST($7 AS TEXT) LIKE '%,' || kind || ',%')
                AND (CAST($8 AS BOOLEAN) IS NULL OR success = CAST($8 AS BOOLEAN))
                AND (CAST($9 AS TEXT) IS NULL OR ip = CAST($9 AS TEXT))
                AND (CAST($10 AS TEXT) IS NULL OR application_id = CAST($10 AS TEXT))
                AND (CAST($11 AS TEXT) IS NULL OR actor_id = CAST($11 AS TEXT))
                AND (CAST($12 AS TEXT) IS NULL OR target_id = CAST($12 AS TEXT))
                AND (CAST($13 AS TEXT) IS NULL OR request_id = CAST($13 AS TEXT))
                ORDER BY id DESC LIMIT 10000) f
            ORDER BY id DESC LIMIT $14 OFFSET $15) p
        JOIN audit_events e ON e.pool_id = $1 AND e.id = p.page_id
        LEFT JOIN users u ON u.pool_id = $1 AND u.id = CASE WHEN e.category = 'user'
            AND e.target_kind = 'user' THEN e.target_id ELSE e.actor_id END
        LEFT JOIN user_activity a ON a.pool_id = $1 AND a.user_id = u.id
        LEFT JOIN applications c ON c.pool_id = $1 AND c.id = e.application_id
        ORDER BY e.id DESC",
        Found,
        AuditEvent,
        EventUser,
        EventLogins,
        EventApplication
    );

    pub const BY_TARGET: &str = sql!(
        "SELECT {p.Found}, {e.AuditEvent}, {u.EventUser}, {a.EventLogins},
        {c.EventApplication}
        FROM (SELECT id AS page_id, count(*) OVER () AS total FROM (
                SELECT id FROM audit_events WHERE pool_id = $1
                AND target_id = CAST($12 AS TEXT)
                AND category = $2
                AND id BETWEEN $3 AND $4 AND created_at BETWEEN $5 AND $6
                AND (CAST($7 AS TEXT) IS NULL OR CAST($7 AS TEXT) LIKE '%,' || kind || ',%')
                AND (CAST($8 AS BOOLEAN) IS NULL OR success = CAST($8 AS BOOLEAN))
                AND (CAST($9 AS TEXT) IS NULL OR ip = CAST($9 AS TEXT))
                AND (CAST($10 AS TEXT) IS NULL OR application_id = CAST($10 AS TEXT))
                AND (CAST($11 AS TEXT) IS NULL OR actor_id = CAST($11 AS TEXT))
                AND (CAST($12 AS TEXT) IS NULL OR target_id = CAST($12 AS TEXT))
                AND (CAST($13 AS TEXT) IS NULL OR request_id = CAST($13 AS TEXT))
                ORDER BY id DESC LIMIT 10000) f
            ORDER BY id DESC LIMIT $14 OFFSET $15) p
        JOIN audit_events e ON e.pool_id = $1 AND e.id = p.page_id
        LEFT JOIN users u ON u.pool_id = $1 AND u.id = CASE WHEN e.category = 'user'
            AND e.target_kind = 'user' THEN e.target_id ELSE e.actor_id END
        LEFT JOIN user_activity a ON a.pool_id = $1 AND a.user_id = u.id
        LEFT JOIN applications c ON c.pool_id = $1 AND c.id = e.application_id
        ORDER BY e.id DESC",
        Found,
        AuditEvent,
        EventUser,
        EventLogins,
        EventApplication
    );

    pub const BY_APPLICATION: &str = sql!(
        "SELECT {p.Found}, {e.AuditEvent}, {u.EventUser}, {a.EventLogins},
        {c.EventApplication}
        FROM (SELECT id AS page_id, count(*) OVER () AS total FROM (
                SELECT id FROM audit_events WHERE pool_id = $1
                AND application_id = CAST($10 AS TEXT)
                AND category = $2
                AND id BETWEEN $3 AND $4 AND created_at BETWEEN $5 AND $6
                AND (CAST($7 AS TEXT) IS NULL OR CAST($7 AS TEXT) LIKE '%,' || kind || ',%')
                AND (CAST($8 AS BOOLEAN) IS NULL OR success = CAST($8 AS BOOLEAN))
                AND (CAST($9 AS TEXT) IS NULL OR ip = CAST($9 AS TEXT))
                AND (CAST($10 AS TEXT) IS NULL OR application_id = CAST($10 AS TEXT))
                AND (CAST($11 AS TEXT) IS NULL OR actor_id = CAST($11 AS TEXT))
                AND (CAST($12 AS TEXT) IS NULL OR target_id = CAST($12 AS TEXT))
                AND (CAST($13 AS TEXT) IS NULL OR request_id = CAST($13 AS TEXT))
                ORDER BY id DESC LIMIT 10000) f
            ORDER BY id DESC LIMIT $14 OFFSET $15) p
        JOIN audit_events e ON e.pool_id = $1 AND e.id = p.page_id
        LEFT JOIN users u ON u.pool_id = $1 AND u.id = CASE WHEN e.category = 'user'
            AND e.target_kind = 'user' THEN e.target_id ELSE e.actor_id END
        LEFT JOIN user_activity a ON a.pool_id = $1 AND a.user_id = u.id
        LEFT JOIN applications c ON c.pool_id = $1 AND c.id = e.application_id
        ORDER BY e.id DESC",
        Found,
        AuditEvent,
        EventUser,
        EventLogins,
        EventApplication
    );

    pub const BY_REQUEST: &str = sql!(
        "SELECT {p.Found}, {e.AuditEvent}, {u.EventUser}, {a.EventLogins},
        {c.EventApplication}
        FROM (SELECT id AS page_id, count(*) OVER () AS total FROM (
                SELECT id FROM audit_events WHERE pool_id = $1
                AND request_id = CAST($13 AS TEXT)
                AND category = $2
                AND id BETWEEN $3 AND $4 AND created_at BETWEEN $5 AND $6
                AND (CAST($7 AS TEXT) IS NULL OR CAST($7 AS TEXT) LIKE '%,' || kind || ',%')
                AND (CAST($8 AS BOOLEAN) IS NULL OR success = CAST($8 AS BOOLEAN))
                AND (CAST($9 AS TEXT) IS NULL OR ip = CAST($9 AS TEXT))
                AND (CAST($10 AS TEXT) IS NULL OR application_id = CAST($10 AS TEXT))
                AND (CAST($11 AS TEXT) IS NULL OR actor_id = CAST($11 AS TEXT))
                AND (CAST($12 AS TEXT) IS NULL OR target_id = CAST($12 AS TEXT))
                AND (CAST($13 AS TEXT) IS NULL OR request_id = CAST($13 AS TEXT))
                ORDER BY id DESC LIMIT 10000) f
            ORDER BY id DESC LIMIT $14 OFFSET $15) p
        JOIN audit_events e ON e.pool_id = $1 AND e.id = p.page_id
        LEFT JOIN users u ON u.pool_id = $1 AND u.id = CASE WHEN e.category = 'user'
            AND e.target_kind = 'user' THEN e.target_id ELSE e.actor_id END
        LEFT JOIN user_activity a ON a.pool_id = $1 AND a.user_id = u.id
        LEFT JOIN applications c ON c.pool_id = $1 AND c.id = e.application_id
        ORDER BY e.id DESC",
        Found,
        AuditEvent,
        EventUser,
        EventLogins,
        EventApplication
    );
}
