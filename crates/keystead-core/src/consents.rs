//! Consents: what people allowed the applications of others, kept until the account or the
//! application goes.

use crate::applications::App;
use crate::cx::Cx;
use keystead_model::{Code, ConsentId, Error, Event, EventKind, Result, UserId};
use keystead_protocol::oauth::scope::Scope;
use keystead_store::consents as rows;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The document of a consent.
#[derive(Serialize, Deserialize)]
struct Granted {
    scope: Scope,
}

/// What this person allowed the application so far; none when nothing was ever allowed.
///
/// # Errors
/// Faults of the store.
pub async fn of(cx: &mut Cx, user: UserId, app: &App) -> Result<Option<Scope>> {
    let now = cx.now;
    let Some(document) = rows::granted(&mut cx.store(), user, app.id, now).await? else {
        return Ok(None);
    };
    let granted: Granted =
        serde_json::from_value(document).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    Ok(Some(granted.scope))
}

/// Adds a scope to what this person allows the application. Joins the open transaction.
///
/// # Errors
/// Faults of the store.
pub async fn grant(cx: &mut Cx, user: UserId, app: &App, scope: &Scope) -> Result<()> {
    // Two grants of one person at one moment: the later one may lack what the earlier added, and
    // the person is asked once more.
    let held = of(cx, user, app).await?.unwrap_or_default();
    let all = Granted { scope: held.joined(scope) };
    let (id, now): (ConsentId, _) = (cx.id()?, cx.now);
    rows::put(&mut cx.store(), id, (user, app.id), &json!(all), now).await?;
    cx.emit(
        Event::new(EventKind::ConsentGranted)
            .on("user", user, None)
            .through(app.id)
            .detail(json!({ "scope": scope })),
    );
    Ok(())
}
