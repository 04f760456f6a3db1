//! Values of custom fields: written with what finds them, and shown by their declarations.

use super::{Field, Owner, Target, fields, kinds};
use crate::cx::Cx;
use crate::users::Writer;
use keystead_model::{Code, Error, Event, EventKind, Id, Permission, Result, UserId};
use keystead_store::{OnConflict, Scoped, custom_data, custom_fields as rows, search_values};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Where sealed values belong (`Aad` of the seal).
const COLUMN: &str = "custom_fields.value";

/// The declarations of a target, by key.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    target: &'static str,
    fields: HashMap<String, Field>,
}

/// The declarations of a target, whoever asks.
///
/// # Errors
/// Faults of the store.
pub async fn declared(cx: &mut Cx, target: Target) -> Result<Declared> {
    read(&mut cx.store(), target).await
}

/// The declarations of a target, for a pool that is being loaded.
pub(crate) async fn read(s: &mut Scoped<'_>, target: Target) -> Result<Declared> {
    let fields = rows::list(s, target.text(), false).await?;
    let fields = fields.into_iter().map(|field| (field.key.clone(), field)).collect();
    Ok(Declared { target: target.text(), fields })
}

impl Declared {
    /// The values of an owner, from their documents; sealed ones opened.
    ///
    /// # Errors
    /// `internal` when a sealed value does not open.
    pub fn shown(&self, cx: &Cx, id: Id, documents: &[&Value]) -> Result<Map<String, Value>> {
        let mut shown = Map::new();
        for (key, value) in documents.iter().filter_map(|doc| doc.as_object()).flatten() {
            if self.fields.contains_key(key) {
                shown.insert(key.clone(), self.opened(cx, id, key, value)?);
            }
        }
        Ok(shown)
    }

    /// As [`Declared::shown`], without fields whose values are sealed: for tokens.
    #[must_use]
    pub fn plain(&self, documents: &[&Value]) -> Map<String, Value> {
        let all = documents.iter().filter_map(|doc| doc.as_object()).flatten();
        let plain = all.filter(|(key, _)| self.fields.get(*key).is_some_and(|f| !f.is_encrypted));
        plain.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    fn opened(&self, cx: &Cx, id: Id, key: &str, value: &Value) -> Result<Value> {
        let Some(sealed) = value.get(kinds::SEALED).and_then(Value::as_str) else {
            return Ok(value.clone());
        };
        let plain = cx.pool.keys.open(COLUMN, &self.place(id, key), sealed)?;
        serde_json::from_slice(&plain).map_err(|e| Error::new(Code::Internal).caused_by(e))
    }

    fn sealed(&self, cx: &Cx, id: Id, key: &str, value: &Value) -> Result<Value> {
        let plain = zeroize::Zeroizing::new(value.to_string());
        let place = self.place(id, key);
        let sealed = cx.pool.keys.seal(&cx.core.random, COLUMN, &place, plain.as_bytes())?;
        Ok(json!({kinds::SEALED: sealed}))
    }

    fn place(&self, id: Id, key: &str) -> String {
        format!("{}.{id}.{key}", self.target)
    }
}

/// Checks values, writes by what they are found, and answers the two documents with them: what
/// users may edit, and what they may not. The caller stores the documents in the same transaction.
/// A null removes its key. `id` need not exist yet.
///
/// # Errors
/// `custom_field.unknown`, `custom_field.read_only`, `custom_value.taken`, `field.invalid`, each
/// naming `customData.<key>`.
pub async fn write(
    cx: &mut Cx,
    target: Target,
    id: Id,
    values: &Map<String, Value>,
    by: Writer,
) -> Result<(Value, Value)> {
    if !values.is_empty() {
        // Documents are read and written as a whole: one writer after the other.
        lock(cx, target, id).await?;
    }
    let (user_data, admin_data) = documents(cx, target, id).await?;
    let (mut mine, mut theirs) = (object(user_data), object(admin_data));
    if values.is_empty() {
        return Ok((Value::Object(mine), Value::Object(theirs)));
    }
    let declared = declared(cx, target).await?;
    let mut found = Vec::with_capacity(values.len());
    for (key, value) in values {
        let name = format!("customData.{key}");
        let field = declared.fields.get(key);
        let field = field.ok_or_else(|| {
            Error::new(Code::CustomFieldUnknown).field(name.clone()).arg("name", key)
        })?;
        if by == Writer::Myself && !field.user_editable {
            return Err(Error::new(Code::CustomFieldReadOnly).field(name));
        }
        mine.remove(key);
        theirs.remove(key);
        let mut by_text = None;
        if !value.is_null() {
            by_text = kinds::check(field, value, &name)?;
            let stored = match field.is_encrypted {
                true => declared.sealed(cx, id, key, value)?,
                false => value.clone(),
            };
            let to = if field.user_editable { &mut mine } else { &mut theirs };
            to.insert(key.clone(), stored);
        }
        found.push((key, by_text, field.is_unique, name));
    }
    for (key, by_text, is_unique, name) in found {
        let mut s = cx.store();
        search_values::delete(&mut s, target.text(), id, key).await?;
        if let Some(text) = by_text {
            let taken = Error::new(Code::CustomValueTaken).field(name);
            search_values::insert(&mut s, target.text(), id, (key, &text), is_unique)
                .await
                .on_conflict("search_values_pool_id_kind_key_value_key", taken)?;
        }
    }
    Ok((Value::Object(mine), Value::Object(theirs)))
}

/// Writes values of a user, role, group or department, all or none.
///
/// # Errors
/// Those of [`write`] and [`super::resolve`].
pub async fn set_data(cx: &mut Cx, owner: Owner<'_>, values: &Map<String, Value>) -> Result<()> {
    cx.require(Permission::CustomDataUpdate)?;
    let id = fields::resolve(cx, owner).await?;
    let (mine, theirs) = write(cx, owner.target, id, values, Writer::Administrator).await?;
    store(cx, owner.target, id, mine, theirs).await?;
    let keys: Vec<_> = values.keys().collect();
    let event = Event::new(EventKind::CustomDataSet).on(owner.target.text(), id, None);
    cx.emit(event.detail(json!({"keys": keys})));
    Ok(())
}

/// The values of a user, role, group or department.
///
/// # Errors
/// Those of [`super::resolve`].
pub async fn get_data(cx: &mut Cx, owner: Owner<'_>) -> Result<Map<String, Value>> {
    cx.require(Permission::CustomDataRead)?;
    let id = fields::resolve(cx, owner).await?;
    let (mine, theirs) = documents(cx, owner.target, id).await?;
    declared(cx, owner.target).await?.shown(cx, id, &[&mine, &theirs])
}

/// The user who has a value of a unique field, given as `key:value`.
///
/// # Errors
/// Faults of the store.
pub async fn find(cx: &mut Cx, named: &str) -> Result<Option<UserId>> {
    let Some((key, text)) = named.split_once(':') else { return Ok(None) };
    let declared = declared(cx, Target::User).await?;
    let Some(field) = declared.fields.get(key).filter(|field| field.is_unique) else {
        return Ok(None);
    };
    let Some(text) = kinds::found_by(field, text) else { return Ok(None) };
    let target = Target::User.text();
    Ok(search_values::find(&mut cx.store(), target, key, &text).await?.map(UserId))
}

/// The users who have these values of unique fields, each given as `key:value`.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn owners(cx: &mut Cx, named: &[String]) -> Result<HashMap<String, UserId>> {
    let declared = declared(cx, Target::User).await?;
    let mut wanted: HashMap<&str, Vec<(String, &String)>> = HashMap::new();
    for name in named {
        let Some((key, text)) = name.split_once(':') else { continue };
        let field = declared.fields.get(key).filter(|field| field.is_unique);
        if let Some(text) = field.and_then(|field| kinds::found_by(field, text)) {
            wanted.entry(key).or_default().push((text, name));
        }
    }
    let mut owners = HashMap::new();
    for (key, values) in wanted {
        let texts: Vec<&str> = values.iter().map(|(text, _)| text.as_str()).collect();
        let target = Target::User.text();
        let found = search_values::owners(&mut cx.store(), target, key, &texts).await?;
        let found: HashMap<String, Id> = found.into_iter().collect();
        owners.extend(
            values.iter().filter_map(|(text, name)| {
                found.get(text).map(|id| ((*name).clone(), UserId(*id)))
            }),
        );
    }
    Ok(owners)
}

