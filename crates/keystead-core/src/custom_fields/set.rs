//! Declaring fields and changing their declarations.

use super::{DataType, Field, MOST, Target, base};
use crate::cx::Cx;
use keystead_model::{ChangeKind, Code, Error, Event, EventKind, Permission, Result};
use keystead_store::{OnConflict, custom_fields as rows, search_values};
use serde_json::Value;

/// Characters of a key.
const KEY_MAX: usize = 64;
/// Characters of a label.
const LABEL_MAX: usize = 255;
/// Characters of a description, and bytes of rules, translations and options.
const LONG_MAX: usize = 16_384;

/// A declaration, or what changes of one; what is `None` stays, or has its default.
#[derive(Clone, Debug)]
pub struct FieldPatch {
    /// What it belongs to.
    pub target: Target,
    /// Its key: what finds it again.
    pub key: String,
    /// The type of its values; it does not change.
    pub data_type: Option<DataType>,
    /// Its label; the key without.
    pub label: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether its values are sealed; it does not change.
    pub is_encrypted: Option<bool>,
    /// Whether no two may have the same value.
    pub is_unique: Option<bool>,
    /// Whether its values are masked where they are shown.
    pub is_masked: Option<bool>,
    /// Whether users may edit their own.
    pub user_editable: Option<bool>,
    /// Whether administrators see it.
    pub in_console: Option<bool>,
    /// Whether users see it.
    pub in_account: Option<bool>,
    /// The options of an enum: a list of `{value, label}`.
    pub options: Option<Value>,
    /// Rules that clients check.
    pub rules: Option<Value>,
    /// Its label in other languages.
    pub i18n: Option<Value>,
    /// Applications that show it.
    pub application_ids: Option<Vec<String>>,
}

/// Declares fields or changes their declarations, all or none; answers them in the list's order.
///
/// # Errors
/// `custom_field.key`, `custom_field.fixed`, `custom_field.doubles`, `custom_field.limit`,
/// `field.invalid`, each naming its row.
pub async fn set(cx: &mut Cx, list: Vec<FieldPatch>) -> Result<Vec<Field>> {
    cx.require(Permission::CustomFieldUpdate)?;
    if list.is_empty() || list.len() > MOST {
        return Err(Error::new(Code::FieldInvalid)
            .field("list")
            .arg("expected", format!("1..{MOST}")));
    }
    for (place, patch) in list.iter().enumerate() {
        check(patch, place)?;
    }
    // One after the other: the number of fields and the uniqueness of values are counted here.
    cx.store().serial("custom fields").await?;
    let mut set = Vec::with_capacity(list.len());
    for (place, patch) in list.into_iter().enumerate() {
        let all = rows::list(&mut cx.store(), patch.target.text(), false).await?;
        let count = all.len();
        let field = match all.into_iter().find(|field| field.key == patch.key) {
            Some(field) => change(cx, field, patch, place).await?,
            None => declare(cx, patch, place, count).await?,
        };
        let label = format!("{}.{}", field.target, field.key);
        cx.note(ChangeKind::Pool, cx.pool.id);
        cx.emit(Event::new(EventKind::CustomFieldSet).on("custom_field", field.id, Some(label)));
        set.push(field);
    }
    Ok(set)
}

async fn declare(cx: &mut Cx, patch: FieldPatch, place: usize, count: usize) -> Result<Field> {
    if count >= MOST {
        return Err(Error::new(Code::CustomFieldLimit)
            .field(format!("list[{place}]"))
            .arg("max", MOST));
    }
    if rows::is_going(&mut cx.store(), patch.target.text(), &patch.key).await? {
        return Err(Error::new(Code::CustomFieldGoing).field(format!("list[{place}].key")));
    }
    let mut field = Field {
        id: cx.id()?,
        target: patch.target.text().to_owned(),
        key: patch.key.clone(),
        data_type: patch.data_type.unwrap_or_default().text().to_owned(),
        label: patch.key.clone(),
        description: None,
        is_builtin: false,
        is_unique: false,
        is_encrypted: patch.is_encrypted.unwrap_or(false),
        is_masked: false,
        user_editable: false,
        in_console: true,
        in_account: false,
        options: None,
        rules: None,
        i18n: None,
        application_ids: None,
        created_at: cx.now,
    };
    field.is_unique = patch.is_unique.unwrap_or(false);
    overlay(&mut field, patch);
    sound(&field, place)?;
    let position = i64::try_from(count).unwrap_or(i64::MAX);
    rows::insert(&mut cx.store(), &field, position).await?;
    Ok(field)
}

