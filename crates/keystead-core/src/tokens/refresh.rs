//! Refresh tokens: derived from a family's number, so a retry gets the same successor
//! (`signin.md` 5.5).

use super::{Basis, TokenSet, Written, handle, id, living, may_issue, sign};
use crate::applications::App;
use crate::cx::Cx;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, FamilyId, GrantId, Id, IssuerKind, Millis, Result,
    Secret,
};
use keystead_protocol::oauth::scope::Scope;
use keystead_store::refresh_families::{self as rows, Presented};
use keystead_store::{grants, sessions};

const PREFIX: &str = "ksr_";
/// Retries that one rotation allows within its grace.
const RETRIES: i64 = 20;
const BODY: usize = 4 + 12 + 8;

/// What a refresh token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parsed {
    pub version: u32,
    pub family: FamilyId,
    pub n: i64,
}

impl Parsed {
    fn body(self) -> Vec<u8> {
        let parts: [&[u8]; 3] =
            [&self.version.to_be_bytes(), &self.family.0.bytes(), &self.n.to_be_bytes()];
        parts.concat()
    }

    fn token(self, cx: &Cx) -> Result<Secret> {
        let body = self.body();
        let mac = cx
            .pool
            .keys
            .refresh_mac(i64::from(self.version), &body)
            .ok_or_else(|| Error::new(Code::Internal).caused_by("a refresh key is gone"))?;
        let bytes = [body.as_slice(), mac.as_ref()].concat();
        Ok(Secret::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }
}

/// Reads a refresh token; `None` unless its MAC is right. No store is asked.
pub(super) fn parse(cx: &Cx, token: &str) -> Option<Parsed> {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (body, mac) = bytes.split_at_checked(BODY)?;
    let version = u32::from_be_bytes(body.get(..4)?.try_into().ok()?);
    let family = Id::from_bytes(body.get(4..16)?.try_into().ok()?);
    let n = i64::from_be_bytes(body.get(16..)?.try_into().ok()?);
    let right = cx.pool.keys.refresh_verify(i64::from(version), body, mac);
    right.then_some(Parsed { version, family: FamilyId(family), n })
}

/// Writes the family of a grant and answers its first token; joins the open transaction.
pub(super) async fn found_family(cx: &mut Cx, basis: &Basis<'_>) -> Result<Secret> {
    let settings = &basis.app.settings;
    let version = cx.pool.keys.refresh_version();
    let id: FamilyId = cx.id()?;
    let minutes = i64::from(settings.refresh_absolute_minutes);
    let expires_at = cx.now.plus_seconds(minutes * 60);
    let family = rows::Family {
        id,
        grant_id: basis.grant.id,
        application_id: basis.app.id,
        user_id: basis.user.user.id,
        n: 1,
        mac_version: version,
        // Only an application that keeps a secret may switch rotation off (`signin.md` 5.5).
        rotating: settings.refresh_rotation || !basis.app.is_confidential(),
        idle_at: idle_end(basis.app, cx.now).min(expires_at),
        expires_at,
        revoked_at: None,
    };
    let now = cx.now;
    rows::insert(&mut cx.store(), &family, now).await?;
    Parsed { version: version_u32(version)?, family: id, n: 1 }.token(cx)
}

/// A refresh token as a token endpoint received it.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The token.
    pub token: &'a str,
    /// The scope asked for.
    pub scope: Option<&'a str>,
    /// By which protocol's door.
    pub issuer: IssuerKind,
}

