//! Opaque access tokens of plain OAuth 2: 40 hexadecimal digits, found by their hash. They live as
//! long as their grant does, so a session, user or application that ends takes them along at once.

use super::Basis;
use crate::cx::Cx;
use crate::liveness::{self, Alive};
use crate::principal::{Principal, UserPrincipal};
use crate::seal::purpose_hash;
use keystead_model::{Code, Millis, Result, Secret};
use keystead_protocol::oauth::scope::Scope;
use keystead_store::access_handles::{self as rows, AccessHandle};
use std::sync::Arc;

const PURPOSE: &str = "access_handle";
/// Random bytes of a handle.
const BYTES: usize = 20;

/// A handle that was just made.
pub(super) struct Fresh {
    /// Its value; only its hash is stored.
    pub value: Secret,
    /// Seconds it lives.
    pub expires_in: u32,
}

/// Writes a handle for a grant; joins the open transaction.
pub(super) async fn issue(cx: &mut Cx, basis: &Basis<'_>, scope: &Scope) -> Result<Fresh> {
    let value = Secret::new(cx.core.random.hex(BYTES)?);
    let now = cx.now;
    let life = i64::from(basis.app.settings.access_token_life_s);
    // A token never outlives its grant.
    let expires_at: Millis = now.plus_seconds(life).min(basis.grant.expires_at);
    let handle = AccessHandle {
        id: cx.id()?,
        grant_id: basis.grant.id,
        scope: scope.to_string(),
        created_at: now,
        expires_at,
    };
    rows::insert(&mut cx.store(), &handle, &hash(value.expose())).await?;
    let expires_in = u32::try_from(expires_at.since(now) / 1_000).unwrap_or(0);
    Ok(Fresh { value, expires_in })
}

/// The handle with this value, whether it still lives or not. What cannot be one costs nothing.
pub(super) async fn find(cx: &mut Cx, token: &str) -> Result<Option<Arc<AccessHandle>>> {
    if token.len() != 2 * BYTES || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let core = cx.core.clone();
    let hash = hash(token);
    let key = (cx.pool.id, hash.clone());
    core.caches
        .handles
        .get(key, async { Ok(rows::by_secret(&mut cx.store(), &hash).await?.map(Arc::new)) })
        .await
}

/// Whose the handle is, if it lives.
pub(super) async fn alive(cx: &mut Cx, handle: &AccessHandle) -> Result<Alive> {
    if cx.now >= handle.expires_at {
        return Err(Code::TokenExpired.into());
    }
    liveness::check(cx, handle.grant_id, &handle.id.to_string()).await
}

/// Makes the context act for the user of a handle, and answers them.
///
/// # Errors
/// `token.missing`, `token.invalid`, `token.expired`.
pub async fn admit(cx: &mut Cx, token: Option<&str>) -> Result<UserPrincipal> {
    let token = token.filter(|t| !t.is_empty()).ok_or(Code::TokenMissing)?;
    let handle = find(cx, token).await?.ok_or(Code::TokenInvalid)?;
    let alive = alive(cx, &handle).await?;
    let user = UserPrincipal {
        user: alive.user,
        grant: handle.grant_id,
        session: alive.session,
        application: alive.application,
        scope: handle.scope.clone(),
    };
    cx.principal = Principal::User(user.clone());
    Ok(user)
}

fn hash(value: &str) -> String {
    purpose_hash(PURPOSE, value)
}
