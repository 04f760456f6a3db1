//! Pools: loading one with everything a request needs of it, and making one.

mod change;

pub use change::{PoolEntry, add_login, by_code, list, update};

use crate::core::Core;
use crate::custom_fields::{self, Declared, Target};
use crate::cx::Cx;
use crate::random::Random;
use crate::seal::{KeyBytes, PoolKeys, new_key};
use crate::signing_keys::{self, SigningKeys};
use keystead_model::{
    Algorithm, Change, ChangeKind, Code, ConnectionId, Error, Event, EventKind, Millis, PoolId,
    Result, Secret, Settings, SigningKeyId,
};
use keystead_protocol::oidc::discovery::{self, Discovery};
use keystead_store::{
    OnConflict, Tx, connections, data_keys, pools as rows, settings, signing_keys as key_rows,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A pool, ready for use.
#[derive(Debug)]
pub struct Pool {
    /// Its id.
    pub id: PoolId,
    /// Its code in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its effective settings.
    pub settings: Settings,
    /// The stored settings document.
    pub document: keystead_model::settings::Document,
    /// Its keys for sealing and hashing.
    pub keys: PoolKeys,
    /// Its keys for tokens.
    pub signing: SigningKeys,
    /// Its default directory.
    pub directory: ConnectionId,
    /// Its secret: signs management requests like an access key named by the pool's id.
    pub secret: Secret,
    /// Where people and applications reach it, without a slash at the end.
    pub app_host: String,
    /// Its public documents, ready to be sent.
    pub documents: Documents,
    /// The custom fields of its users.
    pub user_fields: Declared,
}

/// What a pool publishes for relying parties, as JSON texts. They are made when the pool is loaded,
/// and go with it when its settings or keys change.
#[derive(Debug)]
pub struct Documents {
    /// The discovery document (OpenID Connect Discovery, 4).
    pub discovery: Vec<u8>,
    /// The key set (RFC 7517, 5).
    pub jwks: Vec<u8>,
}

impl Documents {
    fn new(app_host: &str, signing: &SigningKeys) -> Result<Self> {
        let issuer = issuer(app_host);
        let place = Discovery { issuer: &issuer, extra_grants: &[], extra_scopes: &[] };
        let fault = |e: serde_json::Error| Error::new(Code::Internal).caused_by(e);
        Ok(Self {
            discovery: serde_json::to_vec(&discovery::document(&place)).map_err(fault)?,
            jwks: serde_json::to_vec(signing.jwks()).map_err(fault)?,
        })
    }
}

fn issuer(app_host: &str) -> String {
    format!("{app_host}/oidc")
}

impl Pool {
    /// The issuer of its OpenID Connect tokens.
    #[must_use]
    pub fn issuer(&self) -> String {
        issuer(&self.app_host)
    }

    /// The path that its place begins with: empty, or `/p/<code>`.
    #[must_use]
    pub fn base_path(&self) -> &str {
        base_path(&self.app_host)
    }

    /// The picture of a user who has none.
    #[must_use]
    pub fn avatar_url(&self) -> String {
        format!("{}/assets/avatar.svg", self.app_host)
    }
}

/// What a new pool is made of.
#[derive(Debug)]
pub struct NewPool {
    /// Its id; a new one without.
    pub id: Option<PoolId>,
    /// Its code in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its secret; a random one without.
    pub secret: Option<Secret>,
}

/// Loads a pool, from memory when it is there.
///
/// # Errors
/// Faults of the store; a data key that does not unwrap.
pub async fn load(core: &Arc<Core>, tx: &mut Tx, id: PoolId) -> Result<Option<Arc<Pool>>> {
    core.caches.pools.get(id, read(core, tx, id)).await
}

/// The pool as the transaction sees it; nothing of it may be kept before it commits.
pub(crate) async fn read(core: &Arc<Core>, tx: &mut Tx, id: PoolId) -> Result<Option<Arc<Pool>>> {
    let first = keystead_store::doors::first_pool(tx).await?;
    let login = keystead_store::domains::default_login(&mut tx.scoped(id)).await?;
    let mut s = tx.scoped(id);
    let Some(row) = rows::get(&mut s).await? else { return Ok(None) };
    let mut wrapped = BTreeMap::new();
    for key in data_keys::list(&mut s).await? {
        let about = key_name(id, key.version);
        wrapped.insert(key.version, core.masters.unwrap(&key.master_id, &key.wrapped, &about)?);
    }
    let keys = PoolKeys::new(id, wrapped)?;
    let document = settings::get(&mut s, "pool", "").await?.unwrap_or_default();
    let document = document.as_object().cloned().unwrap_or_default();
    let mut effective = Settings::default();
    effective
        .overlay(keystead_model::settings::Scope::Pool, &document)
        .map_err(|e| Error::new(Code::Internal).caused_by(e))?;
    let signing = SigningKeys::open(&keys, key_rows::list(&mut s).await?)?;
    let directory = connections::first_of_kind(&mut s, "local")
        .await?
        .ok_or_else(|| Error::new(Code::Internal).caused_by("the pool has no directory"))?;
    let secret = keys.open_text("pools.secret_enc", &id.to_string(), &row.secret_enc)?;
    let user_fields = custom_fields::read(&mut s, Target::User).await?;
    let public = &core.addresses.public_url;
    let app_host = match login {
        Some(name) => format!("{}://{name}", scheme_of(public)),
        None if first == Some(id) => public.clone(),
        None => format!("{public}/p/{}", row.code),
    };
    let documents = Documents::new(&app_host, &signing)?;
    Ok(Some(Arc::new(Pool {
        id,
        code: row.code,
        name: row.name,
        settings: effective,
        document,
        keys,
        signing,
        directory,
        secret,
        app_host,
        documents,
        user_fields,
    })))
}

fn scheme_of(url: &str) -> &str {
    url.split_once("://").map_or("https", |(scheme, _)| scheme)
}

/// Makes a pool: its data keys, signing keys, the three built-in connections, and the host it
/// answers under if one is given, in one transaction.
///
/// # Errors
/// `field.invalid` naming `code` when it does not fit or another pool has it.
pub async fn create(core: &Arc<Core>, new: NewPool, login: Option<&str>) -> Result<PoolId> {
    let mut cx = create_in(core, core.db.begin(), new).await?;
    if let Some(login) = login {
        add_login(&mut cx, login).await?;
    }
    cx.settle().await?;
    cx.settled().await?;
    Ok(cx.pool.id)
}

/// The same in a transaction of the caller's, who goes on in the context of the new pool.
///
/// # Errors
/// As [`create`].
pub(crate) async fn create_in(core: &Arc<Core>, mut tx: Tx, new: NewPool) -> Result<Cx> {
    change::check_names(&new.code, &new.name)?;
    let (random, now) = (&core.random, core.clock.now());
    let id = match new.id {
        Some(id) => id,
        None => random.id(core.clock.real())?.into(),
    };
    let mut plain = BTreeMap::new();
    for version in [0, 1] {
        plain.insert(version, new_key(random)?);
    }
    let secret = match new.secret {
        Some(secret) => secret,
        None => Secret::new(random.hex(16)?),
    };
    let keys = PoolKeys::new(id, plain.clone())?;
    // Making an RSA key takes a while: it happens before the transaction opens.
    let signing = first_signing_keys(core, &keys, now)?;
    let secret_enc =
        keys.seal(random, "pools.secret_enc", &id.to_string(), secret.expose().as_bytes())?;
    let mut s = tx.scoped(id);
    let row = rows::NewPool { name: &new.name, code: &new.code, secret_enc: &secret_enc, now };
    let taken = rows::insert(&mut s, &row).await;
    let field = |name: &'static str| {
        Error::new(Code::FieldInvalid).field(name).arg("expected", "one that is not taken")
    };
    taken.on_conflict("pools_code_key", field("code")).on_conflict("pools_pkey", field("id"))?;
    for (version, key) in plain {
        insert_data_key(core, &mut s, version, &key, now).await?;
    }
    for key in signing {
        key_rows::insert(&mut s, &key, now).await?;
    }
    for (name, kind) in
        [("Username-Password-Authentication", "local"), ("email", "email"), ("sms", "sms")]
    {
        let connection = random.id(core.clock.real())?.into();
        connections::insert(&mut s, connection, name, kind, now).await?;
    }
    s.note(Change::new(ChangeKind::Pool, id));
    let pool = read(core, &mut tx, id).await?.ok_or(Code::PoolUnknown)?;
    let mut cx = Cx::within(core, tx, pool);
    cx.emit(Event::new(EventKind::PoolCreated).on("pool", id, Some(new.code)));
    Ok(cx)
}

