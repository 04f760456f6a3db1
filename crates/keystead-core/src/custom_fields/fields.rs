//! Declarations: listing and deleting them; who owns values.

use super::{Field, MOST, Target};
use crate::cx::Cx;
use crate::outbox::{self, Consumer};
use crate::roles;
use crate::subjects::{self, Named, SubjectKind};
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, Id, Page, PageRequest, Permission, Result,
};
use keystead_store::{custom_fields as rows, search_values};

/// The declarations for a target, in the order of their creation.
///
/// # Errors
/// `permission.denied`.
pub async fn fields(cx: &mut Cx, target: Target) -> Result<Vec<Field>> {
    cx.require(Permission::CustomFieldRead)?;
    Ok(rows::list(&mut cx.store(), target.text(), false).await?)
}

/// Which declarations to list.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    /// Of this type.
    pub data_type: Option<super::DataType>,
    /// Shown to users, or not.
    pub in_account: Option<bool>,
    /// Shown to administrators, or not.
    pub in_console: Option<bool>,
    /// Looked for in key, label and description.
    pub keyword: Option<&'a str>,
}

impl Filter<'_> {
    /// Whether it keeps a declaration.
    fn keeps(&self, field: &Field) -> bool {
        let keyword = self.keyword.unwrap_or_default().trim().to_lowercase();
        let texts = [Some(&field.key), Some(&field.label), field.description.as_ref()];
        self.data_type.is_none_or(|kind| kind.text() == field.data_type)
            && self.in_account.is_none_or(|shown| shown == field.in_account)
            && self.in_console.is_none_or(|shown| shown == field.in_console)
            && texts.into_iter().flatten().any(|text| text.to_lowercase().contains(&keyword))
    }
}

/// One page of those declarations that a filter keeps.
#[must_use]
pub fn page(fields: Vec<Field>, filter: &Filter<'_>, page: PageRequest) -> Page<Field> {
    let kept: Vec<_> = fields.into_iter().filter(|field| filter.keeps(field)).collect();
    let at = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    let total = i64::try_from(kept.len()).unwrap_or(i64::MAX);
    let rows = kept.into_iter().skip(at(page.offset())).take(at(page.limit())).collect();
    Page { total, rows }
}

/// Deletes declarations, all or none. Their values are out of sight at once; a job removes them.
///
/// # Errors
/// `custom_field.unknown` naming the row.
pub async fn delete(cx: &mut Cx, list: &[(Target, String)]) -> Result<()> {
    cx.require(Permission::CustomFieldUpdate)?;
    if list.is_empty() || list.len() > MOST {
        return Err(Error::new(Code::FieldInvalid)
            .field("list")
            .arg("expected", format!("1..{MOST}")));
    }
    cx.store().serial("custom fields").await?;
    let now = cx.now;
    for (place, (target, key)) in list.iter().enumerate() {
        let fields = rows::list(&mut cx.store(), target.text(), false).await?;
        let field = fields.into_iter().find(|field| field.key == *key).ok_or_else(|| {
            Error::new(Code::CustomFieldUnknown).field(format!("list[{place}].key"))
        })?;
        search_values::delete_key(&mut cx.store(), target.text(), key).await?;
        rows::retire(&mut cx.store(), field.id, now).await?;
        let facts = serde_json::json!({"field": field.id, "target": target.text(), "key": key});
        outbox::push(cx, Consumer::Fields, "custom_field.deleted", facts.to_string().as_bytes())
            .await?;
        let label = format!("{}.{key}", target.text());
        cx.note(ChangeKind::Pool, cx.pool.id);
        cx.emit(Event::new(EventKind::CustomFieldDeleted).on(
            "custom_field",
            field.id,
            Some(label),
        ));
    }
    Ok(())
}

/// Who owns values: a user or a department by id, a role by its code and namespace, a group by
/// its code.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// What it is.
    pub target: Target,
    /// Its id or code.
    pub text: &'a str,
    /// Code of a role's namespace.
    pub namespace: Option<&'a str>,
}

/// The id of an owner.
///
/// # Errors
/// `user.unknown`, `role.unknown`, `group.unknown`, `department.unknown`.
pub async fn resolve(cx: &mut Cx, owner: Owner<'_>) -> Result<Id> {
    let kind = match owner.target {
        Target::Role => {
            let found = roles::find(cx, owner.namespace, owner.text).await;
            return found.map(|(role, _)| role.id.0).map_err(|error| match error.code() {
                Code::NamespaceUnknown => error,
                _ => error.field("targetIdentifier"),
            });
        }
        Target::User => SubjectKind::User,
        Target::Group => SubjectKind::Group,
        Target::Department => SubjectKind::Department,
    };
    let named = [Named { kind, text: owner.text.to_owned() }];
    let found = subjects::resolve(cx, &named, "targets").await;
    let found = found.map_err(|error| error.field("targetIdentifier"))?;
    found.first().map(|subject| subject.id).ok_or_else(|| Error::new(Code::Internal))
}
