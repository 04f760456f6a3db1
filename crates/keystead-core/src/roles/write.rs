//! Creating, changing and deleting roles.

use super::{RoleView, check_batch, check_lookup, read, rows};
use crate::cx::Cx;
use crate::namespaces::{self, Namespace};
use crate::subjects::{self, SubjectKind};
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, Millis, Permission, Result, RoleId,
};
use keystead_store::OnConflict;
use std::collections::{HashMap, HashSet};

/// What a new role is made of.
#[derive(Clone, Debug, Default)]
pub struct NewRole {
    /// Code of its namespace; the default one without.
    pub namespace: Option<String>,
    /// Its code.
    pub code: String,
    /// Its name; the code without.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// When it is switched off by itself.
    pub disable_at: Option<Millis>,
}

/// What changes of a role; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct RolePatch {
    /// Its code.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is switched on.
    pub enabled: Option<bool>,
    /// When it is switched off by itself; `Some(None)` means never.
    pub disable_at: Option<Option<Millis>>,
    /// Whether users may ask for it.
    pub is_applicable: Option<bool>,
}

/// Makes a role: of administration, when `admin`, else in a namespace that is not reserved.
///
/// # Errors
/// `role.code_invalid`, `role.code_taken`, `namespace.unknown`, `namespace.reserved`.
pub async fn create(cx: &mut Cx, new: NewRole, admin: bool) -> Result<RoleView> {
    cx.require(Permission::RoleCreate)?;
    check_code(&new.code, "code")?;
    check_texts(new.name.as_deref(), new.description.as_deref(), "")?;
    let code = if admin { Some(namespaces::SYSTEM) } else { new.namespace.as_deref() };
    let namespace = namespaces::get(cx, code, "namespace").await?;
    if !admin {
        open_to_all(&namespace, "namespace")?;
    }
    let role = insert(cx, &namespace, new, "code").await?;
    Ok(RoleView::new(role, &namespace))
}

/// Makes several roles, all or none.
///
/// # Errors
/// As [`create`], naming the row where there are several.
pub async fn create_all(cx: &mut Cx, list: Vec<NewRole>) -> Result<()> {
    cx.require(Permission::RoleCreate)?;
    check_batch(list.len(), "list")?;
    let alone = list.len() == 1;
    for (place, new) in list.iter().enumerate() {
        if alone && new.code.is_empty() {
            return Err(Code::RoleCodeEmpty.into());
        }
        // The only row needs no place.
        let field = if alone { "code".to_owned() } else { format!("list[{place}].code") };
        check_code(&new.code, &field)?;
        let texts = (new.name.as_deref(), new.description.as_deref());
        check_texts(texts.0, texts.1, &format!("list[{place}]."))?;
    }
    let mut known: HashMap<Option<String>, Namespace> = HashMap::new();
    for (place, new) in list.into_iter().enumerate() {
        let namespace = match known.get(&new.namespace) {
            Some(namespace) => namespace.clone(),
            None => {
                let field = format!("list[{place}].namespace");
                let found = namespaces::get(cx, new.namespace.as_deref(), &field).await?;
                open_to_all(&found, &field)?;
                known.insert(new.namespace.clone(), found.clone());
                found
            }
        };
        insert(cx, &namespace, new, &format!("list[{place}].code")).await?;
    }
    Ok(())
}