/// Makes other writers of this owner wait: those of a user's other fields among them.
pub(super) async fn lock(cx: &mut Cx, target: Target, id: Id) -> Result<()> {
    Ok(cx.store().serial(&format!("{} {id}", target.text())).await?)
}

/// The values of a user as answers show them, by the declarations that the pool had when it was
/// loaded. A sealed value that does not open is left out.
#[must_use]
pub fn of_user(cx: &Cx, user: &crate::users::User) -> Map<String, Value> {
    let declared = &cx.pool.user_fields;
    let mut shown = Map::new();
    for (key, value) in
        [&user.user_data, &user.admin_data].into_iter().filter_map(Value::as_object).flatten()
    {
        let known = declared.fields.contains_key(key);
        if let Some(value) =
            known.then(|| declared.opened(cx, user.id.0, key, value).ok()).flatten()
        {
            shown.insert(key.clone(), value);
        }
    }
    shown
}

/// The values of a user for tokens: those that rest sealed are left out.
#[must_use]
pub fn claims_of_user(cx: &Cx, user: &crate::users::User) -> Map<String, Value> {
    cx.pool.user_fields.plain(&[&user.user_data, &user.admin_data])
}

/// The documents of an owner: a user has two, others have one.
pub(super) async fn documents(cx: &mut Cx, target: Target, id: Id) -> Result<(Value, Value)> {
    let mut s = cx.store();
    Ok(match target {
        Target::User => custom_data::of_user(&mut s, id).await?.unwrap_or_default(),
        Target::Role => (Value::Null, custom_data::of_role(&mut s, id).await?.unwrap_or_default()),
        Target::Group | Target::Department => return Err(unsupported()),
    })
}

/// Stores the documents of an owner.
pub(super) async fn store(
    cx: &mut Cx,
    target: Target,
    id: Id,
    mine: Value,
    theirs: Value,
) -> Result<()> {
    let now = cx.now;
    let mut s = cx.store();
    match target {
        Target::User => custom_data::set_of_user(&mut s, id, (&mine, &theirs), now).await?,
        Target::Role => {
            let mut all = object(mine);
            all.extend(object(theirs));
            custom_data::set_of_role(&mut s, id, &Value::Object(all), now).await?
        }
        Target::Group | Target::Department => return Err(unsupported()),
    };
    Ok(())
}

fn object(document: Value) -> Map<String, Value> {
    match document {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Groups and departments have no operations of their own yet.
fn unsupported() -> Error {
    Error::new(Code::OperationUnsupported).field("targetType").arg("operation", "targetType")
}
