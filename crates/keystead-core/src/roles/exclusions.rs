//! Mutual exclusion: pairs of roles that nobody may have both of (pool setting).

use super::rows;
use super::write::{Wanted, find_all};
use crate::cx::Cx;
use crate::namespaces;
use crate::subjects::{Subject, SubjectKind};
use keystead_model::{Code, Error, Id, Permission, Result, RoleId};
use keystead_store::role_assignments as assignments;
use std::collections::{HashMap, HashSet};

/// A role as a request names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleName {
    /// Code of its namespace; the default one without.
    pub namespace: Option<String>,
    /// Its code.
    pub code: String,
    /// Whether it stands in a list, so that a refusal names its place.
    pub listed: bool,
}

/// Whether two of these roles exclude each other.
///
/// # Errors
/// `role.unknown`, `namespace.unknown`.
pub async fn exclusive(cx: &mut Cx, roles: &[RoleName]) -> Result<bool> {
    cx.require(Permission::RoleRead)?;
    super::check_batch(roles.len(), "roles")?;
    let list: Vec<Wanted<'_>> = roles
        .iter()
        .map(|role| Wanted { namespace: role.namespace.as_deref(), code: &role.code })
        .collect();
    let found = find_all(cx, &list, "roles", false).await?;
    let ids: HashSet<RoleId> = found.iter().map(|role| role.id).collect();
    let pairs = pairs(cx).await?;
    Ok(pairs.iter().any(|(a, b)| ids.contains(&a.id) && ids.contains(&b.id)))
}

/// Refuses roles that exclude each other, or one that a subject has or will have.
pub(super) async fn forbid(cx: &mut Cx, roles: &[rows::Role], subjects: &[Subject]) -> Result<()> {
    let pairs = pairs(cx).await?;
    let new: HashSet<RoleId> = roles.iter().map(|role| role.id).collect();
    let touched: Vec<_> =
        pairs.iter().filter(|(a, b)| new.contains(&a.id) || new.contains(&b.id)).collect();
    if touched.is_empty() {
        return Ok(());
    }
    // Two assignments at once would each not see the other.
    cx.store().serial("role exclusions").await?;
    let users: Vec<Id> =
        subjects.iter().filter(|s| s.kind == SubjectKind::User).map(|s| s.id).collect();
    let mut held: HashMap<Id, HashSet<RoleId>> = HashMap::new();
    for (user, role) in assignments::held_by(&mut cx.store(), &users).await? {
        held.entry(user).or_default().insert(role);
    }
    for (place, subject) in subjects.iter().enumerate() {
        let has = held.get(&subject.id);
        let will = |id: RoleId| new.contains(&id) || has.is_some_and(|has| has.contains(&id));
        if let Some((a, b)) = touched.iter().find(|(a, b)| will(a.id) && will(b.id)) {
            return Err(Error::new(Code::RoleExclusive)
                .field(format!("targets[{place}]"))
                .arg("role", &a.code)
                .arg("other", &b.code));
        }
    }
    Ok(())
}

/// The pairs of the setting, as far as their roles exist.
async fn pairs(cx: &mut Cx) -> Result<Vec<(rows::Role, rows::Role)>> {
    let named = cx.settings().role_exclusions.clone();
    let mut pairs = Vec::new();
    for (a, b) in named.iter().filter_map(|pair| pair.split_once(' ')) {
        if let (Some(a), Some(b)) = (by_name(cx, a).await?, by_name(cx, b).await?) {
            pairs.push((a, b));
        }
    }
    Ok(pairs)
}

/// The role of `namespace/code`, or of a code in the default namespace.
async fn by_name(cx: &mut Cx, name: &str) -> Result<Option<rows::Role>> {
    let (namespace, code) = name.split_once('/').unwrap_or((namespaces::DEFAULT, name));
    let mut s = cx.store();
    match keystead_store::namespaces::by_code(&mut s, namespace).await? {
        Some(namespace) => Ok(rows::by_code(&mut s, namespace.id, code).await?),
        None => Ok(None),
    }
}
