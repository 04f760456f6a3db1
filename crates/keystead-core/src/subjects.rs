//! Subjects: whoever can be given a role, named by a kind and a text.

use crate::cx::Cx;
use keystead_model::{Code, Error, Id, Result};
use keystead_store::subjects as rows;
use std::collections::HashMap;

/// What kind of thing a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubjectKind {
    /// A user, named by their id.
    User,
    /// A group, named by its code.
    Group,
    /// A department, named by its id.
    Department,
    /// A role; it can be forgotten, but nothing is given to it.
    Role,
}

impl SubjectKind {
    /// The text in `subject_kind` columns.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Department => "department",
            Self::Role => "role",
        }
    }
}

/// A subject as a caller names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub kind: SubjectKind,
    /// Its id, or a group's code.
    pub text: String,
}

/// A subject that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Its id.
    pub id: Id,
}

/// The subjects of these names, in their order. `field` is the list in the request.
///
/// # Errors
/// `user.unknown`, `group.unknown`, `department.unknown`, `field.invalid` for a role, each
/// naming its place in the list.
pub async fn resolve(cx: &mut Cx, named: &[Named], field: &str) -> Result<Vec<Subject>> {
    let of = |kind| named.iter().filter(move |n| n.kind == kind).map(|n| n.text.as_str());
    let users: Vec<Id> = of(SubjectKind::User).filter_map(|text| text.parse().ok()).collect();
    let groups: Vec<&str> = of(SubjectKind::Group).filter(|code| !code.is_empty()).collect();
    let users = rows::users(&mut cx.store(), &users).await?;
    let users: HashMap<String, Id> = users.iter().map(|id| (id.to_string(), id.0)).collect();
    let groups = rows::groups(&mut cx.store(), &groups).await?;
    let groups: HashMap<String, Id> = groups.into_iter().collect();
    let mut found = Vec::with_capacity(named.len());
    for (place, name) in named.iter().enumerate() {
        let id = match name.kind {
            SubjectKind::User => users.get(&name.text),
            SubjectKind::Group => groups.get(&name.text),
            // There are no departments yet, so no id is one's.
            SubjectKind::Department | SubjectKind::Role => None,
        };
        let id = *id.ok_or_else(|| unknown(name.kind, field, place))?;
        found.push(Subject { kind: name.kind, id });
    }
    Ok(found)
}

fn unknown(kind: SubjectKind, field: &str, place: usize) -> Error {
    let code = match kind {
        SubjectKind::User => Code::UserUnknown,
        SubjectKind::Group => Code::GroupUnknown,
        SubjectKind::Department => Code::DepartmentUnknown,
        SubjectKind::Role => {
            return Error::new(Code::FieldInvalid)
                .field(format!("{field}[{place}].targetType"))
                .arg("expected", "USER, GROUP, DEPARTMENT");
        }
    };
    Error::new(code).field(format!("{field}[{place}].targetIdentifier"))
}

/// Removes every row that names this subject, in the transaction that deletes it: assignments,
/// authorisations, what searches find it by. To be called before the row itself goes.
///
/// # Errors
/// Faults of the store.
pub async fn forget(cx: &mut Cx, kind: SubjectKind, id: Id) -> Result<()> {
    Ok(rows::forget(&mut cx.store(), kind.text(), &id.to_string()).await?)
}
