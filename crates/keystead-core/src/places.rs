//! Which pool answers a request (`signin.md` 0.1).

use crate::core::Core;
use keystead_model::{Code, PoolId, Result};
use keystead_store::{Tx, doors};
use std::sync::Arc;

/// What a request says about its pool, in the order it counts.
#[derive(Clone, Debug, Default)]
pub struct Hints<'a> {
    /// Key id of an access key.
    pub access_key: Option<&'a str>,
    /// A client id: of the parameters, of HTTP Basic, or of `x-authing-app-id`.
    pub client_id: Option<&'a str>,
    /// A pool id of `x-authing-userpool-id`.
    pub pool_id: Option<&'a str>,
    /// The `kid` of a token's header.
    pub kid: Option<&'a str>,
}

/// The pool that answers: login name, base path, hint, default pool.
///
/// Where a login name or a base path decided, hints are not looked at: what they name is then
/// unknown in that pool.
///
/// # Errors
/// `pool.unknown` for a base path that names none.
pub async fn resolve(
    core: &Arc<Core>,
    host: Option<&str>,
    base_code: Option<&str>,
    hints: &Hints<'_>,
) -> Result<PoolId> {
    let mut tx = core.db.begin();
    if let Some(host) = host
        && let Some(pool) = named(core, &mut tx, Name::Host(host)).await?
    {
        return Ok(pool);
    }
    if let Some(code) = base_code {
        return named(core, &mut tx, Name::Code(code)).await?.ok_or(Code::PoolUnknown.into());
    }
    let hinted = [
        hints.access_key.map(Name::AccessKey),
        hints.client_id.map(Name::Client),
        hints.pool_id.map(Name::Pool),
        hints.kid.map(Name::Kid),
    ];
    for name in hinted.into_iter().flatten() {
        if let Some(pool) = named(core, &mut tx, name).await? {
            return Ok(pool);
        }
    }
    named(core, &mut tx, Name::Default).await?.ok_or(Code::PoolUnknown.into())
}

#[derive(Clone, Copy)]
enum Name<'a> {
    Host(&'a str),
    Code(&'a str),
    AccessKey(&'a str),
    Client(&'a str),
    Pool(&'a str),
    Kid(&'a str),
    Default,
}

/// Names longer than this are nobody's: they are not looked up.
const LONGEST: usize = 255;

async fn named(core: &Arc<Core>, tx: &mut Tx, name: Name<'_>) -> Result<Option<PoolId>> {
    let (kind, text) = match name {
        Name::Host(text) => ('h', text),
        Name::Code(text) => ('c', text),
        Name::AccessKey(text) => ('a', text),
        Name::Client(text) => ('i', text),
        Name::Pool(text) => ('p', text),
        Name::Kid(text) => ('k', text),
        Name::Default => ('d', ""),
    };
    if text.len() > LONGEST {
        return Ok(None);
    }
    // Most hosts are no login name: one look at an unknown host must not cost a read each time.
    let negative = matches!(name, Name::Host(_));
    let key = format!("{kind}{text}");
    let found = core
        .caches
        .places
        .get(key, async {
            Ok(match name {
                Name::Host(host) => doors::pool_of_host(tx, host).await?.or(Some(nobody())),
                Name::Code(code) => doors::pool_by_code(tx, code).await?,
                Name::AccessKey(key) => pool_of_key(tx, key).await?,
                // An access key may stand in for a client (`tokens::client::issue_to_key`).
                Name::Client(client) => match doors::pool_of_client(tx, client).await? {
                    Some(pool) => Some(pool),
                    None => pool_of_key(tx, client).await?,
                },
                Name::Pool(id) => doors::pool_by_id(tx, id).await?,
                Name::Kid(kid) => doors::pool_of_signing_key(tx, kid).await?,
                Name::Default => doors::first_pool(tx).await?,
            })
        })
        .await?;
    Ok(found.filter(|pool| !(negative && *pool == nobody())))
}

/// The pool of an access key; a pool's own id is one as well.
async fn pool_of_key(tx: &mut Tx, key: &str) -> Result<Option<PoolId>> {
    Ok(match doors::pool_of_access_key(tx, key).await? {
        Some(pool) => Some(pool),
        None => doors::pool_by_id(tx, key).await?,
    })
}

/// Stands in the cache for "this host is no login name".
const fn nobody() -> PoolId {
    PoolId(keystead_model::Id::from_bytes([0; 12]))
}
