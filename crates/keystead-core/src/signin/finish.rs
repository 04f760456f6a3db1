//! The end of a flow: one transaction closes it and makes session, grant and code.

use super::flow::{Flow, Request};
use super::landing::Landing;
use super::{Denial, Next, Proof};
use crate::codes::{self, Binding};
use crate::consents;
use crate::cx::Cx;
use crate::sessions::{self, Current, Session};
use crate::users::UserView;
use keystead_model::{ChangeKind, Code, Event, EventKind, GrantId, Result, Secret, SessionId};
use keystead_store::{grants, sessions as rows, users as user_rows};
use serde_json::json;

/// A finished sign-in.
#[derive(Debug)]
pub struct Done {
    /// Who.
    pub user: UserView,
    /// Their session.
    pub session: Session,
    /// The new value of the browser's session cookie; none when the old one stays.
    pub cookie: Option<Secret>,
    /// The grant to the application.
    pub grant: grants::Grant,
    /// Where the browser goes; none at API doors.
    pub landing: Option<Landing>,
}

/// Finishes a flow whose rules are all met. A browser's flow is settled here; the one of an API
/// door goes on in the same transaction to its tokens, which [`crate::tokens::issue`] settles.
pub(super) async fn finish(
    cx: &mut Cx,
    flow: &mut Flow,
    current: Option<&Current>,
    user: Option<UserView>,
) -> Result<Next> {
    let Some(user) = user else {
        return Ok(Next::Denied(Denial::from(Code::SigninExpired)));
    };
    flow.user = Some(user.user.id);
    let (session, cookie) = open_session(cx, flow, current, &user).await?;
    if !flow.close_done(cx, session.id).await? {
        cx.rollback().await?;
        return Ok(Next::Denied(Code::SigninExpired.into()));
    }
    if let Some(allowed) = &flow.answers.allowed {
        consents::grant(cx, user.user.id, &flow.application, &allowed.scope).await?;
    }
    let grant = open_grant(cx, flow, &session).await?;
    let landing = match &flow.request {
        Request::Authorization(request) => {
            let binding = Binding {
                redirect_uri: request.parts().redirect.as_str().to_owned(),
                redirect_sent: request.parts().redirect_given,
                challenge: request.parts().challenge.clone(),
            };
            let code =
                codes::issue(cx, &flow.application, user.user.id, grant.id, &binding).await?;
            let issuer = cx.pool.issuer();
            Some(Landing::answer(request, &issuer, vec![("code", code.expose().to_owned())]))
        }
        Request::Direct(_) => None,
    };
    note(cx, flow, &user, session.id).await?;
    if landing.is_some() {
        cx.settle().await?;
    }
    Ok(Next::Done(Box::new(Done { user, session, cookie, grant, landing })))
}

/// The session of a finished flow: the fitting one goes on; a fresh proof gives the same
/// person's session a new cookie; anybody else's session on this browser ends.
async fn open_session(
    cx: &mut Cx,
    flow: &Flow,
    current: Option<&Current>,
    user: &UserView,
) -> Result<(Session, Option<Secret>)> {
    if let Some(current) = current {
        if current.user.id == user.user.id && flow.proofs.is_empty() {
            sessions::touch(cx, &current.session).await?;
            return Ok((current.session.clone(), None));
        }
        if current.user.id == user.user.id {
            if let Some(renewed) = renew(cx, flow, current, user).await? {
                return Ok(renewed);
            }
        } else {
            sessions::end(cx, current.session.id, "replaced").await?;
        }
    }
    let id: SessionId = cx.id()?;
    let browser = matches!(flow.request, Request::Authorization(_));
    let minutes = i64::from(cx.settings().session_absolute_minutes);
    let expires_at = cx.now.plus_seconds(minutes * 60);
    let session = Session {
        id,
        user_id: user.user.id,
        kind: if browser { "browser" } else { "api" }.to_owned(),
        generation: user.security.generation,
        proofs: json!(flow.proofs),
        acr: "1".to_owned(),
        auth_at: cx.now,
        seen_at: cx.now,
        idle_at: sessions::idle_end(cx, expires_at),
        expires_at,
        ended_at: None,
    };
    let cookie = if browser { Some(sessions::new_cookie(cx)?) } else { None };
    let (ip, agent) = (cx.request.user_ip().to_string(), cx.request.user_agent.clone());
    let hash = cookie.as_ref().map(|(_, hash)| hash.as_str());
    rows::insert(&mut cx.store(), &session, hash, &ip, agent.as_deref()).await?;
    Ok((session, cookie.map(|(secret, _)| secret)))
}

async fn renew(
    cx: &mut Cx,
    flow: &Flow,
    current: &Current,
    user: &UserView,
) -> Result<Option<(Session, Option<Secret>)>> {
    let (secret, hash) = sessions::new_cookie(cx)?;
    let session = Session {
        generation: user.security.generation,
        proofs: json!(flow.proofs),
        auth_at: cx.now,
        seen_at: cx.now,
        idle_at: sessions::idle_end(cx, current.session.expires_at),
        ..current.session.clone()
    };
    if rows::renew(&mut cx.store(), &session, &hash).await? == 0 {
        // It ended since it was read.
        return Ok(None);
    }
    cx.note(ChangeKind::Session, session.id);
    Ok(Some((session, Some(secret))))
}

async fn open_grant(cx: &mut Cx, flow: &Flow, session: &Session) -> Result<grants::Grant> {
    let nonce = match &flow.request {
        Request::Authorization(request) => request.parts().nonce.clone(),
        Request::Direct(_) => None,
    };
    let id: GrantId = cx.id()?;
    let grant = grants::Grant {
        id,
        session_id: Some(session.id),
        user_id: session.user_id,
        application_id: flow.application.id,
        generation: session.generation,
        issuer_kind: flow.request.issuer().name().to_owned(),
        scope: flow.scope().to_string(),
        nonce,
        expires_at: session.expires_at,
        ended_at: None,
    };
    let now = cx.now;
    grants::insert(&mut cx.store(), &grant, now).await?;
    Ok(grant)
}

async fn note(cx: &mut Cx, flow: &Flow, user: &UserView, session: SessionId) -> Result<()> {
    let application = flow.application.id.to_string();
    let (ip, agent) = (cx.request.said_ip().to_string(), cx.request.user_agent.clone());
    if !flow.proofs.is_empty() {
        let login = user_rows::Login {
            user: user.user.id,
            at: cx.now,
            ip: &ip,
            application: &application,
            user_agent: agent.as_deref(),
        };
        user_rows::signed_in(&mut cx.store(), &login).await?;
    }
    let now = cx.now;
    user_rows::past::signed_in_to(&mut cx.store(), user.user.id, flow.application.id, now).await?;
    let amr: Vec<&str> = flow.proofs.iter().map(|proof: &Proof| proof.amr.as_str()).collect();
    cx.emit(
        Event::new(EventKind::SignedIn)
            .on("user", user.user.id, Some(crate::users::label(&user.user)))
            .through(flow.application.id)
            .detail(json!({ "session": session, "amr": amr })),
    );
    Ok(())
}
