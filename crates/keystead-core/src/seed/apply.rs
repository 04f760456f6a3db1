//! Applying seeds in one transaction: pools first, then what lies in them.

use super::{Seed, SeedAccessKey, SeedApplication, SeedConnection, SeedPool, people};
use crate::applications::{self, ApplicationFacts};
use crate::core::Core;
use crate::cx::Cx;
use crate::pools::{self, NewPool, Pool};
use crate::settings::{self, Owner};
use keystead_model::settings::{Document, TokenAuth};
use keystead_model::{AccessKeyId, ChangeKind, Code, Error, PoolId, Result, UserId};
use keystead_store::{OnConflict, Tx, access_keys, connections, doors};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a seed did.
#[derive(Debug, Default)]
pub struct Report {
    /// One sentence per change; empty when everything stood already.
    pub done: Vec<String>,
    /// The users of the document, in its order.
    pub users: Vec<UserId>,
}

/// Seeds that are applied together: all of them, or nothing.
///
/// It is meant for a start, when nobody else asks: passwords are hashed inside its transaction.
pub struct Seeding {
    core: Arc<Core>,
    tx: Tx,
    // Reading a pool takes a while; forgotten when one changes.
    known: BTreeMap<PoolId, Arc<Pool>>,
}

impl Seeding {
    /// Begins; nothing is open yet.
    #[must_use]
    pub fn begin(core: &Arc<Core>) -> Self {
        Self { core: core.clone(), tx: core.db.begin(), known: BTreeMap::new() }
    }

    /// Makes what a seed lists, and mends what differs. After an error the whole is lost.
    ///
    /// # Errors
    /// A value that does not fit; its field is named as the document spells it.
    pub async fn apply(&mut self, seed: &Seed) -> Result<Report> {
        let mut report = Report::default();
        for pool in &seed.pools {
            self.pool(pool, &mut report).await?;
        }
        if !seed.settings.is_empty() {
            let mut cx = self.open(None).await?;
            change_settings(&mut cx, &seed.settings, &mut report).await?;
            self.close(cx).await?;
            self.known.clear();
        }
        for application in &seed.applications {
            let mut cx = self.open(application.pool.as_deref()).await?;
            apply_application(&mut cx, application, &mut report).await?;
            self.close(cx).await?;
        }
        for connection in &seed.connections {
            let mut cx = self.open(connection.pool.as_deref()).await?;
            apply_connection(&mut cx, connection, &mut report).await?;
            self.close(cx).await?;
        }
        for user in &seed.users {
            let mut cx = self.open(user.pool.as_deref()).await?;
            let id = people::apply(&mut cx, user, &mut report).await?;
            report.users.push(id);
            self.close(cx).await?;
        }
        for key in &seed.access_keys {
            let mut cx = self.open(key.pool.as_deref()).await?;
            apply_access_key(&mut cx, key, &mut report).await?;
            self.close(cx).await?;
        }
        Ok(report)
    }

    /// The default pool; it is made when there is none.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn default_pool(&mut self) -> Result<PoolId> {
        if let Some(pool) = doors::first_pool(&mut self.tx).await? {
            return Ok(pool);
        }
        let tx = self.take();
        let cx = pools::create_in(&self.core, tx, crate::setup::first_pool()).await?;
        let pool = cx.pool.id;
        self.close(cx).await?;
        Ok(pool)
    }

    /// Writes everything that was applied.
    ///
    /// # Errors
    /// The commit failed: nothing was written.
    pub async fn commit(mut self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    async fn open(&mut self, code: Option<&str>) -> Result<Cx> {
        let code = code.unwrap_or(doors::FIRST_POOL);
        let found = doors::pool_by_code(&mut self.tx, code).await?;
        let unknown = || Error::new(Code::PoolUnknown).field("pool").arg("pool", code);
        self.within(found.ok_or_else(unknown)?).await
    }

    async fn within(&mut self, id: PoolId) -> Result<Cx> {
        let pool = match self.known.get(&id) {
            Some(pool) => pool.clone(),
            None => pools::read(&self.core, &mut self.tx, id).await?.ok_or(Code::PoolUnknown)?,
        };
        self.known.insert(id, pool.clone());
        let tx = self.take();
        Ok(Cx::within(&self.core, tx, pool).join())
    }

    async fn close(&mut self, mut cx: Cx) -> Result<()> {
        cx.settle().await?;
        self.tx = cx.into_tx();
        // What was read may be undone: nothing of it may be kept.
        self.core.forget_caches();
        Ok(())
    }

    fn take(&mut self) -> Tx {
        std::mem::replace(&mut self.tx, self.core.db.begin())
    }

    async fn pool(&mut self, seed: &SeedPool, report: &mut Report) -> Result<()> {
        let mut cx = match doors::pool_by_code(&mut self.tx, &seed.code).await? {
            None => {
                let name = seed.name.clone().unwrap_or_else(|| seed.code.clone());
                let (code, secret) = (seed.code.clone(), seed.secret.clone());
                let new = NewPool { id: seed.id, code, name, secret };
                report.done.push(format!("made pool {}", seed.code));
                let tx = self.take();
                pools::create_in(&self.core, tx, new).await?.join()
            }
            Some(id) => {
                if let Some(wanted) = seed.id.filter(|wanted| *wanted != id) {
                    return Err(other_id("id", &wanted, &id));
                }
                let mut cx = self.within(id).await?;
                let (name, secret) = (seed.name.as_deref(), seed.secret.as_ref());
                if pools::update(&mut cx, name, secret).await? {
                    report.done.push(format!("changed pool {}", seed.code));
                }
                cx
            }
        };
        change_settings(&mut cx, &seed.settings, report).await?;
        if let Some(login) = &seed.login
            && pools::add_login(&mut cx, login).await?
        {
            report.done.push(format!("pool {} answers under {login}", seed.code));
        }
        self.known.clear();
        self.close(cx).await
    }
}

