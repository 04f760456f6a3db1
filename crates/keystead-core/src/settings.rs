//! Settings documents: what a pool or an application has changed of the defaults.

use crate::cx::Cx;
use keystead_model::settings::{Document, Scope, SettingError};
use keystead_model::{ApplicationId, ChangeKind, Code, Error, Event, EventKind, Result, Settings};
use keystead_store::settings as rows;
use serde_json::{Value, json};

/// Whose document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The context's pool.
    Pool,
    /// An application of it.
    Application(ApplicationId),
}

impl Owner {
    const fn scope(self) -> Scope {
        match self {
            Self::Pool => Scope::Pool,
            Self::Application(_) => Scope::Application,
        }
    }

    /// Scope and scope id of the row.
    fn row(self) -> (&'static str, String) {
        match self {
            Self::Pool => ("pool", String::new()),
            Self::Application(id) => ("application", id.to_string()),
        }
    }
}

/// The stored document: what differs from the defaults.
///
/// # Errors
/// Faults of the store.
pub async fn document(cx: &mut Cx, owner: Owner) -> Result<Document> {
    let (scope, id) = owner.row();
    let stored = rows::get(&mut cx.store(), scope, &id).await?;
    Ok(stored.as_ref().and_then(Value::as_object).cloned().unwrap_or_default())
}

/// Overlays `wanted` on the stored document; null takes a name back to its default. It joins the
/// open transaction. Says whether anything changed.
///
/// # Errors
/// A name or value that does not fit, named as `settings.<name>`; then nothing is written.
pub async fn change(cx: &mut Cx, owner: Owner, wanted: &Document) -> Result<bool> {
    let before = document(cx, owner).await?;
    let mut after = before.clone();
    for (name, value) in wanted {
        // Each on its own, so that a null with a wrong name is refused as well.
        check(owner.scope(), name, value)?;
        if value.is_null() {
            after.remove(name);
        } else {
            after.insert(name.clone(), value.clone());
        }
    }
    if after == before {
        return Ok(false);
    }
    let (scope, id) = owner.row();
    let now = cx.now;
    rows::put(&mut cx.store(), scope, &id, &Value::Object(after), now).await?;
    let names: Vec<&String> = wanted.keys().collect();
    let event = Event::new(EventKind::SettingsChanged).detail(json!({ "names": names }));
    match owner {
        Owner::Pool => {
            let pool = cx.pool.id;
            cx.note(ChangeKind::Pool, pool);
            cx.emit(event.on("pool", pool, Some(cx.pool.code.clone())));
        }
        Owner::Application(id) => {
            cx.note(ChangeKind::Application, id);
            cx.emit(event.on("application", id, None));
        }
    }
    Ok(true)
}

/// Checks one name and value of a document.
fn check(scope: Scope, name: &str, value: &Value) -> Result<()> {
    let known = Settings::ROWS.iter().find(|row| row.name == name);
    if value.is_null() && known.is_some_and(|row| row.scopes.contains(&scope)) {
        return Ok(());
    }
    let document = Document::from_iter([(name.to_owned(), value.clone())]);
    Settings::default().overlay(scope, &document).map_err(|error| {
        let field = format!("settings.{name}");
        match error {
            SettingError::Range(_, min, max) => {
                Error::new(Code::FieldRange).field(field).arg("min", min).arg("max", max)
            }
            SettingError::Type(_, why) => {
                Error::new(Code::FieldInvalid).field(field).arg("expected", why)
            }
            SettingError::Unknown(_) | SettingError::Scope(_) => {
                Error::new(Code::FieldInvalid).field(field).arg("expected", error)
            }
        }
    })
}
