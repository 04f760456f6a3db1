//! Making and changing applications.

use super::{App, by_client_id};
use crate::cx::Cx;
use crate::settings::{self, Owner};
use keystead_model::settings::{Document, TokenAuth};
use keystead_model::{
    ApplicationId, ChangeKind, Code, Error, Event, EventKind, Page, PageRequest, Permission,
    Result, Secret,
};
use keystead_protocol::oauth::redirect;
use keystead_store::{OnConflict, applications as rows};
use serde_json::json;
use std::sync::Arc;

/// Most addresses an application may register of one kind.
const ADDRESSES: usize = 100;
/// Longest name or identifier, in characters.
const NAME_MAX: usize = 256;

/// What an application is made of. The whole of it: writing one replaces all of these.
#[derive(Clone, Debug)]
pub struct ApplicationFacts {
    /// What the wire calls it.
    pub client_id: String,
    /// Its readable identifier, unique over all pools.
    pub identifier: String,
    /// Its name.
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
}

impl ApplicationFacts {
    /// What this application is made of.
    #[must_use]
    pub fn of(app: &App) -> Self {
        Self {
            client_id: app.client_id.clone(),
            identifier: app.identifier.clone(),
            name: app.name.clone(),
            secret: app.secret.clone(),
            token_auth: app.token_auth,
            redirect_uris: app.redirect_uris.clone(),
            logout_uris: app.logout_uris.clone(),
            is_first_party: app.is_first_party,
        }
    }

    /// Whether the application is made of just this.
    #[must_use]
    pub fn same_as(&self, app: &App) -> bool {
        let secrets = match (&self.secret, &app.secret) {
            (Some(one), Some(other)) => one.same_as(other.expose()),
            (one, other) => one.is_none() && other.is_none(),
        };
        secrets
            && self.client_id == app.client_id
            && self.identifier == app.identifier
            && self.name == app.name
            && self.token_auth == app.token_auth
            && self.redirect_uris == app.redirect_uris
            && self.logout_uris == app.logout_uris
            && self.is_first_party == app.is_first_party
    }
}

/// Makes an application; a secret that is needed and was not given is made as well. It joins the
/// open transaction.
///
/// # Errors
/// A value that does not fit, or one that another application has; the field is named.
pub async fn create(
    cx: &mut Cx,
    mut facts: ApplicationFacts,
    document: &Document,
) -> Result<Arc<App>> {
    cx.require(Permission::ApplicationCreate)?;
    if facts.secret.is_none() && facts.token_auth != TokenAuth::None {
        facts.secret = Some(Secret::new(cx.core.random.hex(16)?));
    }
    check(&facts)?;
    let id: ApplicationId = facts.client_id.parse().map_or_else(|_| cx.id(), Ok)?;
    write(cx, id, &facts, false).await?;
    cx.emit(Event::new(EventKind::ApplicationCreated).on(
        "application",
        id,
        Some(facts.name.clone()),
    ));
    settings::change(cx, Owner::Application(id), document).await?;
    read(cx, &facts.client_id).await
}

/// Gives an application these facts and overlays its settings. It joins the open transaction.
/// Says whether anything changed.
///
/// # Errors
/// As [`create`].
pub async fn update(
    cx: &mut Cx,
    app: &App,
    facts: &ApplicationFacts,
    document: &Document,
) -> Result<bool> {
    cx.require(Permission::ApplicationUpdate)?;
    check(facts)?;
    let same = facts.same_as(app);
    if !same {
        write(cx, app.id, facts, true).await?;
        cx.emit(Event::new(EventKind::ApplicationUpdated).on(
            "application",
            app.id,
            Some(facts.name.clone()),
        ));
    }
    let changed = settings::change(cx, Owner::Application(app.id), document).await?;
    Ok(changed || !same)
}

/// Gives an application another secret and answers it. The old one is worth nothing any more.
///
/// # Errors
/// `field.invalid` for a public application, which has none.
pub async fn renew_secret(cx: &mut Cx, app: &App) -> Result<Secret> {
    cx.require(Permission::ApplicationUpdate)?;
    if !app.is_confidential() {
        let error = Error::new(Code::FieldInvalid).field("token_auth");
        return Err(error.arg("expected", "an application that has a secret"));
    }
    let secret = Secret::new(cx.core.random.hex(16)?);
    let (sealed, now) = (seal(cx, app.id, &secret)?, cx.now);
    rows::set_secret(&mut cx.store(), app.id, &sealed, now).await?;
    cx.note(ChangeKind::Application, app.id);
    cx.emit(Event::new(EventKind::ApplicationSecretRenewed).on(
        "application",
        app.id,
        Some(app.name.clone()),
    ));
    Ok(secret)
}