async fn insert_data_key(
    core: &Arc<Core>,
    s: &mut keystead_store::Scoped<'_>,
    version: i64,
    key: &KeyBytes,
    now: Millis,
) -> Result<()> {
    let (wrapped, master_id) =
        core.masters.wrap(&core.random, key, &key_name(s.pool(), version))?;
    let row = data_keys::DataKey {
        id: core.random.id(core.clock.real())?.into(),
        version,
        wrapped,
        master_id,
        state: "active".to_owned(),
    };
    data_keys::insert(s, &row, now).await?;
    Ok(())
}

fn first_signing_keys(
    core: &Arc<Core>,
    keys: &PoolKeys,
    now: Millis,
) -> Result<Vec<key_rows::SigningKey>> {
    let random: &Random = &core.random;
    let mut rows = Vec::new();
    for algorithm in Algorithm::ASYMMETRIC {
        let id: SigningKeyId = random.id(core.clock.real())?.into();
        rows.push(signing_keys::generate(keys, random, id, algorithm, now)?);
    }
    let id = random.id(core.clock.real())?.into();
    rows.push(signing_keys::generate_transport(keys, random, id, now)?);
    Ok(rows)
}

fn key_name(pool: PoolId, version: i64) -> String {
    format!("data_keys.{pool}.{version}")
}

fn base_path(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or_default().trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_path_of_an_address() {
        for (address, want) in [
            ("http://localhost:8080", ""),
            ("https://id.example/p/shop", "/p/shop"),
            ("https://id.example/", ""),
        ] {
            assert_eq!(base_path(address), want, "{address}");
        }
    }
}
