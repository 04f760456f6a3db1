//! Who is asking? The few texts that run before the pool is known, on a bare transaction.

use crate::{Result, Tx, sql, values};
use keystead_model::PoolId;

/// The code of the pool that every first start makes.
pub const FIRST_POOL: &str = "main";

/// The pool made first: it answers where nothing else decides. Its code says so; an id from
/// outside may sort before it.
///
/// # Errors
/// A fault of the store.
pub async fn first_pool(tx: &mut Tx) -> Result<Option<PoolId>> {
    pool_by_code(tx, FIRST_POOL).await
}

/// The pool with this code.
///
/// # Errors
/// A fault of the store.
pub async fn pool_by_code(tx: &mut Tx, code: &str) -> Result<Option<PoolId>> {
    one(tx, sql!("SELECT id FROM pools WHERE code = $1"), values![code]).await
}

/// The pool with this id, if there is one.
///
/// # Errors
/// A fault of the store.
pub async fn pool_by_id(tx: &mut Tx, id: &str) -> Result<Option<PoolId>> {
    one(tx, sql!("SELECT id FROM pools WHERE id = $1"), values![id]).await
}

/// One page of the pools' ids, codes and names, in the order they were made.
///
/// # Errors
/// A fault of the store.
pub async fn pools(tx: &mut Tx, limit: i64, offset: i64) -> Result<Vec<(PoolId, String, String)>> {
    let text = sql!("SELECT id, code, name FROM pools ORDER BY id LIMIT $1 OFFSET $2");
    tx.list(text, values![limit, offset]).await
}

/// How many pools there are.
///
/// # Errors
/// A fault of the store.
pub async fn count_pools(tx: &mut Tx) -> Result<i64> {
    Ok(tx.one::<(i64,)>(sql!("SELECT count(*) FROM pools"), values![]).await?.0)
}

/// The pool whose login address this host (with its port) is.
///
/// # Errors
/// A fault of the store.
pub async fn pool_of_host(tx: &mut Tx, host: &str) -> Result<Option<PoolId>> {
    let text = sql!("SELECT pool_id FROM domains WHERE name = $1 AND purpose = 'login'");
    one(tx, text, values![host]).await
}

/// The pool of the application with this client id.
///
/// # Errors
/// A fault of the store.
pub async fn pool_of_client(tx: &mut Tx, client_id: &str) -> Result<Option<PoolId>> {
    let text = sql!("SELECT pool_id FROM applications WHERE client_id = $1");
    one(tx, text, values![client_id]).await
}

/// The pool of the access key with this key id.
///
/// # Errors
/// A fault of the store.
pub async fn pool_of_access_key(tx: &mut Tx, key_id: &str) -> Result<Option<PoolId>> {
    one(tx, sql!("SELECT pool_id FROM access_keys WHERE key_id = $1"), values![key_id]).await
}

/// The pool that a signing key belongs to; its id is the `kid` of a token's header.
///
/// # Errors
/// A fault of the store.
pub async fn pool_of_signing_key(tx: &mut Tx, kid: &str) -> Result<Option<PoolId>> {
    one(tx, sql!("SELECT pool_id FROM signing_keys WHERE id = $1"), values![kid]).await
}

async fn one(
    tx: &mut Tx,
    text: &'static str,
    values: &[crate::Value<'_>],
) -> Result<Option<PoolId>> {
    Ok(tx.optional::<(PoolId,)>(text, values).await?.map(|(id,)| id))
}