/// Changes a role.
///
/// # Errors
/// `role.unknown`, `role.code_invalid`, `role.code_taken` naming `newCode`.
pub async fn update(
    cx: &mut Cx,
    namespace: Option<&str>,
    code: &str,
    patch: RolePatch,
) -> Result<RoleView> {
    cx.require(Permission::RoleUpdate)?;
    let new_code = patch.code.filter(|code| !code.is_empty());
    if let Some(code) = &new_code {
        check_code(code, "newCode")?;
    }
    check_texts(patch.name.as_deref(), patch.description.as_deref(), "")?;
    let (mut role, namespace) = read::find(cx, namespace, code).await?;
    open_to_all(&namespace, "namespace")?;
    // Read again behind everybody who changes it at this moment.
    cx.store().serial(&format!("role {}", role.id)).await?;
    role = read::find(cx, Some(&namespace.code), code).await?.0;
    role.code = new_code.unwrap_or(role.code);
    role.name = patch.name.filter(|name| !name.is_empty()).unwrap_or(role.name);
    role.description = patch.description.or(role.description);
    if let Some(enabled) = patch.enabled {
        role.status = if enabled { "enabled" } else { "disabled" }.to_owned();
    }
    role.disable_at = patch.disable_at.unwrap_or(role.disable_at);
    role.is_applicable = patch.is_applicable.unwrap_or(role.is_applicable);
    role.updated_at = cx.now;
    rows::update(&mut cx.store(), &role)
        .await
        .on_conflict("roles_namespace_id_code_key", taken(&role.code, "newCode"))?;
    changed(cx, EventKind::RoleUpdated, role.id, &role.code);
    Ok(RoleView::new(role, &namespace))
}

/// Which role a row of a list means: namespace and code.
pub(super) struct Wanted<'a> {
    pub namespace: Option<&'a str>,
    pub code: &'a str,
}

/// Deletes roles, all or none; their assignments go with them. `field` is the list in the
/// request: `codeList`, or `roleList` whose rows name their namespaces.
///
/// # Errors
/// `role.unknown` naming the row; `namespace.unknown`, `namespace.reserved`.
pub async fn delete(
    cx: &mut Cx,
    wanted: &[(Option<String>, String)],
    field: &str,
    admin: bool,
) -> Result<()> {
    cx.require(Permission::RoleDelete)?;
    check_batch(wanted.len(), field)?;
    let list: Vec<Wanted<'_>> = wanted
        .iter()
        .map(|(namespace, code)| Wanted {
            namespace: if admin { Some(namespaces::SYSTEM) } else { namespace.as_deref() },
            code,
        })
        .collect();
    let found = find_all(cx, &list, field, !admin).await?;
    let mut done = HashSet::new();
    for role in found {
        if done.insert(role.id) {
            subjects::forget(cx, SubjectKind::Role, role.id.0).await?;
            rows::delete(&mut cx.store(), role.id).await?;
            changed(cx, EventKind::RoleDeleted, role.id, &role.code);
        }
    }
    Ok(())
}

