//! Pools: the realm every other row belongs to.

use crate::{Result, Scoped, row, sql, values};
use keystead_model::{Millis, PoolId};

row! { pools;
    /// A user pool.
    pub struct Pool {
        pub id: PoolId,
        pub name: String,
        pub code: String,
        pub description: Option<String>,
        pub logo: Option<String>,
        pub secret_enc: String,
        pub old_secret_enc: Option<String>,
        pub status: String,
        pub created_at: Millis,
    }
}

/// What a new pool is made of.
#[derive(Debug)]
pub struct NewPool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its code in addresses, unique over all pools.
    pub code: &'a str,
    /// Its secret, sealed.
    pub secret_enc: &'a str,
    /// When.
    pub now: Millis,
}

/// The pool of this scope.
///
/// # Errors
/// A fault of the store.
pub async fn get(s: &mut Scoped<'_>) -> Result<Option<Pool>> {
    s.optional(sql!("SELECT {Pool} FROM pools WHERE id = $1", Pool), values![]).await
}

/// Makes the pool of this scope.
///
/// # Errors
/// Conflict `pools_code_key`.
pub async fn insert(s: &mut Scoped<'_>, pool: &NewPool<'_>) -> Result<u64> {
    s.execute(
        sql!(
            "INSERT INTO pools (id, name, code, secret_enc, created_at, updated_at) VALUES ($1,
            $2, $3, $4, $5, $5)"
        ),
        values![pool.name, pool.code, pool.secret_enc, pool.now],
    )
    .await
}

/// Gives the pool of this scope another name and secret.
///
/// # Errors
/// A fault of the store.
pub async fn update(s: &mut Scoped<'_>, name: &str, secret_enc: &str, now: Millis) -> Result<u64> {
    s.execute(
        sql!("UPDATE pools SET name = $2, secret_enc = $3, updated_at = $4 WHERE id = $1"),
        values![name, secret_enc, now],
    )
    .await
}