impl Drop for Seeding {
    fn drop(&mut self) {
        self.core.forget_caches();
    }
}

impl std::fmt::Debug for Seeding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Seeding({:?})", self.core)
    }
}

/// Applies one seed to an open server: all of it, or nothing.
///
/// # Errors
/// As [`Seeding::apply`].
pub async fn apply(core: &Arc<Core>, seed: &Seed) -> Result<Report> {
    let mut seeding = Seeding::begin(core);
    let report = seeding.apply(seed).await?;
    seeding.commit().await?;
    Ok(report)
}

/// An id cannot be changed: it stands in tokens and in other systems.
pub(super) fn other_id(
    field: &'static str,
    wanted: &impl ToString,
    found: &impl ToString,
) -> Error {
    let expected =
        format!("{}, which it has already, not {}", found.to_string(), wanted.to_string());
    Error::new(Code::FieldInvalid).field(field).arg("expected", expected)
}

async fn change_settings(cx: &mut Cx, wanted: &Document, report: &mut Report) -> Result<()> {
    if settings::change(cx, Owner::Pool, wanted).await? {
        report.done.push(format!("changed settings of pool {}", cx.pool.code));
    }
    Ok(())
}

async fn apply_connection(cx: &mut Cx, seed: &SeedConnection, report: &mut Report) -> Result<()> {
    if !["oidc", "oauth2", "saml", "ldap"].contains(&seed.kind.as_str()) {
        let expected = "oidc, oauth2, saml or ldap";
        return Err(Error::new(Code::FieldInvalid).field("kind").arg("expected", expected));
    }
    let known = connections::upstream(&mut cx.store()).await?;
    if known.iter().any(|own| own.name == seed.name) {
        return Ok(());
    }
    let id = match seed.id {
        Some(id) => id,
        None => cx.id()?,
    };
    let taken = Error::new(Code::FieldInvalid).field("name").arg("expected", "one not taken");
    let now = cx.now;
    connections::insert(&mut cx.store(), id, &seed.name, &seed.kind, now)
        .await
        .on_conflict("connections_pool_id_name_key", taken)?;
    report.done.push(format!("made connection {}", seed.name));
    Ok(())
}

async fn apply_application(cx: &mut Cx, seed: &SeedApplication, report: &mut Report) -> Result<()> {
    let methods = "client_secret_post, client_secret_basic or none";
    let token_auth = TokenAuth::from_name(&seed.token_auth).ok_or_else(|| {
        Error::new(Code::FieldInvalid).field("token_auth").arg("expected", methods)
    })?;
    // A secret that is made would be known to nobody: a seed gives it.
    if token_auth != TokenAuth::None && seed.secret.is_none() {
        return Err(Error::new(Code::FieldMissing).field("secret"));
    }
    let found = applications::by_client_id(cx, &seed.client_id).await?;
    let own = found.as_ref().map(|app| app.identifier.clone());
    let identifier = seed.identifier.clone().or(own);
    let facts = ApplicationFacts {
        client_id: seed.client_id.clone(),
        identifier: identifier.unwrap_or_else(|| seed.client_id.clone()),
        name: seed.name.clone(),
        secret: seed.secret.clone(),
        token_auth,
        redirect_uris: seed.redirect_uris.clone(),
        logout_uris: seed.logout_uris.clone(),
        is_first_party: seed.first_party,
    };
    let verb = match &found {
        None => {
            applications::create(cx, facts, &seed.settings).await?;
            "made"
        }
        Some(app) if applications::update(cx, app, &facts, &seed.settings).await? => "changed",
        Some(_) => return Ok(()),
    };
    report.done.push(format!("{verb} application {}", seed.client_id));
    Ok(())
}

async fn apply_access_key(cx: &mut Cx, seed: &SeedAccessKey, report: &mut Report) -> Result<()> {
    let found = access_keys::by_key_id(&mut cx.store(), &seed.id).await?;
    let id: AccessKeyId = match &found {
        Some(row) => row.id,
        None => cx.id()?,
    };
    if let Some(row) = &found
        && crate::access_keys::open(cx, row)?.same_as(seed.secret.expose())
    {
        return Ok(());
    }
    let sealed = crate::access_keys::seal(cx, id, &seed.secret)?;
    let taken = Error::new(Code::FieldInvalid).field("id").arg("expected", "one not taken");
    let now = cx.now;
    let mut s = cx.store();
    if found.is_some() {
        access_keys::set_secret(&mut s, id, &sealed, now).await?;
    } else {
        let new = access_keys::NewAccessKey {
            id,
            key_id: &seed.id,
            secret_enc: &sealed,
            kind: "pool",
            user_id: None,
            now,
        };
        access_keys::insert(&mut s, &new).await.on_conflict("access_keys_key_id_key", taken)?;
    }
    cx.note(ChangeKind::AccessKey, &seed.id);
    let verb = if found.is_some() { "changed" } else { "made" };
    report.done.push(format!("{verb} access key {}", seed.id));
    Ok(())
}
