//! Who has a role: users, departments, and every assignment with its dates.

use super::{RoleView, read};
use crate::cx::Cx;
use crate::subjects::SubjectKind;
use crate::users::UserView;
use keystead_model::{Page, PageRequest, Permission, Result};
use keystead_store::role_assignments::{self as rows, Assignment};

/// One page of the users who have a role now, in the order in which they got it.
///
/// # Errors
/// `role.unknown`, `namespace.unknown`.
pub async fn members(
    cx: &mut Cx,
    namespace: Option<&str>,
    code: &str,
    page: PageRequest,
) -> Result<Page<UserView>> {
    cx.require(Permission::RoleRead)?;
    let (role, _) = read::find(cx, namespace, code).await?;
    let now = cx.now;
    let mut s = cx.store();
    let total = rows::total_of_members(&mut s, role.id, now).await?;
    let found = rows::members(&mut s, role.id, now, page.limit(), page.offset()).await?;
    Ok(Page { total, rows: found.into_iter().map(UserView::from).collect() })
}

/// How many departments have a role. No pool has departments yet, and an assignment to one is
/// refused, so there are none to list.
///
/// # Errors
/// `role.unknown`, `namespace.unknown`.
pub async fn departments(cx: &mut Cx, namespace: Option<&str>, code: &str) -> Result<i64> {
    cx.require(Permission::RoleRead)?;
    let (role, _) = read::find(cx, namespace, code).await?;
    let kinds = [SubjectKind::Department.text(); 3];
    Ok(rows::total(&mut cx.store(), role.id, kinds).await?)
}

/// An assignment as lists show it.
#[derive(Clone, Debug)]
pub struct AssignmentView {
    /// The assignment.
    pub assignment: Assignment,
    /// Whether it counts now.
    pub in_date: bool,
}

/// One page of a role's assignments to subjects of these kinds (to all, without), oldest first,
/// whatever their dates; and the role. A query keeps all or none: it is looked for in the role's
/// own code and name.
///
/// # Errors
/// `role.unknown`, `namespace.unknown`.
pub async fn assignments(
    cx: &mut Cx,
    filter: &AssignmentFilter<'_>,
    page: PageRequest,
) -> Result<(RoleView, Page<AssignmentView>)> {
    cx.require(Permission::RoleRead)?;
    let (role, namespace) = read::find(cx, filter.namespace, filter.code).await?;
    let query = filter.query.unwrap_or_default().trim().to_lowercase();
    let fits = [&role.code, &role.name].iter().any(|text| text.to_lowercase().contains(&query));
    let view = RoleView::new(role, &namespace);
    if !fits {
        return Ok((view, Page { total: 0, rows: Vec::new() }));
    }
    let all = [SubjectKind::User, SubjectKind::Group, SubjectKind::Department];
    let mut kinds = all.map(SubjectKind::text);
    if !filter.kinds.is_empty() {
        kinds = all.map(|kind| if filter.kinds.contains(&kind) { kind.text() } else { "" });
    }
    let now = cx.now;
    let mut s = cx.store();
    let total = rows::total(&mut s, view.role.id, kinds).await?;
    let found = rows::page(&mut s, view.role.id, kinds, page.limit(), page.offset()).await?;
    let rows = found.into_iter().map(|assignment| AssignmentView {
        in_date: assignment.starts_at.is_none_or(|at| at <= now)
            && assignment.ends_at.is_none_or(|at| now < at),
        assignment,
    });
    Ok((view, Page { total, rows: rows.collect() }))
}

/// Which assignments to list.
#[derive(Clone, Debug, Default)]
pub struct AssignmentFilter<'a> {
    /// Code of the role's namespace; the default one without.
    pub namespace: Option<&'a str>,
    /// The role's code.
    pub code: &'a str,
    /// Kinds of subjects; all without.
    pub kinds: Vec<SubjectKind>,
    /// Looked for in the role's code and name.
    pub query: Option<&'a str>,
}

/// Checks that a role is there whose authorised resources are asked for. Nothing can be authorised
/// yet, so none has any.
///
/// # Errors
/// `role.unknown`, `namespace.unknown`.
pub async fn authorized_resources(cx: &mut Cx, namespace: Option<&str>, code: &str) -> Result<()> {
    cx.require(Permission::RoleRead)?;
    read::find(cx, namespace, code).await.map(|_| ())
}
