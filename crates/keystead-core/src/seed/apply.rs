//! Applying a seed: pools first, then what lies in them.

use super::{Seed, SeedAccessKey, SeedApplication, SeedPool, people};
use crate::applications;
use crate::core::Core;
use crate::cx::Cx;
use crate::pools::{self, NewPool};
use keystead_model::settings::{Document, Scope, TokenAuth};
use keystead_model::{
    AccessKeyId, ApplicationId, ChangeKind, Code, Error, PoolId, Result, Settings, UserId,
};
use keystead_protocol::oauth::redirect;
use keystead_store::{OnConflict, access_keys, applications as rows, domains, doors, settings};
use serde_json::{Value, json};
use std::sync::Arc;

/// What a seed did.
#[derive(Debug, Default)]
pub struct Report {
    /// One sentence per change; empty when everything stood already.
    pub done: Vec<String>,
    /// The users of the document, in its order.
    pub users: Vec<UserId>,
}

/// Applies a seed to an open server.
///
/// # Errors
/// A value that does not fit, naming it; what came before it stays.
pub async fn apply(core: &Arc<Core>, seed: &Seed) -> Result<Report> {
    let mut report = Report::default();
    for pool in &seed.pools {
        apply_pool(core, pool, &mut report).await?;
    }
    if !seed.settings.is_empty() {
        let mut cx = open(core, None).await?;
        apply_settings(&mut cx, "pool", "", &seed.settings, &mut report).await?;
    }
    for application in &seed.applications {
        let mut cx = open(core, application.pool.as_deref()).await?;
        apply_application(&mut cx, application, &mut report).await?;
    }
    for user in &seed.users {
        let mut cx = open(core, user.pool.as_deref()).await?;
        let id = people::apply(&mut cx, user, &mut report).await?;
        report.users.push(id);
    }
    for key in &seed.access_keys {
        let mut cx = open(core, key.pool.as_deref()).await?;
        apply_access_key(&mut cx, key, &mut report).await?;
    }
    Ok(report)
}

async fn open(core: &Arc<Core>, code: Option<&str>) -> Result<Cx> {
    Cx::system(core, pool_of(core, code).await?).await
}

async fn pool_of(core: &Arc<Core>, code: Option<&str>) -> Result<PoolId> {
    let mut tx = core.db.begin();
    let found = match code {
        Some(code) => doors::pool_by_code(&mut tx, code).await?,
        None => doors::first_pool(&mut tx).await?,
    };
    found.ok_or_else(|| Error::new(Code::PoolUnknown).field("pool").arg("pool", code.unwrap_or("")))
}

async fn apply_pool(core: &Arc<Core>, pool: &SeedPool, report: &mut Report) -> Result<()> {
    let found = doors::pool_by_code(&mut core.db.begin(), &pool.code).await?;
    let id = match found {
        Some(id) => id,
        None => {
            let name = pool.name.clone().unwrap_or_else(|| pool.code.clone());
            let code = pool.code.clone();
            let new = NewPool { id: pool.id, code, name, secret: pool.secret.clone() };
            let id = pools::create(core, new).await?;
            report.done.push(format!("made pool {}", pool.code));
            id
        }
    };
    let mut cx = Cx::system(core, id).await?;
    if !pool.settings.is_empty() {
        apply_settings(&mut cx, "pool", "", &pool.settings, report).await?;
    }
    if let Some(login) = &pool.login {
        let (row, now) = (cx.id()?, cx.now);
        let made = domains::insert_login(&mut cx.store(), row, login, now)
            .await
            .on_conflict("domains_name_key", Error::new(Code::FieldInvalid).field("login"))?;
        if made > 0 {
            report.done.push(format!("pool {} answers under {login}", pool.code));
            cx.note(ChangeKind::Pool, id);
        }
        cx.settle().await?;
        cx.settled().await?;
    }
    Ok(())
}

/// Overlays settings on the stored document; a value that does not fit changes nothing.
async fn apply_settings(
    cx: &mut Cx,
    scope: &str,
    scope_id: &str,
    wanted: &Document,
    report: &mut Report,
) -> Result<()> {
    let stored = settings::get(&mut cx.store(), scope, scope_id).await?;
    let mut document = stored.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    let before = document.clone();
    document.extend(wanted.clone());
    let level = if scope == "pool" { Scope::Pool } else { Scope::Application };
    Settings::default().overlay(level, &document).map_err(|e| {
        Error::new(Code::FieldInvalid).field("settings").arg("expected", e.to_string())
    })?;
    if document == before {
        return Ok(());
    }
    let now = cx.now;
    settings::put(&mut cx.store(), scope, scope_id, &Value::Object(document), now).await?;
    let kind = if scope == "pool" { ChangeKind::Pool } else { ChangeKind::Application };
    let key = if scope == "pool" { cx.pool.id.to_string() } else { scope_id.to_owned() };
    cx.note(kind, key);
    cx.settle().await?;
    cx.settled().await?;
    report.done.push(format!("changed settings of {scope} {scope_id}").trim_end().to_owned());
    Ok(())
}

