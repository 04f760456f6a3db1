//! A whole authorization request that kept every rule: the only thing a flow of the
//! authorization endpoint begins with.

use super::errors::Refusal;
use super::params::Params;
use super::pkce::Challenge;
use super::redirect::Redirect;
use super::response::{Display, Prompt, ResponseMode, ResponseType};
use super::rules::{self, ClientFacts};
use super::scope::Scope;
use keystead_model::IssuerKind;
use serde::{Deserialize, Serialize};

/// The longest `state` and `nonce`, in bytes: they stand in our rows and in every answer.
const MAX_STATE: usize = 2_048;
/// The longest `login_hint`, in bytes.
const MAX_HINT: usize = 512;

/// The parts of a request. Each of the types with rules exists only through its check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The application's `client_id`.
    pub client_id: String,
    /// By which protocol it was asked for.
    #[serde(default)]
    pub issuer: IssuerKind,
    /// Where the answer goes.
    pub redirect: Redirect,
    /// Whether the request named `redirect_uri`: only then must the redemption name it as well
    /// (RFC 6749, 4.1.3).
    pub redirect_given: bool,
    /// What is answered.
    pub response_type: ResponseType,
    /// How the answer goes there.
    pub response_mode: ResponseMode,
    /// What is asked for.
    pub scope: Scope,
    /// Returned unchanged.
    pub state: Option<String>,
    /// Put into the ID token unchanged.
    pub nonce: Option<String>,
    /// The challenge of PKCE.
    pub challenge: Option<Challenge>,
    /// Which pages must or must not be shown.
    pub prompt: Prompt,
    /// Seconds since the last proof, at most.
    pub max_age: Option<u32>,
    /// Size of the page.
    pub display: Option<Display>,
    /// Who is probably signing in.
    pub login_hint: Option<String>,
    /// An ID token of who must be signing in; **not verified yet**.
    pub id_token_hint: Option<String>,
    /// Languages in order of preference.
    pub ui_locales: Vec<String>,
    /// Strengths of authentication in order of preference.
    pub acr_values: Vec<String>,
}

/// A request that kept every rule. `Deserialize` is for what our own store held, and trusts it:
/// never read one from anywhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ValidRequest(Parts);

/// Where a refusal may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// On our own page: there is no address that we may send the browser to.
    Page(Refusal),
    /// At the client, with `state` and `iss` beside it.
    Client {
        /// Where the answer goes.
        redirect: Redirect,
        /// How it goes there.
        response_mode: ResponseMode,
        /// Returned unchanged.
        state: Option<String>,
        /// What was wrong.
        refusal: Refusal,
    },
}

impl Failure {
    /// What was wrong.
    #[must_use]
    pub const fn refusal(&self) -> &Refusal {
        match self {
            Self::Page(refusal) | Self::Client { refusal, .. } => refusal,
        }
    }
}

impl ValidRequest {
    /// Puts parts together that a table of rules has made; their types are the proof.
    #[must_use]
    pub const fn gather(parts: Parts) -> Self {
        Self(parts)
    }

    /// Runs every rule over a request, in the order that decides where a refusal is shown: first
    /// the address, then how and with which `state` to answer there, then the rest.
    ///
    /// The caller has found the application by `client_id`, and knows that it is enabled. A flaw
    /// of the parameters as such (one stands twice) is told to the client as well, where there is
    /// an address to tell it.
    ///
    /// # Errors
    /// The first rule that was broken, and where to say so.
    pub fn check(params: &Params, client: &ClientFacts<'_>) -> Result<Self, Failure> {
        let redirect = rules::redirect(params, client).map_err(Failure::Page)?;
        // A mode or state that cannot be used is reported in the plainest way there is.
        let mode = rules::response_mode(params);
        let state = rules::text(params, "state", MAX_STATE);
        let response_mode = *mode.as_ref().unwrap_or(&ResponseMode::Query);
        let kept_state = state.as_ref().ok().cloned().flatten();
        let rest = || {
            if let Some(flaw) = params.flaw() {
                return Err(flaw.clone());
            }
            mode?;
            state?;
            Self::rest(params, client, (redirect.clone(), response_mode, kept_state.clone()))
        };
        rest().map_err(|refusal| Failure::Client {
            redirect: redirect.clone(),
            response_mode,
            state: kept_state.clone(),
            refusal,
        })
    }

    fn rest(
        params: &Params,
        client: &ClientFacts<'_>,
        (redirect, response_mode, state): (Redirect, ResponseMode, Option<String>),
    ) -> Result<Self, Refusal> {
        rules::unsupported(params)?;
        Ok(Self::gather(Parts {
            client_id: client.client_id.to_owned(),
            issuer: if client.openid { IssuerKind::Oidc } else { IssuerKind::Oauth },
            redirect,
            redirect_given: params.get("redirect_uri").is_some(),
            response_type: rules::response_type(params)?,
            response_mode,
            scope: rules::scope(params, client)?,
            state,
            nonce: rules::text(params, "nonce", MAX_STATE)?,
            challenge: rules::challenge(params, client)?,
            prompt: rules::prompt(params)?,
            max_age: rules::age(params)?,
            display: rules::display(params),
            login_hint: rules::text(params, "login_hint", MAX_HINT)?,
            id_token_hint: rules::text(params, "id_token_hint", crate::jose::MAX_TOKEN_BYTES)?,
            ui_locales: rules::list(params, "ui_locales"),
            acr_values: rules::list(params, "acr_values"),
        }))
    }

    /// The parts, to be read.
    #[must_use]
    pub const fn parts(&self) -> &Parts {
        &self.0
    }
}

/// Makes an accessor per part.
macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident: $ty:ty = $get:expr;)*) => {
        impl ValidRequest {
            $($(#[$doc])* #[must_use] pub fn $name(&self) -> $ty {
                let get: fn(&Parts) -> $ty = $get;
                get(&self.0)
            })*
        }
    };
}

accessors! {
    /// The application's `client_id`.
    client_id: &str = |p| &p.client_id;
    /// Where the answer goes.
    redirect: &Redirect = |p| &p.redirect;
    /// Whether the request named `redirect_uri` itself.
    redirect_given: bool = |p| p.redirect_given;
    /// How the answer goes there.
    response_mode: ResponseMode = |p| p.response_mode;
    /// What is asked for.
    scope: &Scope = |p| &p.scope;
    /// Returned unchanged.
    state: Option<&str> = |p| p.state.as_deref();
    /// Put into the ID token unchanged.
    nonce: Option<&str> = |p| p.nonce.as_deref();
    /// The challenge of PKCE.
    challenge: Option<&Challenge> = |p| p.challenge.as_ref();
    /// Which pages must or must not be shown.
    prompt: &Prompt = |p| &p.prompt;
    /// Seconds since the last proof, at most.
    max_age: Option<u32> = |p| p.max_age;
    /// Who is probably signing in.
    login_hint: Option<&str> = |p| p.login_hint.as_deref();
    /// An ID token of who must be signing in; **not verified yet**.
    id_token_hint: Option<&str> = |p| p.id_token_hint.as_deref();
    /// Languages in order of preference.
    ui_locales: &[String] = |p| &p.ui_locales;
    /// Strengths of authentication in order of preference.
    acr_values: &[String] = |p| &p.acr_values;
}

#[cfg(test)]
mod tests;
