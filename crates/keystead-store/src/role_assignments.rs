//! Role assignments: who has a role, from when until when.

use crate::roles::Role;
use crate::row::Join;
use crate::users::{User, UserActivity, UserFacts, UserSecurity};
use crate::{Result, Scoped, Value, row, sql, values};
use keystead_model::{Id, Millis, RoleAssignmentId, RoleId, UserId};

row! { role_assignments;
    /// An assignment of a role to a subject, for all tenants.
    pub struct Assignment {
        pub id: RoleAssignmentId,
        pub role_id: RoleId,
        pub subject_kind: String,
        pub subject_id: Id,
        pub starts_at: Option<Millis>,
        pub ends_at: Option<Millis>,
        pub created_at: Millis,
    }
}

row! { namespaces;
    /// What answers say of a role's namespace.
    pub struct NamespaceName {
        pub code: String,
        pub name: Option<String>,
        pub kind: String,
    }
}

/// A role with its namespace.
pub type RoleOfSubject = Join<Role, NamespaceName>;

/// The most roles that are looked at of one subject.
pub const MOST: i64 = 1_000;

/// Assigns a role to a subject. Who has it already keeps it, with these dates; a role that is gone
/// is not assigned: the count is 0.
///
/// # Errors
/// A fault of the store.
pub async fn assign(s: &mut Scoped<'_>, new: &Assignment) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO role_assignments (pool_id, id, role_id, subject_kind, subject_id,
                starts_at, ends_at, created_at)
              SELECT $1, $2, r.id, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT),
                CAST($8 AS BIGINT)
              FROM roles r WHERE r.pool_id = $1 AND r.id = $3
              ON CONFLICT (role_id, subject_kind, subject_id) WHERE tenant_id IS NULL
              DO UPDATE SET starts_at = excluded.starts_at, ends_at = excluded.ends_at"
        ),
        values![
            new.id,
            new.role_id,
            &new.subject_kind,
            new.subject_id,
            new.starts_at,
            new.ends_at,
            new.created_at
        ],
    )
    .await
}

/// Takes a role from a subject: 0 when it did not have it.
///
/// # Errors
/// A fault of the store.
pub async fn revoke(s: &mut Scoped<'_>, role: RoleId, kind: &str, subject: Id) -> Result<u64> {
    s.execute(
        sql!(
            "DELETE FROM role_assignments WHERE pool_id = $1 AND role_id = $2
              AND subject_kind = $3 AND subject_id = $4 AND tenant_id IS NULL"
        ),
        values![role, kind, subject],
    )
    .await
}

/// One page of the assignments of a role to subjects of these kinds, oldest first, whatever their
/// dates.
///
/// # Errors
/// A fault of the store.
pub async fn page(
    s: &mut Scoped<'_>,
    role: RoleId,
    kinds: [&str; 3],
    limit: i64,
    offset: i64,
) -> Result<Vec<Assignment>> {
    let [a, b, c] = kinds;
    let text = sql!(
        "SELECT {Assignment} FROM role_assignments WHERE pool_id = $1 AND role_id = $2
          AND subject_kind IN ($3, $4, $5) AND tenant_id IS NULL
          ORDER BY id LIMIT $6 OFFSET $7",
        Assignment
    );
    s.list(text, values![role, a, b, c, limit, offset]).await
}

/// How many assignments [`page`] has.
///
/// # Errors
/// A fault of the store.
pub async fn total(s: &mut Scoped<'_>, role: RoleId, kinds: [&str; 3]) -> Result<i64> {
    let [a, b, c] = kinds;
    let text = sql!(
        "SELECT count(*) FROM role_assignments WHERE pool_id = $1 AND role_id = $2
          AND subject_kind IN ($3, $4, $5) AND tenant_id IS NULL"
    );
    Ok(s.one::<(i64,)>(text, values![role, a, b, c]).await?.0)
}

/// One page of the users who have a role now, in the order in which they got it.
///
/// # Errors
/// A fault of the store.
pub async fn members(
    s: &mut Scoped<'_>,
    role: RoleId,
    now: Millis,
    limit: i64,
    offset: i64,
) -> Result<Vec<UserFacts>> {
    let text = sql!(
        "SELECT {u.User}, {a.UserActivity}, {c.UserSecurity} FROM (
            SELECT id AS page_id, subject_id AS page_user FROM role_assignments
              WHERE pool_id = $1 AND role_id = $2 AND subject_kind = 'user' AND tenant_id IS NULL
              AND (starts_at IS NULL OR starts_at <= $3) AND (ends_at IS NULL OR ends_at > $3)
              ORDER BY id LIMIT $4 OFFSET $5) p
        JOIN users u ON u.id = p.page_user JOIN user_activity a ON a.user_id = u.id
        JOIN user_security c ON c.user_id = u.id ORDER BY p.page_id",
        User,
        UserActivity,
        UserSecurity
    );
    s.list(text, values![role, now, limit, offset]).await
}

/// How many users have a role now.
///
/// # Errors
/// A fault of the store.
pub async fn total_of_members(s: &mut Scoped<'_>, role: RoleId, now: Millis) -> Result<i64> {
    let text = sql!(
        "SELECT count(*) FROM role_assignments
          WHERE pool_id = $1 AND role_id = $2 AND subject_kind = 'user' AND tenant_id IS NULL
          AND (starts_at IS NULL OR starts_at <= $3) AND (ends_at IS NULL OR ends_at > $3)"
    );
    Ok(s.one::<(i64,)>(text, values![role, now]).await?.0)
}

/// The roles that count for a user now: assigned directly, in date, switched on; at most
/// [`MOST`], the oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn of_user(s: &mut Scoped<'_>, user: UserId, now: Millis) -> Result<Vec<RoleOfSubject>> {
    let text = sql!(
        "SELECT {r.Role}, {n.NamespaceName} FROM role_assignments a
        JOIN roles r ON r.id = a.role_id JOIN namespaces n ON n.id = r.namespace_id
        WHERE a.pool_id = $1 AND a.subject_kind = 'user' AND a.subject_id = $2
          AND a.tenant_id IS NULL
          AND (a.starts_at IS NULL OR a.starts_at <= $3) AND (a.ends_at IS NULL OR a.ends_at > $3)
          AND r.status = 'enabled' AND (r.disable_at IS NULL OR r.disable_at > $3)
        ORDER BY a.id LIMIT $4",
        Role,
        NamespaceName
    );
    s.list(text, values![user, now, MOST]).await
}

/// Every role that these users have or will have, as pairs of user and role.
///
/// # Errors
/// A fault of the store.
pub async fn held_by(s: &mut Scoped<'_>, users: &[Id]) -> Result<Vec<(Id, RoleId)>> {
    let text = sql!(
        "SELECT subject_id, role_id FROM role_assignments
          WHERE pool_id = $1 AND subject_kind = 'user' AND tenant_id IS NULL AND subject_id IN
            ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
            $20, $21)"
    );
    let mut found = Vec::new();
    for chunk in users.chunks(crate::subjects::IDS) {
        found.extend(s.list::<(Id, RoleId)>(text, &padded(chunk)).await?);
    }
    Ok(found)
}

/// The ids as values, filled up to [`crate::subjects::IDS`] with a text that is no id.
pub(crate) fn padded(ids: &[Id]) -> Vec<Value<'static>> {
    let mut values: Vec<_> = ids.iter().map(|id| Value::from(*id)).collect();
    values.resize(crate::subjects::IDS, Value::from(""));
    values
}
