//! A flow: what was asked, who was proved; in memory, or stored while it waits for a human.

use super::method::{MethodId, Proof};
use super::steps::Answers;
use crate::applications::{self, App};
use crate::counters;
use crate::cx::Cx;
use crate::seal::purpose_hash;
use crate::sessions::Current;
use crate::users::{UserView, lookup};
use keystead_model::{
    Code, Error, IssuerKind, Millis, Result, Secret, SessionId, SigninId, UserId,
};
use keystead_protocol::oauth::request::ValidRequest;
use keystead_protocol::oauth::scope::Scope;
use keystead_store::signins as rows;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

const PURPOSE: &str = "signin";
/// A page flow may take this long.
const PAGE_LIFE_S: i64 = 30 * 60;
const HOUR_MS: i64 = 60 * 60_000;

/// What a flow was begun for.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// A checked authorization request of a browser.
    Authorization(Box<ValidRequest>),
    /// Tokens for an API door, at once.
    Direct(Direct),
}

/// What an API door asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Direct {
    /// The scope.
    pub scope: Scope,
    /// By which protocol's door.
    #[serde(default)]
    pub issuer: IssuerKind,
}

impl From<Scope> for Direct {
    fn from(scope: Scope) -> Self {
        Self { scope, issuer: IssuerKind::Oidc }
    }
}

impl Request {
    /// The protocol that gives the authorization.
    #[must_use]
    pub fn issuer(&self) -> IssuerKind {
        match self {
            Self::Authorization(request) => request.parts().issuer,
            Self::Direct(direct) => direct.issuer,
        }
    }
}

/// A flow.
#[derive(Debug)]
pub struct Flow {
    /// The application it is for.
    pub application: Arc<App>,
    /// What it was begun for.
    pub request: Request,
    /// Who was proved.
    pub user: Option<UserId>,
    /// By which proofs.
    pub proofs: Vec<Proof>,
    /// What was answered so far, beside the proofs.
    pub answers: Answers,
    /// The user that an `id_token_hint` names.
    pub hinted_user: Option<UserId>,
    stored: Option<Stored>,
}

#[derive(Clone, Copy, Debug)]
struct Stored {
    id: SigninId,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Document {
    request: Request,
    hinted_user: Option<UserId>,
}

/// Begins a flow for a checked authorization request.
#[must_use]
pub fn begin(application: Arc<App>, request: ValidRequest, hinted_user: Option<UserId>) -> Flow {
    let request = Request::Authorization(Box::new(request));
    Flow::new(application, request, hinted_user)
}

/// Begins a flow at an API door.
#[must_use]
pub fn begin_direct(application: Arc<App>, asked: impl Into<Direct>) -> Flow {
    let request = Request::Direct(asked.into());
    Flow::new(application, request, None)
}

/// What a browser needs to come back to a stored flow.
#[derive(Debug)]
pub struct Ticket {
    /// The flow's id, in the page's address.
    pub id: SigninId,
    /// The flow's secret, in the cookie named after the id.
    pub secret: Secret,
}

impl Flow {
    fn new(application: Arc<App>, request: Request, hinted_user: Option<UserId>) -> Self {
        let (proofs, answers) = (Vec::new(), Answers::default());
        Self { application, request, user: None, proofs, answers, hinted_user, stored: None }
    }

    /// Stores the flow because a human must act.
    ///
    /// # Errors
    /// `rate.limited` when the network address has begun too many; faults of the store.
    pub async fn store(&mut self, cx: &mut Cx) -> Result<Ticket> {
        admit(cx).await?;
        let id: SigninId = cx.id()?;
        let secret = cx.core.random.token()?;
        let document = Document { request: self.request.clone(), hinted_user: self.hinted_user };
        let request =
            serde_json::to_value(document).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
        let (ip, now) = (cx.request.ip.to_string(), cx.now);
        let user_agent = cx.request.user_agent.clone();
        let new = rows::NewSignin {
            id,
            application: self.application.id,
            kind: "browser",
            secret_hash: &purpose_hash(PURPOSE, secret.expose()),
            request: &request,
            ip: &ip,
            user_agent: user_agent.as_deref(),
            now,
            expires_at: now.plus_seconds(PAGE_LIFE_S),
        };
        rows::insert(&mut cx.store(), &new).await?;
        self.stored = Some(Stored { id, version: 1 });
        Ok(Ticket { id, secret })
    }

