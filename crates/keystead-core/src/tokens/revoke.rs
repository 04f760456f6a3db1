//! Revocation (RFC 7009): a client gives a token back.

use super::{refresh, verify};
use crate::applications::App;
use crate::cx::Cx;
use keystead_model::{ChangeKind, Event, EventKind, GrantId, Millis, Result};
use keystead_store::{denied_tokens, refresh_families};

/// A grant with more denied tokens than this ends as a whole.
const DENIED_MAX: usize = 100;

/// Revokes a token: a refresh token ends its family and grant, an access token itself alone. A
/// token that is unknown, over or another client's changes nothing, and the answer is the same.
///
/// # Errors
/// Faults of the store.
pub async fn revoke(cx: &mut Cx, app: &App, token: &str) -> Result<()> {
    if let Some(parsed) = refresh::parse(cx, token) {
        let family = refresh_families::get(&mut cx.store(), parsed.family).await?;
        if let Some(family) = family.filter(|family| family.application_id == app.id) {
            super::end_grant(cx, family.grant_id, Some(family.id), "client").await?;
            emit(cx, app, "refresh_family", family.id.to_string());
        }
        return Ok(());
    }
    let Ok(verified) = verify(cx, token, &["a"]) else { return Ok(()) };
    if verified.text("client_id") != app.client_id {
        return Ok(());
    }
    let (now, jti) = (cx.now, verified.text("jti").to_owned());
    let end = Millis(0).plus_seconds(verified.number("exp").unwrap_or(now.seconds()));
    let grant = GrantId(verified.parent);
    denied_tokens::insert(&mut cx.store(), &jti, &grant.to_string(), now, end).await?;
    cx.note(ChangeKind::Token, grant);
    let denied = denied_tokens::of_parent(&mut cx.store(), &grant.to_string()).await?;
    if denied.len() > DENIED_MAX {
        super::end_grant(cx, grant, None, "client").await?;
    }
    emit(cx, app, "token", jti);
    Ok(())
}

fn emit(cx: &mut Cx, app: &App, kind: &'static str, id: String) {
    cx.emit(Event::new(EventKind::TokenRevoked).on(kind, id, None).through(app.id));
}