/// Switches an application on or off. Says whether that changed anything.
///
/// # Errors
/// Faults of the store.
pub async fn switch(cx: &mut Cx, app: &App, enabled: bool) -> Result<bool> {
    cx.require(Permission::ApplicationUpdate)?;
    if app.enabled == enabled {
        return Ok(false);
    }
    let (status, now) = (if enabled { "enabled" } else { "disabled" }, cx.now);
    rows::set_status(&mut cx.store(), app.id, status, now).await?;
    cx.note(ChangeKind::Application, app.id);
    cx.emit(
        Event::new(EventKind::ApplicationUpdated)
            .on("application", app.id, Some(app.name.clone()))
            .detail(json!({ "status": status })),
    );
    Ok(true)
}

/// One page of the pool's applications, by their names.
///
/// # Errors
/// Faults of the store.
pub async fn list(cx: &mut Cx, page: PageRequest) -> Result<Page<rows::Application>> {
    cx.require(Permission::ApplicationRead)?;
    let mut s = cx.store();
    let total = rows::count(&mut s).await?;
    Ok(Page { total, rows: rows::page(&mut s, page.limit(), page.offset()).await? })
}

/// What was written, read inside the transaction: nothing of it may be kept before it commits.
async fn read(cx: &mut Cx, client_id: &str) -> Result<Arc<App>> {
    match rows::by_client_id(&mut cx.store(), client_id).await? {
        Some(row) => super::read(cx, row).await,
        None => Err(Error::new(Code::Internal).caused_by("an application is gone at once")),
    }
}

/// Checks what the wire or a file gave.
fn check(facts: &ApplicationFacts) -> Result<()> {
    let invalid = |field: &'static str, expected: &str| {
        Err(Error::new(Code::FieldInvalid).field(field).arg("expected", expected))
    };
    for (field, text) in
        [("client_id", &facts.client_id), ("identifier", &facts.identifier), ("name", &facts.name)]
    {
        let length = text.chars().count();
        if length == 0 || length > NAME_MAX || text.chars().any(char::is_control) {
            return invalid(field, "1 to 256 characters, on one line");
        }
    }
    match (&facts.secret, facts.token_auth) {
        (Some(_), TokenAuth::None) => return invalid("secret", "none, since token_auth is none"),
        (None, TokenAuth::ClientSecretPost | TokenAuth::ClientSecretBasic) => {
            return invalid("secret", "a secret, unless token_auth is none");
        }
        (Some(secret), _) if secret.expose().trim().is_empty() => {
            return invalid("secret", "a text that is not empty");
        }
        _ => {}
    }
    for (field, uris) in
        [("redirect_uris", &facts.redirect_uris), ("logout_uris", &facts.logout_uris)]
    {
        if uris.len() > ADDRESSES {
            return invalid(field, "at most 100 addresses");
        }
        for (n, uri) in uris.iter().enumerate() {
            redirect::register_check(uri).map_err(|e| {
                let field = format!("{field}[{n}]");
                Error::new(Code::FieldInvalid).field(field).arg("expected", e.to_string())
            })?;
        }
    }
    Ok(())
}

fn seal(cx: &Cx, id: ApplicationId, secret: &Secret) -> Result<String> {
    let column = "applications.secret_enc";
    cx.pool.keys.seal(&cx.core.random, column, &id.to_string(), secret.expose().as_bytes())
}

async fn write(
    cx: &mut Cx,
    id: ApplicationId,
    facts: &ApplicationFacts,
    exists: bool,
) -> Result<()> {
    let secret_enc = facts.secret.as_ref().map(|secret| seal(cx, id, secret)).transpose()?;
    let (redirects, logouts) = (json!(facts.redirect_uris), json!(facts.logout_uris));
    let row = rows::NewApplication {
        id,
        client_id: &facts.client_id,
        identifier: &facts.identifier,
        name: &facts.name,
        secret_enc: secret_enc.as_deref(),
        token_auth: facts.token_auth.name(),
        redirect_uris: &redirects,
        logout_uris: &logouts,
        is_first_party: facts.is_first_party,
        now: cx.now,
    };
    let taken = |field: &'static str| {
        Error::new(Code::FieldInvalid).field(field).arg("expected", "one that is not taken")
    };
    let mut s = cx.store();
    let written =
        if exists { rows::update(&mut s, &row).await } else { rows::insert(&mut s, &row).await };
    written
        .on_conflict("applications_client_id_key", taken("client_id"))
        .on_conflict("applications_identifier_key", taken("identifier"))?;
    cx.note(ChangeKind::Application, id);
    Ok(())
}

/// The application with this client id.
///
/// # Errors
/// `application.unknown`.
pub async fn find(cx: &mut Cx, client_id: &str) -> Result<Arc<App>> {
    cx.require(Permission::ApplicationRead)?;
    let unknown = || Error::new(Code::ApplicationUnknown).field("client_id");
    by_client_id(cx, client_id).await?.ok_or_else(unknown)
}
