//! Built-in fields of users: how a pool labels them and who sees them.

use super::{Field, MOST, Target};
use crate::cx::Cx;
use keystead_model::base_fields::{self, BASE_FIELDS, RESERVED};
use keystead_model::{Code, Error, Event, EventKind, Id, Permission, Result};
use keystead_store::custom_fields as rows;
use serde_json::Value;

pub use base_fields::BaseField;

/// What a pool changes about a built-in field; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct BasePatch {
    /// Its key, in lower snake case.
    pub key: String,
    /// Its label.
    pub label: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether users may edit their own.
    pub user_editable: Option<bool>,
    /// Whether administrators see it.
    pub in_console: Option<bool>,
    /// Whether users see it.
    pub in_account: Option<bool>,
    /// Its label in other languages.
    pub i18n: Option<Value>,
}

/// Characters of a label and of a description.
const TEXT_MAX: usize = 1_024;

/// Whether a key of a custom field would be taken for a built-in one, in either spelling.
pub(super) fn is_base(key: &str) -> bool {
    let mut snake = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    base_fields::base_field(&snake).is_some() || RESERVED.contains(&snake.as_str())
}

/// Every built-in field as this pool shows it, in the order of the catalogue. Fields that the pool
/// changed nothing about have the epoch as their creation.
///
/// # Errors
/// `permission.denied`.
pub async fn base_fields(cx: &mut Cx) -> Result<Vec<Field>> {
    cx.require(Permission::CustomFieldRead)?;
    all(cx).await
}

async fn all(cx: &mut Cx) -> Result<Vec<Field>> {
    let changed = rows::list(&mut cx.store(), Target::User.text(), true).await?;
    let locale = cx.locale();
    Ok(BASE_FIELDS
        .iter()
        .map(|base| {
            let own = changed.iter().find(|field| field.key == base.key).cloned();
            own.unwrap_or_else(|| field_of(base, base.label(locale)))
        })
        .collect())
}

/// Changes what the pool says about built-in fields, all or none; answers them in the list's
/// order.
///
/// # Errors
/// `custom_field.unknown` and `field.invalid` naming the row.
pub async fn set_base_fields(cx: &mut Cx, list: Vec<BasePatch>) -> Result<Vec<Field>> {
    cx.require(Permission::CustomFieldUpdate)?;
    if list.is_empty() || list.len() > MOST {
        return Err(Error::new(Code::FieldInvalid)
            .field("list")
            .arg("expected", format!("1..{MOST}")));
    }
    cx.store().serial("custom fields").await?;
    let mut set = Vec::with_capacity(list.len());
    for (place, patch) in list.into_iter().enumerate() {
        check(&patch, place)?;
        let found = all(cx).await?.into_iter().find(|field| field.key == patch.key);
        let mut field = found.ok_or_else(|| {
            Error::new(Code::CustomFieldUnknown)
                .field(format!("list[{place}].key"))
                .arg("name", &patch.key)
        })?;
        let is_new = field.created_at.0 == 0;
        field.label = patch.label.filter(|label| !label.is_empty()).unwrap_or(field.label);
        field.description = patch.description.or(field.description);
        field.user_editable = patch.user_editable.unwrap_or(field.user_editable);
        field.in_console = patch.in_console.unwrap_or(field.in_console);
        field.in_account = patch.in_account.unwrap_or(field.in_account);
        field.i18n = patch.i18n.or(field.i18n);
        let now = cx.now;
        if is_new {
            field.id = cx.id()?;
            field.created_at = now;
            rows::insert(&mut cx.store(), &field, 0).await?;
        } else {
            rows::update(&mut cx.store(), &field, now).await?;
        }
        let label = Some(format!("user.{}", field.key));
        cx.emit(Event::new(EventKind::CustomFieldSet).on("custom_field", field.id, label));
        set.push(field);
    }
    Ok(set)
}

fn check(patch: &BasePatch, place: usize) -> Result<()> {
    let chars = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
    let i18n = patch.i18n.as_ref().map_or(0, |json| json.to_string().len());
    let sizes = [
        ("label", chars(&patch.label)),
        ("description", chars(&patch.description)),
        ("i18n", i18n / 8),
    ];
    match sizes.into_iter().find(|(_, size)| *size > TEXT_MAX) {
        Some((name, _)) => Err(Error::new(Code::FieldInvalid)
            .field(format!("list[{place}].{name}"))
            .arg("expected", format!("<= {TEXT_MAX}"))),
        None => Ok(()),
    }
}

fn field_of(base: &BaseField, label: &str) -> Field {
    Field {
        id: keystead_model::CustomFieldId(Id::from_bytes([0; 12])),
        target: Target::User.text().to_owned(),
        key: base.key.to_owned(),
        data_type: base.data_type.to_owned(),
        label: label.to_owned(),
        description: None,
        is_builtin: true,
        is_unique: base.is_unique,
        is_encrypted: false,
        is_masked: false,
        user_editable: base.user_editable,
        in_console: true,
        in_account: base.user_editable,
        options: None,
        rules: None,
        i18n: None,
        application_ids: None,
        created_at: keystead_model::Millis(0),
    }
}

#[cfg(test)]
mod tests {
    use super::is_base;

    #[test]
    fn built_in_keys_are_known_in_both_spellings() {
        for (key, base) in [
            ("givenName", true),
            ("given_name", true),
            ("userId", true),
            ("email", true),
            ("intro", false),
            ("graduted_at", false),
            ("Email2", false),
        ] {
            assert_eq!(is_base(key), base, "{key}");
        }
    }
}
