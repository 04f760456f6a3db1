//! Reading roles.

use super::{RoleView, check_batch, check_lookup, rows, write};
use crate::cx::Cx;
use crate::namespaces::{self, Namespace};
use keystead_model::{Code, Error, Page, PageRequest, Permission, Result, UserId};
use keystead_store::role_assignments as assignments;
use keystead_store::row::Join;

/// The role of this code; the default namespace without one.
///
/// # Errors
/// `role.unknown`, `namespace.unknown`.
pub async fn get(cx: &mut Cx, namespace: Option<&str>, code: &str) -> Result<RoleView> {
    cx.require(Permission::RoleRead)?;
    let (role, namespace) = find(cx, namespace, code).await?;
    Ok(RoleView::new(role, &namespace))
}

/// One page of a namespace's roles, oldest first; a keyword keeps those whose code or name
/// contains it, in any case.
///
/// # Errors
/// `namespace.unknown`.
pub async fn list(
    cx: &mut Cx,
    namespace: Option<&str>,
    keyword: Option<&str>,
    page: PageRequest,
) -> Result<Page<RoleView>> {
    cx.require(Permission::RoleRead)?;
    let namespace = namespaces::get(cx, namespace, "namespace").await?;
    let pattern = containing(keyword.unwrap_or_default());
    let mut s = cx.store();
    let total = rows::total(&mut s, namespace.id, &pattern).await?;
    let found = rows::page(&mut s, namespace.id, &pattern, page.limit(), page.offset()).await?;
    let rows = found.into_iter().map(|role| RoleView::new(role, &namespace)).collect();
    Ok(Page { total, rows })
}

/// The roles that count for a user now: assigned directly, in date and switched on. Without a
/// namespace those of all but the administration's. The caller answers for who may know.
///
/// # Errors
/// `namespace.unknown`.
pub async fn of_user(cx: &mut Cx, user: UserId, namespace: Option<&str>) -> Result<Vec<RoleView>> {
    let wanted = match namespace {
        Some(code) => Some(namespaces::get(cx, Some(code), "namespace").await?.id),
        None => None,
    };
    let now = cx.now;
    let found = assignments::of_user(&mut cx.store(), user, now).await?;
    let counts = |role: &rows::Role, kind: &str| match wanted {
        Some(id) => role.namespace_id == id,
        None => kind != "system",
    };
    let kept = found.into_iter().filter(|Join(role, of)| counts(role, &of.kind));
    Ok(kept
        .map(|Join(role, of)| RoleView {
            role,
            namespace_name: of.name.unwrap_or_else(|| of.code.clone()),
            namespace: of.code,
        })
        .collect())
}

/// Whether one of these roles, as pairs of namespace (the default one without) and code, counts
/// for a user now. A role or namespace that is not there is nobody's.
///
/// # Errors
/// `field.invalid` for no role at all, for too many, and for a code that cannot be one.
pub async fn has_any(cx: &mut Cx, user: UserId, wanted: &[(Option<&str>, &str)]) -> Result<bool> {
    cx.require(Permission::RoleRead)?;
    check_batch(wanted.len(), "roles")?;
    for (n, (_, code)) in wanted.iter().enumerate() {
        check_lookup(code, &format!("roles[{n}].code"))?;
    }
    let now = cx.now;
    let held = assignments::of_user(&mut cx.store(), user, now).await?;
    let fits = |role: &rows::Role, of: &str| {
        let mut all = wanted.iter();
        all.any(|(space, code)| role.code == *code && of == space.unwrap_or(namespaces::DEFAULT))
    };
    Ok(held.iter().any(|Join(role, of)| fits(role, &of.code)))
}

/// What [`check`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// A role of this code and name can be created.
    Free,
    /// The code or the name breaks the rules, or is used; the code says which.
    Refused(Code),
}

/// Whether a role of this code and name could be created.
///
/// # Errors
/// `namespace.unknown`.
pub async fn check(
    cx: &mut Cx,
    namespace: Option<&str>,
    code: &str,
    name: Option<&str>,
) -> Result<Check> {
    cx.require(Permission::RoleRead)?;
    let namespace = namespaces::get(cx, namespace, "namespace").await?;
    if let Err(refused) = write::check_code(code, "code") {
        return Ok(Check::Refused(refused.code()));
    }
    if let Err(refused) = write::check_texts(name, None, "") {
        return Ok(Check::Refused(refused.code()));
    }
    let mut s = cx.store();
    if rows::by_code(&mut s, namespace.id, code).await?.is_some() {
        return Ok(Check::Refused(Code::RoleCodeTaken));
    }
    match name.filter(|name| !name.is_empty()) {
        Some(name) if rows::has_name(&mut s, namespace.id, name).await? => {
            Ok(Check::Refused(Code::RoleNameTaken))
        }
        _ => Ok(Check::Free),
    }
}

/// The role of this code with its namespace, whoever asks.
pub(crate) async fn find(
    cx: &mut Cx,
    namespace: Option<&str>,
    code: &str,
) -> Result<(rows::Role, Namespace)> {
    check_lookup(code, "code")?;
    let namespace = namespaces::get(cx, namespace, "namespace").await?;
    let role = rows::by_code(&mut cx.store(), namespace.id, code).await?;
    let role = role.ok_or_else(|| Error::new(Code::RoleUnknown).field("code"))?;
    Ok((role, namespace))
}

/// The pattern of texts that contain this one, in any case.
fn containing(keyword: &str) -> String {
    let mut pattern = String::from("%");
    for c in keyword.trim().chars().take(super::NAME_MAX) {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.extend(c.to_lowercase());
    }
    if pattern != "%" {
        pattern.push('%');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_taken_by_the_letter() {
        for (keyword, pattern) in
            [("", "%"), ("  ", "%"), ("Ed", "%ed%"), ("50%_!", "%50!%!_!!%"), ("编辑", "%编辑%")]
        {
            assert_eq!(containing(keyword), pattern, "{keyword}");
        }
    }
}
