//! Revocation (RFC 7009): a client gives a token back.

use super::{handles, refresh, verify};
use crate::applications::App;
use crate::cx::Cx;
use keystead_model::{ChangeKind, Event, EventKind, GrantId, Millis, Result};
use keystead_store::{denied_tokens, grants, refresh_families};

/// A grant with more denied tokens than this ends as a whole.
const DENIED_MAX: usize = 100;

/// Revokes a token: a refresh token ends its family and grant, an access token itself alone. A
/// token that is unknown, over or another client's changes nothing, and the answer is the same.
/// Any token of the client can be given back at any door.
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
    if let Some(handle) = handles::find(cx, token).await? {
        let grant = grants::get(&mut cx.store(), handle.grant_id).await?;
        if grant.is_some_and(|grant| grant.application_id == app.id) {
            let id = handle.id.to_string();
            return deny(cx, app, &id, handle.grant_id, handle.expires_at).await;
        }
        return Ok(());
    }
    let Ok(verified) = verify(cx, token, &["a"]) else { return Ok(()) };
    if verified.text("client_id") != app.client_id {
        return Ok(());
    }
    let jti = verified.text("jti").to_owned();
    let end = Millis(0).plus_seconds(verified.number("exp").unwrap_or(cx.now.seconds()));
    deny(cx, app, &jti, GrantId(verified.parent), end).await
}

/// Denies one access token of a grant until it would have ended.
async fn deny(cx: &mut Cx, app: &App, jti: &str, grant: GrantId, end: Millis) -> Result<()> {
    let (now, parent) = (cx.now, grant.to_string());
    denied_tokens::insert(&mut cx.store(), jti, &parent, now, end).await?;
    cx.note(ChangeKind::Token, grant);
    let denied = denied_tokens::of_parent(&mut cx.store(), &parent).await?;
    if denied.len() > DENIED_MAX {
        super::end_grant(cx, grant, None, "client").await?;
    }
    emit(cx, app, "token", jti.to_owned());
    Ok(())
}

fn emit(cx: &mut Cx, app: &App, kind: &'static str, id: String) {
    cx.emit(Event::new(EventKind::TokenRevoked).on(kind, id, None).through(app.id));
}