async fn change(cx: &mut Cx, mut field: Field, patch: FieldPatch, place: usize) -> Result<Field> {
    let fixed =
        |name: &str| Error::new(Code::CustomFieldFixed).field(format!("list[{place}].{name}"));
    if patch.data_type.is_some_and(|kind| kind.text() != field.data_type) {
        return Err(fixed("dataType"));
    }
    if patch.is_encrypted.is_some_and(|sealed| sealed != field.is_encrypted) {
        return Err(fixed("encrypted"));
    }
    let was_unique = field.is_unique;
    field.is_unique = patch.is_unique.unwrap_or(was_unique);
    overlay(&mut field, patch);
    sound(&field, place)?;
    let now = cx.now;
    if field.is_unique != was_unique {
        make_unique(cx, &field, place).await?;
    }
    rows::update(&mut cx.store(), &field, now).await?;
    Ok(field)
}

/// Holds the values that exist to a new uniqueness, or lets them go.
async fn make_unique(cx: &mut Cx, field: &Field, place: usize) -> Result<()> {
    let refusal = |values: String| {
        Error::new(Code::CustomFieldDoubles)
            .field(format!("list[{place}].isUnique"))
            .arg("values", values)
    };
    let mut s = cx.store();
    if field.is_unique {
        let doubles = search_values::doubles(&mut s, &field.target, &field.key).await?;
        if !doubles.is_empty() {
            let ids: Vec<_> = doubles.iter().map(ToString::to_string).collect();
            return Err(refusal(ids.join(", ")));
        }
    }
    // A value that was written meanwhile makes the same refusal.
    search_values::set_unique(&mut s, &field.target, &field.key, field.is_unique)
        .await
        .on_conflict("search_values_pool_id_kind_key_value_key", refusal("…".to_owned()))?;
    Ok(())
}

fn overlay(field: &mut Field, patch: FieldPatch) {
    fn take<T>(to: &mut T, from: Option<T>) {
        if let Some(from) = from {
            *to = from;
        }
    }
    take(&mut field.label, patch.label.filter(|label| !label.is_empty()));
    take(&mut field.description, patch.description.map(Some));
    take(&mut field.is_masked, patch.is_masked);
    take(&mut field.user_editable, patch.user_editable);
    take(&mut field.in_console, patch.in_console);
    take(&mut field.in_account, patch.in_account);
    take(&mut field.options, patch.options.map(Some));
    take(&mut field.rules, patch.rules.map(Some));
    take(&mut field.i18n, patch.i18n.map(Some));
    take(&mut field.application_ids, patch.application_ids.map(Some));
}

/// Checks what a row says by itself.
fn check(patch: &FieldPatch, place: usize) -> Result<()> {
    let key = &patch.key;
    let fits = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && key.len() <= KEY_MAX;
    if !fits || (patch.target == Target::User && base::is_base(key)) {
        return Err(Error::new(Code::CustomFieldKey).field(format!("list[{place}].key")));
    }
    let size = |json: &Option<Value>| json.as_ref().map_or(0, |json| json.to_string().len());
    let chars = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
    for (name, size, max) in [
        ("label", chars(&patch.label), LABEL_MAX),
        ("description", chars(&patch.description), LONG_MAX),
        ("options", size(&patch.options), LONG_MAX),
        ("validateRules", size(&patch.rules), LONG_MAX),
        ("i18n", size(&patch.i18n), LONG_MAX),
        ("appIds", patch.application_ids.as_ref().map_or(0, Vec::len), MOST),
    ] {
        if size > max {
            return Err(invalid(place, name, format!("<= {max}")));
        }
    }
    Ok(())
}

/// Checks that a declaration fits together.
fn sound(field: &Field, place: usize) -> Result<()> {
    let kind = DataType::from_text(&field.data_type).unwrap_or_default();
    if field.is_unique && (!kind.can_be_unique() || field.is_encrypted) {
        return Err(invalid(place, "isUnique", "STRING, NUMBER".to_owned()));
    }
    if kind == DataType::Enum {
        let mut options = super::kinds::options(field);
        let count = options.len();
        options.sort_unstable();
        options.dedup();
        if options.is_empty() || options.len() != count || options.iter().any(String::is_empty) {
            return Err(invalid(place, "options", "[{value, label}]".to_owned()));
        }
    }
    Ok(())
}

fn invalid(place: usize, name: &str, expected: String) -> Error {
    Error::new(Code::FieldInvalid).field(format!("list[{place}].{name}")).arg("expected", expected)
}
