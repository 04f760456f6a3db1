//! Assigning and revoking roles.

use super::exclusions;
use super::write::{Wanted, find_all};
use super::{check_batch, rows};
use crate::cx::Cx;
use crate::namespaces;
use crate::roles::exclusions::RoleName;
use crate::subjects::{self, Named, Subject};
use keystead_model::{ChangeKind, Code, Error, Event, EventKind, Millis, Permission, Result};
use keystead_store::role_assignments::{self as assignments, Assignment};

/// From when until when an assignment counts; open where `None`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dates {
    /// The first instant.
    pub starts_at: Option<Millis>,
    /// The instant after the last.
    pub ends_at: Option<Millis>,
}

/// Gives each of the roles to each of the subjects, all or none. Who has a role already keeps it,
/// with the new dates.
///
/// # Errors
/// What names a role, a namespace or a subject that is not there, with its place; `field.invalid`
/// for dates that leave no time; `role.exclusive`.
pub async fn assign(
    cx: &mut Cx,
    roles: &[RoleName],
    targets: &[Named],
    dates: Dates,
) -> Result<()> {
    cx.require(Permission::RoleAssign)?;
    let now = cx.now;
    let from = dates.starts_at.unwrap_or(now);
    if dates.ends_at.is_some_and(|end| end <= from || end <= now) {
        return Err(Error::new(Code::FieldInvalid)
            .field("endTime")
            .arg("expected", "> enableTime, > now"));
    }
    let (roles, subjects) = find(cx, roles, targets).await?;
    exclusions::forbid(cx, &roles, &subjects).await?;
    for role in &roles {
        for subject in &subjects {
            let new = Assignment {
                id: cx.id()?,
                role_id: role.id,
                subject_kind: subject.kind.text().to_owned(),
                subject_id: subject.id,
                starts_at: dates.starts_at,
                ends_at: dates.ends_at,
                created_at: now,
            };
            if assignments::assign(&mut cx.store(), &new).await? == 0 {
                // Deleted since it was looked up.
                return Err(Error::new(Code::RoleUnknown).field("code"));
            }
            changed(cx, EventKind::RoleAssigned, role, subject);
        }
    }
    Ok(())
}

/// Takes each of the roles from each of the subjects, all or none; who does not have one is
/// passed over.
///
/// # Errors
/// What names a role, a namespace or a subject that is not there, with its place.
pub async fn revoke(cx: &mut Cx, roles: &[RoleName], targets: &[Named]) -> Result<()> {
    cx.require(Permission::RoleAssign)?;
    let (roles, subjects) = find(cx, roles, targets).await?;
    for role in &roles {
        for subject in &subjects {
            let (kind, id) = (subject.kind.text(), subject.id);
            if assignments::revoke(&mut cx.store(), role.id, kind, id).await? > 0 {
                changed(cx, EventKind::RoleRevoked, role, subject);
            }
        }
    }
    Ok(())
}

/// Roles and subjects of one call. A single role answers in the words of single roles.
async fn find(
    cx: &mut Cx,
    roles: &[RoleName],
    targets: &[Named],
) -> Result<(Vec<rows::Role>, Vec<Subject>)> {
    check_batch(targets.len(), "targets")?;
    check_batch(roles.len(), "roles")?;
    check_batch(roles.len().saturating_mul(targets.len()), "targets")?;
    let found = match roles {
        [RoleName { namespace, code, listed: false }] => {
            let (role, _) = super::read::find(cx, namespace.as_deref(), code).await?;
            vec![role]
        }
        _ => {
            let list: Vec<Wanted<'_>> = roles
                .iter()
                .map(|role| Wanted {
                    namespace: role.namespace.as_deref().or(Some(namespaces::DEFAULT)),
                    code: &role.code,
                })
                .collect();
            find_all(cx, &list, "roles", false).await?
        }
    };
    let subjects = subjects::resolve(cx, targets, "targets").await?;
    Ok((found, subjects))
}

fn changed(cx: &mut Cx, event: EventKind, role: &rows::Role, subject: &Subject) {
    let (kind, id) = (subject.kind.text(), subject.id.to_string());
    cx.emit(
        Event::new(event)
            .on("role", role.id, Some(role.code.clone()))
            .detail(serde_json::json!({"subject_kind": kind, "subject_id": id})),
    );
    cx.note(ChangeKind::Access, id);
}
