//! The audit log: who did what to what, and when.

mod keep;
mod search;

pub use keep::clean_up;
pub(crate) use search::find;
pub use search::{Category, EventView, Search, list};

use crate::cx::Cx;
use crate::principal::Principal;
use crate::request::Claim;
use crate::users;
use keystead_model::{Actor, AuditEventId, Event, Result};
use keystead_store::audit as rows;
use keystead_store::users::{UserKey, by_key};
use serde_json::json;

/// Writes the events of a context, with who acted and how the request came.
///
/// # Errors
/// Faults of the store.
pub(crate) async fn write(cx: &mut Cx, events: Vec<Event>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let (actor, known) = cx.actor();
    let name = match known {
        Some(name) => Some(name),
        None => name_of(cx, actor).await?,
    };
    let session = match &cx.principal {
        Principal::User(user) => user.session,
        _ => None,
    };
    let (actor_id, ip) = (actor.id(), cx.request.ip.to_string());
    let (user_agent, request_id) = (cx.request.user_agent.clone(), cx.request.request_id.clone());
    for event in events {
        let id: AuditEventId = cx.id()?;
        let by = rows::Circumstances {
            actor_kind: actor.kind(),
            actor_id: actor_id.as_deref(),
            actor_name: name.as_deref(),
            session,
            ip: &ip,
            user_agent: user_agent.as_deref(),
            request_id: &request_id,
            now: cx.now,
        };
        let event = claimed(about_somebody(event, actor, name.as_deref()), cx.request.claim);
        rows::insert(&mut cx.store(), id, &event, &by).await?;
    }
    Ok(())
}

/// The row keeps the caller's address; the one that the caller named for its user stands in the
/// detail, with whether it was believed.
fn claimed(mut event: Event, claim: Option<Claim>) -> Event {
    let Some(claim) = claim else { return event };
    let detail = event.detail.get_or_insert_with(|| json!({}));
    if let Some(facts) = detail.as_object_mut() {
        facts.insert("claimed_ip".to_owned(), json!(claim.ip));
        facts.insert("claim_believed".to_owned(), json!(claim.is_believed));
    }
    event
}

/// What a user does without saying to what, they do to their own account: so that everything about
/// a user is found under their id.
fn about_somebody(event: Event, actor: Actor, name: Option<&str>) -> Event {
    match (actor, &event.target) {
        (Actor::User(user), None) if event.kind.category() == "user" => {
            event.on("user", user, name.map(str::to_owned))
        }
        _ => event,
    }
}

/// The name of who acts, where nothing has told it yet.
async fn name_of(cx: &mut Cx, actor: Actor) -> Result<Option<String>> {
    Ok(match actor {
        Actor::User(user) => {
            let user = by_key(&mut cx.store(), UserKey::Id, &user.to_string()).await?;
            user.map(|user| users::label(&user))
        }
        Actor::PoolSecret => Some(cx.pool.name.clone()),
        Actor::System => Some("system".to_owned()),
        Actor::Anonymous | Actor::AccessKey(_) | Actor::Application(_) => None,
    })
}