/// Trades a refresh token for new tokens.
///
/// # Errors
/// `grant.invalid` for an unknown, foreign, old or revoked one, `refresh.grace_used`,
/// `scope.invalid` for a scope wider than the grant's. What they change is settled before.
pub async fn refresh(cx: &mut Cx, app: &App, offer: Offer<'_>) -> Result<TokenSet> {
    let parsed = parse(cx, offer.token).ok_or(Code::GrantInvalid)?;
    // A scope that is too wide, or the wrong door, must not use the token up.
    let granted = family_scope(cx, app, parsed.family, offer.issuer).await?;
    let scope = narrowed(&granted, offer.scope)?;
    let presented = Presented {
        family: parsed.family,
        n: parsed.n,
        application: app.id,
        grace_ms: i64::from(app.settings.refresh_grace_s) * 1_000,
        now: cx.now,
    };
    let Some((grant, n)) = advance(cx, app, presented).await? else {
        return Err(refused(cx, app, presented).await?);
    };
    let Some((grant, user, session)) = living(cx, grant).await? else {
        super::end_grant(cx, grant, Some(parsed.family), "ended").await?;
        cx.settle().await?;
        return Err(Code::GrantInvalid.into());
    };
    let basis = Basis { app, user: &user, grant: &grant, session: session.as_ref() };
    may_issue(cx, &basis)?;
    if let Some(session) = &session {
        extend(cx, session).await?;
    }
    let roles = id::roles(cx, &basis, &scope).await?;
    let handle = handle(cx, &basis, &scope).await?;
    cx.settle().await?;
    let next = Parsed { n, ..parsed }.token(cx)?;
    sign(cx, &basis, &scope, None, Written { handle, refresh: Some(next), roles })
}

async fn advance(cx: &mut Cx, app: &App, p: Presented) -> Result<Option<(GrantId, i64)>> {
    let idle_at = idle_end(app, cx.now);
    let mut s = cx.store();
    if let Some(moved) = rows::rotate(&mut s, p, RETRIES, idle_at).await? {
        return Ok(Some(moved));
    }
    if let Some(again) = rows::retry(&mut s, p).await? {
        return Ok(Some(again));
    }
    Ok(rows::used(&mut s, p, idle_at).await?)
}

/// Nothing matched: reuse ends the family and its grant; a used-up grace only waits.
async fn refused(cx: &mut Cx, app: &App, p: Presented) -> Result<Error> {
    if let Some(grant) = rows::reused(&mut cx.store(), p).await? {
        let now = cx.now;
        grants::end(&mut cx.store(), grant, "reuse", now).await?;
        cx.note(ChangeKind::Grant, grant);
        cx.emit(
            Event::refused(EventKind::RefreshTokenReused, Code::GrantInvalid)
                .on("refresh_family", p.family, None)
                .through(app.id),
        );
        cx.settle().await?;
        return Ok(Code::GrantInvalid.into());
    }
    let family = rows::get(&mut cx.store(), p.family).await?;
    let waiting = family.is_some_and(|f| {
        f.application_id == app.id
            && f.rotating
            && f.revoked_at.is_none()
            && f.expires_at > p.now
            && f.idle_at > p.now
            && (f.n == p.n + 1 || f.n == p.n + 2)
    });
    cx.settle().await?;
    let grace_s = app.settings.refresh_grace_s.max(1);
    Ok(match waiting {
        true => Error::new(Code::RefreshGraceUsed).retry_after(grace_s),
        false => Error::new(Code::GrantInvalid),
    })
}

async fn family_scope(
    cx: &mut Cx,
    app: &App,
    family: FamilyId,
    issuer: IssuerKind,
) -> Result<String> {
    let mut s = cx.store();
    let family = rows::get(&mut s, family).await?.filter(|f| f.application_id == app.id);
    let grant = match family {
        Some(family) => grants::get(&mut s, family.grant_id).await?,
        None => None,
    };
    let grant = grant.filter(|grant| grant.issuer_kind == issuer.name());
    grant.map(|grant| grant.scope).ok_or_else(|| Code::GrantInvalid.into())
}

fn narrowed(granted: &str, requested: Option<&str>) -> Result<Scope> {
    let granted = Scope::parse(granted).map_err(|_| Error::new(Code::Internal))?;
    granted.narrowed(requested).map_err(|_| Error::new(Code::ScopeInvalid).field("scope"))
}

/// Using a refresh token uses its session.
async fn extend(cx: &mut Cx, session: &sessions::Session) -> Result<()> {
    crate::sessions::touch(cx, session).await
}

fn idle_end(app: &App, now: Millis) -> Millis {
    now.plus_seconds(i64::from(app.settings.refresh_idle_minutes) * 60)
}

fn version_u32(version: i64) -> Result<u32> {
    u32::try_from(version).map_err(|e| Error::new(Code::Internal).caused_by(e))
}