async fn apply_application(cx: &mut Cx, seed: &SeedApplication, report: &mut Report) -> Result<()> {
    check_application(seed)?;
    let found = applications::by_client_id(cx, &seed.client_id).await?;
    let id: ApplicationId = match &found {
        Some(app) => app.id,
        None => seed.client_id.parse().map_or_else(|_| cx.id(), Ok)?,
    };
    let same = found.as_ref().is_some_and(|app| {
        app.name == seed.name
            && app.token_auth.name() == seed.token_auth
            && app.redirect_uris == seed.redirect_uris
            && app.logout_uris == seed.logout_uris
            && match (&app.secret, &seed.secret) {
                (Some(own), Some(given)) => own.same_as(given.expose()),
                (own, given) => own.is_none() && given.is_none(),
            }
    });
    if !same {
        write_application(cx, id, seed, found.is_some()).await?;
        let verb = if found.is_some() { "changed" } else { "made" };
        report.done.push(format!("{verb} application {}", seed.client_id));
    }
    apply_settings(cx, "application", &id.to_string(), &seed.settings, report).await
}

fn check_application(seed: &SeedApplication) -> Result<()> {
    let method = TokenAuth::from_name(&seed.token_auth)
        .ok_or_else(|| Error::new(Code::FieldInvalid).field("token_auth"))?;
    if (method == TokenAuth::None) != seed.secret.is_none() {
        return Err(Error::new(Code::FieldInvalid).field("secret").arg("client", &seed.client_id));
    }
    for uri in seed.redirect_uris.iter().chain(&seed.logout_uris) {
        redirect::register_check(uri).map_err(|e| {
            Error::new(Code::FieldInvalid).field(uri.clone()).arg("expected", e.to_string())
        })?;
    }
    Ok(())
}

async fn write_application(
    cx: &mut Cx,
    id: ApplicationId,
    seed: &SeedApplication,
    exists: bool,
) -> Result<()> {
    let secret_enc = match &seed.secret {
        Some(secret) => Some(cx.pool.keys.seal(
            &cx.core.random,
            "applications.secret_enc",
            &id.to_string(),
            secret.expose().as_bytes(),
        )?),
        None => None,
    };
    let (redirects, logouts) = (json!(seed.redirect_uris), json!(seed.logout_uris));
    let row = rows::NewApplication {
        id,
        client_id: &seed.client_id,
        identifier: seed.identifier.as_deref().unwrap_or(&seed.client_id),
        name: &seed.name,
        secret_enc: secret_enc.as_deref(),
        token_auth: &seed.token_auth,
        redirect_uris: &redirects,
        logout_uris: &logouts,
        now: cx.now,
    };
    let mut s = cx.store();
    let written =
        if exists { rows::update(&mut s, &row).await } else { rows::insert(&mut s, &row).await };
    written
        .on_conflict(
            "applications_client_id_key",
            Error::new(Code::FieldInvalid).field("client_id"),
        )
        .on_conflict(
            "applications_identifier_key",
            Error::new(Code::FieldInvalid).field("identifier"),
        )?;
    cx.note(ChangeKind::Application, id);
    cx.settle().await?;
    cx.settled().await
}

async fn apply_access_key(cx: &mut Cx, seed: &SeedAccessKey, report: &mut Report) -> Result<()> {
    let column = "access_keys.secret_enc";
    let found = access_keys::by_key_id(&mut cx.store(), &seed.id).await?;
    let id: AccessKeyId = match &found {
        Some(row) => row.id,
        None => cx.id()?,
    };
    if let Some(row) = &found {
        let own = cx.pool.keys.open_text(column, &id.to_string(), &row.secret_enc)?;
        if own.same_as(seed.secret.expose()) {
            return Ok(());
        }
    }
    let secret = seed.secret.expose().as_bytes();
    let sealed = cx.pool.keys.seal(&cx.core.random, column, &id.to_string(), secret)?;
    let now = cx.now;
    let mut s = cx.store();
    if found.is_some() {
        access_keys::set_secret(&mut s, id, &sealed, now).await?;
    } else {
        access_keys::insert(&mut s, id, &seed.id, &sealed, now)
            .await
            .on_conflict("access_keys_key_id_key", Error::new(Code::FieldInvalid).field("id"))?;
    }
    cx.note(ChangeKind::AccessKey, &seed.id);
    cx.settle().await?;
    cx.settled().await?;
    let verb = if found.is_some() { "changed" } else { "made" };
    report.done.push(format!("{verb} access key {}", seed.id));
    Ok(())
}