    /// Its id, where it is stored.
    #[must_use]
    pub fn id(&self) -> Option<SigninId> {
        self.stored.map(|stored| stored.id)
    }

    /// What the application asks for.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        match &self.request {
            Request::Authorization(request) => &request.parts().scope,
            Request::Direct(direct) => &direct.scope,
        }
    }

    /// The ways to sign in that its application offers, in their order.
    #[must_use]
    pub fn methods(&self) -> Vec<MethodId> {
        self.application.settings.signin_methods.iter().copied().map(MethodId::from).collect()
    }

    /// Whether its application offers this way to sign in.
    #[must_use]
    pub fn offers(&self, method: MethodId) -> bool {
        self.methods().contains(&method)
    }

    /// Keeps what was proved and answered so far, by compare-and-set; `false` when another event
    /// was faster.
    pub(crate) async fn keep(&mut self, cx: &mut Cx) -> Result<bool> {
        let Some(stored) = &mut self.stored else { return Ok(true) };
        let (id, version) = (stored.id, stored.version);
        let (proofs, answers, now) = (json!(self.proofs), json!(self.answers), cx.now);
        let facts = rows::SigninFacts { user: self.user, proofs: &proofs, answers: &answers };
        let kept = rows::keep(&mut cx.store(), (id, version), &facts, now).await?;
        stored.version += i64::from(kept);
        Ok(kept)
    }

    /// Who the flow is about: the proved user, else the fitting session's.
    pub(super) async fn person(
        &self,
        cx: &mut Cx,
        session: Option<&Current>,
    ) -> Result<Option<UserView>> {
        let fitting = session.filter(|s| super::rules::session_fits(self, s, cx.now));
        match self.user.or(fitting.map(|s| s.user.id)) {
            Some(user) => lookup::view(cx, user).await.map(Some),
            None => Ok(None),
        }
    }

    /// Closes a stored flow as done; `false` when another event was faster.
    pub(super) async fn close_done(&self, cx: &mut Cx, session: SessionId) -> Result<bool> {
        self.close(cx, "done", Some(session), None).await
    }

    /// Closes a stored flow as denied; `false` when another event was faster.
    pub(super) async fn close_denied(&self, cx: &mut Cx, code: Code) -> Result<bool> {
        self.close(cx, "denied", None, Some(code.key())).await
    }

    async fn close(
        &self,
        cx: &mut Cx,
        state: &'static str,
        session: Option<SessionId>,
        denied: Option<&str>,
    ) -> Result<bool> {
        let Some(stored) = self.stored else { return Ok(true) };
        let proofs = json!(self.proofs);
        let end = rows::SigninEnd {
            id: stored.id,
            version: stored.version,
            user: self.user,
            proofs: &proofs,
            session,
            state,
            denied,
            now: cx.now,
        };
        Ok(rows::close(&mut cx.store(), &end).await?)
    }
}

/// Counts a begun flow on the network it comes from: whoever asks without end must not fill the
/// table.
async fn admit(cx: &mut Cx) -> Result<()> {
    let limits = counters::per_network(cx, "begin", cx.settings().begins_per_hour, HOUR_MS);
    match counters::act(cx, &limits).await? {
        Some(s) => Err(Error::new(Code::RateLimited).arg("wait_s", s).retry_after(s)),
        None => Ok(()),
    }
}

/// The open flow of this id and secret.
///
/// # Errors
/// `signin.expired` when it is over, done, another browser's, or its application is gone.
pub async fn load(cx: &mut Cx, id: &str, secret: &str) -> Result<Flow> {
    let hash = purpose_hash(PURPOSE, secret);
    let now: Millis = cx.now;
    let row = rows::by_secret(&mut cx.store(), &hash)
        .await?
        .filter(|row| row.id.to_string() == id && row.state == "open" && now < row.expires_at)
        .ok_or(Code::SigninExpired)?;
    let Document { request, hinted_user } =
        serde_json::from_value(row.request).map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    let application = match row.application_id {
        Some(application) => applications::get(cx, application).await?,
        None => None,
    };
    Ok(Flow {
        application: application.ok_or(Code::SigninExpired)?,
        request,
        user: row.user_id,
        proofs: serde_json::from_value(row.proofs)
            .map_err(|e| Error::new(Code::Internal).caused_by(e))?,
        answers: serde_json::from_value(row.answers)
            .map_err(|e| Error::new(Code::Internal).caused_by(e))?,
        hinted_user,
        stored: Some(Stored { id: row.id, version: row.version }),
    })
}
