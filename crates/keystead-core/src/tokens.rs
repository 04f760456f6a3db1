//! Tokens: minted after a grant, verified by key, kind and liveness (`signin.md` 5).

pub mod access;
pub mod client;
pub mod direct;
pub mod handles;
pub mod id;
pub mod introspect;
pub mod refresh;
pub mod revoke;
pub mod userinfo;

use crate::applications::App;
use crate::cache::{Claims, Signed};
use crate::cx::Cx;
use crate::liveness;
use crate::sessions::Session;
use crate::users::{self, UserView, lookup};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, FamilyId, Id, IssuerKind, Result, Secret,
};
use keystead_protocol::jose;
use keystead_protocol::oauth::scope::Scope;
use keystead_store::{grants, refresh_families as families};
use std::sync::Arc;

/// What a token endpoint answers (RFC 6749, 5.1).
#[derive(Debug)]
pub struct TokenSet {
    /// The access token.
    pub access_token: Secret,
    /// The ID token, when `openid` was asked for.
    pub id_token: Option<Secret>,
    /// The refresh token, when `offline_access` was asked for, and always at plain OAuth 2.
    pub refresh_token: Option<Secret>,
    /// Seconds the access token lives.
    pub expires_in: u32,
    /// The scope that was given.
    pub scope: String,
}

/// The facts behind a user's tokens.
#[derive(Debug)]
pub struct Basis<'a> {
    /// The application they are for.
    pub app: &'a App,
    /// Whose they are.
    pub user: &'a UserView,
    /// The grant they belong to.
    pub grant: &'a grants::Grant,
    /// The session behind it.
    pub session: Option<&'a Session>,
}

/// Issues the first tokens of a grant: a refresh family if the scope asks for it, then, once that
/// is settled, the signatures.
///
/// # Errors
/// `grant.invalid` when application or user may not (any more); faults of the store.
pub async fn issue(cx: &mut Cx, basis: &Basis<'_>) -> Result<TokenSet> {
    may_issue(cx, basis)?;
    let scope = Scope::parse(&basis.grant.scope).map_err(|_| Error::new(Code::Internal))?;
    // Plain OAuth 2 has no scope to ask for a refresh token by (RFC 6749, 1.5).
    let refresh = match is_plain(basis.grant) || scope.contains("offline_access") {
        true => Some(refresh::found_family(cx, basis).await?),
        false => None,
    };
    let roles = id::roles(cx, basis, &scope).await?;
    let written = Written { handle: handle(cx, basis, &scope).await?, refresh, roles };
    cx.emit(
        Event::new(EventKind::TokensIssued)
            .on("user", basis.user.user.id, Some(crate::users::label(&basis.user.user)))
            .through(basis.app.id),
    );
    cx.settle().await?;
    sign(cx, basis, &scope, basis.grant.nonce.as_deref(), written)
}

/// What of an answer stands in the store; the rest is signed after it has settled.
struct Written {
    handle: Option<handles::Fresh>,
    refresh: Option<Secret>,
    /// The codes of the user's roles, where the ID token tells them.
    roles: Option<Vec<String>>,
}

/// Whether a grant is plain OAuth 2's.
fn is_plain(grant: &grants::Grant) -> bool {
    grant.issuer_kind == IssuerKind::Oauth.name()
}

/// The opaque access token of a grant of plain OAuth 2; joins the open transaction.
async fn handle(cx: &mut Cx, basis: &Basis<'_>, scope: &Scope) -> Result<Option<handles::Fresh>> {
    match is_plain(basis.grant) {
        true => handles::issue(cx, basis, scope).await.map(Some),
        false => Ok(None),
    }
}

/// Redeems an authorization code for tokens.
///
/// # Errors
/// `grant.invalid`.
pub async fn redeem_code(
    cx: &mut Cx,
    app: &App,
    redemption: &crate::codes::Redemption<'_>,
) -> Result<TokenSet> {
    let grant = crate::codes::redeem(cx, app, redemption).await?;
    let Some((grant, user, session)) = living(cx, grant).await? else {
        cx.settle().await?;
        return Err(Code::GrantInvalid.into());
    };
    let basis = Basis { app, user: &user, grant: &grant, session: session.as_ref() };
    let fits = match grant.issuer_kind == redemption.issuer.name() {
        true => may_issue(cx, &basis),
        false => Err(Error::new(Code::GrantInvalid).field("code")),
    };
    if let Err(error) = fits {
        // The code stays used.
        cx.settle().await?;
        return Err(error);
    }
    issue(cx, &basis).await
}

type Living = (grants::Grant, UserView, Option<Session>);

/// The grant with user and session, if it has not ended.
pub(crate) async fn living(cx: &mut Cx, id: keystead_model::GrantId) -> Result<Option<Living>> {
    let now = cx.now;
    let Some(grant) = grants::get(&mut cx.store(), id).await? else { return Ok(None) };
    if grant.ended_at.is_some() || now >= grant.expires_at {
        return Ok(None);
    }
    let user = lookup::view(cx, grant.user_id).await?;
    let session = match grant.session_id {
        Some(id) => keystead_store::sessions::get(&mut cx.store(), id).await?,
        None => None,
    };
    let over = session
        .as_ref()
        .is_some_and(|s| s.ended_at.is_some() || now >= s.idle_at || now >= s.expires_at);
    let raised = user.security.generation != grant.generation;
    Ok((!over && !raised).then_some((grant, user, session)))
}

/// Every minting runs these rules again: application on, user activated.
fn may_issue(cx: &Cx, basis: &Basis<'_>) -> Result<()> {
    let sound = basis.app.enabled
        && basis.grant.application_id == basis.app.id
        && users::is_active(&basis.user.user, cx.now);
    if sound { Ok(()) } else { Err(Code::GrantInvalid.into()) }
}