/// The roles of a list, in its order; one text per namespace and some codes.
pub(super) async fn find_all(
    cx: &mut Cx,
    list: &[Wanted<'_>],
    field: &str,
    open_only: bool,
) -> Result<Vec<rows::Role>> {
    let plain = field == "codeList";
    let at = |place: usize, name: &str| match plain {
        true => format!("{field}[{place}]"),
        false => format!("{field}[{place}].{name}"),
    };
    let mut codes: Vec<(Namespace, Vec<&str>)> = Vec::new();
    for (place, wanted) in list.iter().enumerate() {
        check_lookup(wanted.code, &at(place, "code"))?;
        let name = wanted.namespace.filter(|n| !n.is_empty()).unwrap_or(namespaces::DEFAULT);
        if let Some((_, of)) = codes.iter_mut().find(|(namespace, _)| namespace.code == name) {
            of.push(wanted.code);
            continue;
        }
        let field = if plain { "namespace".to_owned() } else { at(place, "namespace") };
        let namespace = namespaces::get(cx, Some(name), &field).await?;
        if open_only {
            open_to_all(&namespace, &field)?;
        }
        codes.push((namespace, vec![wanted.code]));
    }
    let mut found: HashMap<(String, String), rows::Role> = HashMap::new();
    for (namespace, of) in &codes {
        for role in rows::by_codes(&mut cx.store(), namespace.id, of).await? {
            found.insert((namespace.code.clone(), role.code.clone()), role);
        }
    }
    let mut roles = Vec::with_capacity(list.len());
    for (place, wanted) in list.iter().enumerate() {
        let name = wanted.namespace.filter(|n| !n.is_empty()).unwrap_or(namespaces::DEFAULT);
        let role = found.get(&(name.to_owned(), wanted.code.to_owned()));
        let unknown = || Error::new(Code::RoleUnknown).field(at(place, "code"));
        roles.push(role.ok_or_else(unknown)?.clone());
    }
    Ok(roles)
}

/// Checks the code of a new role.
///
/// # Errors
/// `field.invalid` when it is empty or too long, `role.code_invalid`.
pub(super) fn check_code(code: &str, field: &str) -> Result<()> {
    check_lookup(code, field)?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if code.chars().all(fits) {
        return Ok(());
    }
    Err(Error::new(Code::RoleCodeInvalid).field(field.to_owned()).arg("code", code))
}

/// Checks name and description; `before` is what stands before their names in the request.
pub(super) fn check_texts(
    name: Option<&str>,
    description: Option<&str>,
    before: &str,
) -> Result<()> {
    for (field, text, max) in
        [("name", name, super::NAME_MAX), ("description", description, super::DESCRIPTION_MAX)]
    {
        if text.is_some_and(|text| text.chars().count() > max) {
            return Err(Error::new(Code::FieldInvalid)
                .field(format!("{before}{field}"))
                .arg("expected", format!("<= {max}")));
        }
    }
    Ok(())
}

async fn insert(
    cx: &mut Cx,
    namespace: &Namespace,
    new: NewRole,
    field: &str,
) -> Result<rows::Role> {
    let now = cx.now;
    let kind = if namespace.kind == "system" { "admin" } else { "business" };
    let role = rows::Role {
        id: cx.id()?,
        namespace_id: namespace.id,
        name: new.name.filter(|name| !name.is_empty()).unwrap_or_else(|| new.code.clone()),
        code: new.code,
        description: new.description,
        kind: kind.to_owned(),
        status: "enabled".to_owned(),
        disable_at: new.disable_at,
        is_applicable: false,
        created_at: now,
        updated_at: now,
    };
    rows::insert(&mut cx.store(), &role)
        .await
        .on_conflict("roles_namespace_id_code_key", taken(&role.code, field))?;
    changed(cx, EventKind::RoleCreated, role.id, &role.code);
    Ok(role)
}

/// Refuses the namespace of administration, whose roles have calls of their own.
fn open_to_all(namespace: &Namespace, field: &str) -> Result<()> {
    match namespace.kind.as_str() {
        "system" => Err(Error::new(Code::NamespaceReserved).field(field.to_owned())),
        _ => Ok(()),
    }
}

fn changed(cx: &mut Cx, event: EventKind, role: RoleId, code: &str) {
    let pool = cx.pool.id;
    cx.emit(Event::new(event).on("role", role, Some(code.to_owned())));
    cx.note(ChangeKind::Access, pool);
}

fn taken(code: &str, field: &str) -> Error {
    Error::new(Code::RoleCodeTaken).field(field.to_owned()).arg("code", code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_letters_digits_and_two_marks() {
        let long = "1".repeat(65);
        for (code, want) in [
            ("admin", None),
            ("A-b_9", None),
            ("1".repeat(64).as_str(), None),
            ("", Some(Code::FieldInvalid)),
            (long.as_str(), Some(Code::FieldInvalid)),
            (" ", Some(Code::RoleCodeInvalid)),
            ("额! ", Some(Code::RoleCodeInvalid)),
            ("a/b", Some(Code::RoleCodeInvalid)),
            ("a\u{0}", Some(Code::RoleCodeInvalid)),
        ] {
            let refused = check_code(code, "code").err();
            assert_eq!(refused.as_ref().map(Error::code), want, "{code}");
            assert!(refused.is_none_or(|error| error.field_name() == Some("code")), "{code}");
        }
    }
}
