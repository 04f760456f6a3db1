//! Applications: looking one up, ready for use; making and changing them.

mod change;

pub use change::{ApplicationFacts, create, find, list, renew_secret, switch, update};

use crate::cx::Cx;
use keystead_model::settings::Scope as SettingScope;
use keystead_model::{
    ApplicationId, Code, Error, Result, Secret, Settings,
    settings::{Algorithm, TokenAuth},
};
use keystead_store::{applications as rows, settings};
use std::sync::Arc;

/// An application, ready for use.
#[derive(Debug)]
pub struct App {
    /// Its row's id.
    pub id: ApplicationId,
    /// What the wire calls it.
    pub client_id: String,
    /// Its readable identifier.
    pub identifier: String,
    /// Its name, as pages show it.
    pub name: String,
    /// Its secret; none for a public client.
    pub secret: Option<Secret>,
    /// How it authenticates at the token endpoint.
    pub token_auth: TokenAuth,
    /// Where an authorization may return to.
    pub redirect_uris: Vec<String>,
    /// Where a sign-out may return to.
    pub logout_uris: Vec<String>,
    /// Whether it is the pool's own: then nobody is asked for consent.
    pub is_first_party: bool,
    /// Whether it is switched on.
    pub enabled: bool,
    /// The effective settings: default, pool, application.
    pub settings: Settings,
}

impl App {
    /// Whether it can keep a secret.
    #[must_use]
    pub const fn is_confidential(&self) -> bool {
        !matches!(self.token_auth, TokenAuth::None)
    }

    /// The algorithm of its access tokens: never under a shared secret (`signin.md` 5.2).
    #[must_use]
    pub const fn access_algorithm(&self) -> Algorithm {
        match self.settings.signing_algorithm {
            Algorithm::Hs256 => Algorithm::Rs256,
            other => other,
        }
    }
}

/// The application with this client id.
///
/// # Errors
/// Faults of the store.
pub async fn by_client_id(cx: &mut Cx, client_id: &str) -> Result<Option<Arc<App>>> {
    let core = cx.core.clone();
    let key = (cx.pool.id, client_id.to_owned());
    core.caches
        .applications
        .get(key, async {
            match rows::by_client_id(&mut cx.store(), client_id).await? {
                Some(row) => read(cx, row).await.map(Some),
                None => Ok(None),
            }
        })
        .await
}

/// The application with this row id.
///
/// # Errors
/// Faults of the store.
pub async fn get(cx: &mut Cx, id: ApplicationId) -> Result<Option<Arc<App>>> {
    match rows::get(&mut cx.store(), id).await? {
        Some(row) => by_client_id(cx, &row.client_id).await,
        None => Ok(None),
    }
}

/// The application with this client id, if it is switched on.
///
/// # Errors
/// `application.unknown`, `application.disabled`.
pub async fn enabled(cx: &mut Cx, client_id: &str) -> Result<Arc<App>> {
    let app = by_client_id(cx, client_id).await?.ok_or(Code::ApplicationUnknown)?;
    if app.enabled { Ok(app) } else { Err(Code::ApplicationDisabled.into()) }
}

async fn read(cx: &mut Cx, row: rows::Application) -> Result<Arc<App>> {
    let id = row.id.to_string();
    let secret = match &row.secret_enc {
        Some(sealed) => Some(cx.pool.keys.open_text("applications.secret_enc", &id, sealed)?),
        None => None,
    };
    let mut effective = cx.pool.settings.clone();
    if let Some(document) = settings::get(&mut cx.store(), "application", &id).await? {
        let document = document.as_object().cloned().unwrap_or_default();
        effective
            .overlay(SettingScope::Application, &document)
            .map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    }
    let token_auth = TokenAuth::from_name(&row.token_auth).ok_or_else(|| {
        Error::new(Code::Internal).caused_by(format!("token_auth of application {id}"))
    })?;
    Ok(Arc::new(App {
        id: row.id,
        client_id: row.client_id,
        identifier: row.identifier,
        name: row.name,
        secret,
        token_auth,
        redirect_uris: row.redirect_uris,
        logout_uris: row.logout_uris,
        is_first_party: row.is_first_party,
        enabled: row.status == "enabled",
        settings: effective,
    }))
}