/// Signs the tokens of a grant; nothing is written any more.
fn sign(
    cx: &Cx,
    basis: &Basis<'_>,
    scope: &Scope,
    nonce: Option<&str>,
    written: Written,
) -> Result<TokenSet> {
    let plain = written.handle.is_some();
    let (access_token, expires_in) = match written.handle {
        Some(handle) => (handle.value, handle.expires_in),
        None => access::sign(cx, basis, scope)?,
    };
    let id_token = match scope.contains("openid") && !plain {
        true => {
            let told = id::Told { scope, nonce, roles: written.roles };
            Some(id::sign(cx, basis, told, &access_token)?)
        }
        false => None,
    };
    Ok(TokenSet {
        access_token,
        id_token,
        refresh_token: written.refresh,
        expires_in,
        scope: scope.to_string(),
    })
}

/// A new `jti`: kind, parent, 22 random characters.
fn new_jti(cx: &Cx, kind: char, parent: Id) -> Result<String> {
    let random = URL_SAFE_NO_PAD.encode(cx.core.random.bytes::<16>()?);
    Ok(format!("{kind}.{parent}.{random}"))
}

/// The kind and parent that a `jti` of ours names.
fn parse_jti(jti: &str) -> Option<(&str, Id)> {
    let mut parts = jti.splitn(3, '.');
    let (kind, parent, rest) = (parts.next()?, parts.next()?, parts.next()?);
    (rest.len() == 22).then_some((kind, parent.parse().ok()?))
}

/// A token of ours whose signature, issuer, kind and life hold.
#[derive(Debug)]
pub(crate) struct Verified {
    /// Its claims.
    pub claims: Arc<Claims>,
    /// The parent in its `jti`.
    pub parent: Id,
}

impl Verified {
    /// A claim's text.
    pub fn text(&self, name: &str) -> &str {
        self.claims.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// A claim's number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.claims.get(name).and_then(serde_json::Value::as_i64)
    }
}

/// Checks a token against this pool's keys: algorithm by key, issuer, kind, expiry. Liveness is
/// the caller's.
fn verify(cx: &Cx, token: &str, kinds: &[&str]) -> Result<Verified> {
    let invalid = || Error::new(Code::TokenInvalid);
    let claims = signed_claims(cx, token)?;
    let jti = claims.get("jti").and_then(|v| v.as_str()).ok_or_else(invalid)?;
    let (kind, parent) = parse_jti(jti).ok_or_else(invalid)?;
    let issuer_fits = claims.get("iss").and_then(|v| v.as_str()) == Some(&cx.pool.issuer());
    if !kinds.contains(&kind) || !issuer_fits {
        return Err(invalid());
    }
    let verified = Verified { claims, parent };
    match verified.number("exp") {
        Some(end) if cx.now.seconds() < end => Ok(verified),
        Some(_) => Err(Code::TokenExpired.into()),
        None => Err(invalid()),
    }
}

/// The claims of a token whose signature is right under one of this pool's keys. A signature
/// stays right: that of a recent token is not computed again (`signin.md` 5.4).
fn signed_claims(cx: &Cx, token: &str) -> Result<Arc<Claims>> {
    let invalid = || Error::new(Code::TokenInvalid);
    let seen = [cx.pool.id.0.bytes().as_slice(), token.as_bytes()].concat();
    let key: [u8; 32] =
        digest(&SHA256, &seen).as_ref().try_into().map_err(|_| Error::new(Code::Internal))?;
    let seen = cx.core.caches.verified.peek(&key);
    if let Some(seen) = seen.filter(|seen| cx.pool.signing.verifier(&seen.kid).is_some()) {
        return Ok(seen.claims);
    }
    let before = cx.core.caches.verified.forgotten();
    let header = jose::peek(token).map_err(|_| invalid())?;
    let kid = header.kid.as_deref().ok_or_else(invalid)?;
    let public = cx.pool.signing.verifier(kid).ok_or_else(invalid)?;
    let verified = jose::verify(token, public).and_then(|v| v.claims());
    let claims: Arc<Claims> = Arc::new(verified.map_err(|_| invalid())?);
    let signed = Signed { kid: kid.into(), claims: claims.clone() };
    cx.core.caches.verified.keep(before, key, signed);
    Ok(claims)
}

/// Ends a grant, its family with it.
pub(crate) async fn end_grant(
    cx: &mut Cx,
    grant: keystead_model::GrantId,
    family: Option<FamilyId>,
    by: &str,
) -> Result<()> {
    let now = cx.now;
    let mut s = cx.store();
    // Family before grant, as refreshing locks them: no two wait for each other.
    if let Some(family) = family {
        families::revoke(&mut s, family, by, now).await?;
    }
    grants::end(&mut s, grant, by, now).await?;
    cx.note(ChangeKind::Grant, grant);
    Ok(())
}

/// Whether the parent of an access token still lives; answers whose it is.
pub(crate) async fn alive(cx: &mut Cx, token: &Verified) -> Result<liveness::Alive> {
    liveness::check(cx, keystead_model::GrantId(token.parent), token.text("jti")).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jti_names_kind_and_parent() {
        let parent = Id::from_bytes([5; 12]);
        let jti = format!("a.{parent}.{}", "x".repeat(22));
        assert_eq!(parse_jti(&jti), Some(("a", parent)));
        for bad in ["", "a", "a.b.c", "a.0505.xxxxxxxxxxxxxxxxxxxxxx"] {
            assert_eq!(parse_jti(bad), None, "{bad}");
        }
    }
}
