//! Listing pools, and changing the one of the context.

use super::Pool;
use crate::core::Core;
use crate::cx::Cx;
use keystead_model::{
    ChangeKind, Code, Error, Event, EventKind, Page, PageRequest, Permission, PoolId, Result,
    Secret,
};
use keystead_store::{OnConflict, domains, doors, pools as rows};
use std::sync::Arc;

/// Longest code of a pool, in characters.
const CODE_MAX: usize = 32;
/// Longest name of a pool, in characters.
const NAME_MAX: usize = 256;

/// A pool as a list shows it.
#[derive(Clone, Debug)]
pub struct PoolEntry {
    /// Its id.
    pub id: PoolId,
    /// Its code in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// One page of all pools, in the order they were made. For whoever operates the server: no
/// context of a pool may ask.
///
/// # Errors
/// Faults of the store.
pub async fn list(core: &Arc<Core>, page: PageRequest) -> Result<Page<PoolEntry>> {
    let mut tx = core.db.begin();
    let total = doors::count_pools(&mut tx).await?;
    let found = doors::pools(&mut tx, page.limit(), page.offset()).await?;
    let rows = found.into_iter().map(|(id, code, name)| PoolEntry { id, code, name }).collect();
    Ok(Page { total, rows })
}

/// The pool with this code.
///
/// # Errors
/// `pool.unknown`.
pub async fn by_code(core: &Arc<Core>, code: &str) -> Result<PoolId> {
    let found = doors::pool_by_code(&mut core.db.begin(), code).await?;
    found.ok_or_else(|| Error::new(Code::PoolUnknown).field("pool").arg("pool", code))
}

/// Checks what a new pool is called.
///
/// # Errors
/// `field.invalid` naming `code` or `name`.
pub(super) fn check_names(code: &str, name: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let edge = |c: Option<char>| c.is_some_and(|c| c != '-');
    let is_code = code.len() <= CODE_MAX
        && code.chars().all(fits)
        && edge(code.chars().next())
        && edge(code.chars().last());
    if !is_code {
        let expected = "1 to 32 small letters, digits and hyphens, no hyphen at either end";
        return Err(Error::new(Code::FieldInvalid).field("code").arg("expected", expected));
    }
    check_name(name)
}

fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty()
        || name.chars().count() > NAME_MAX
        || name.chars().any(char::is_control)
    {
        let expected = "1 to 256 characters, on one line";
        return Err(Error::new(Code::FieldInvalid).field("name").arg("expected", expected));
    }
    Ok(())
}

/// Gives the context's pool another name or secret; what is not given stays. It joins the open
/// transaction. Says whether anything changed.
///
/// # Errors
/// `field.invalid` naming `name` or `secret`.
pub async fn update(cx: &mut Cx, name: Option<&str>, secret: Option<&Secret>) -> Result<bool> {
    cx.require(Permission::PoolUpdate)?;
    let pool: Arc<Pool> = cx.pool.clone();
    let new_name = name.unwrap_or(&pool.name);
    check_name(new_name)?;
    let new_secret = secret.unwrap_or(&pool.secret);
    if new_secret.expose().trim().is_empty() {
        let expected = "a text that is not empty";
        return Err(Error::new(Code::FieldInvalid).field("secret").arg("expected", expected));
    }
    if new_name == pool.name && new_secret.same_as(pool.secret.expose()) {
        return Ok(false);
    }
    let plain = new_secret.expose().as_bytes();
    let sealed =
        pool.keys.seal(&cx.core.random, "pools.secret_enc", &pool.id.to_string(), plain)?;
    let now = cx.now;
    rows::update(&mut cx.store(), new_name, &sealed, now).await?;
    cx.note(ChangeKind::Pool, pool.id);
    // The pool's id is also the key id of its own secret.
    cx.note(ChangeKind::AccessKey, pool.id);
    cx.emit(Event::new(EventKind::PoolUpdated).on("pool", pool.id, Some(pool.code.clone())));
    Ok(true)
}

/// Makes the pool answer under this host, with its port unless that is the default one. It joins
/// the open transaction. Says whether it did not before.
///
/// # Errors
/// `field.invalid` naming `login` when another pool has it.
pub async fn add_login(cx: &mut Cx, login: &str) -> Result<bool> {
    cx.require(Permission::PoolUpdate)?;
    let taken = Error::new(Code::FieldInvalid).field("login");
    let taken = taken.arg("expected", "a host that no other pool has");
    let (row, now, pool) = (cx.id()?, cx.now, cx.pool.id);
    let made = domains::insert_login(&mut cx.store(), row, login, now)
        .await
        .on_conflict("domains_name_key", taken)?;
    if made > 0 {
        cx.note(ChangeKind::Pool, pool);
        cx.emit(Event::new(EventKind::PoolUpdated).on("pool", pool, Some(cx.pool.code.clone())));
    }
    Ok(made > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_into_addresses() {
        for code in ["main", "a", "shop-2"] {
            assert!(check_names(code, "Shop").is_ok(), "{code}");
        }
        for code in ["", "-a", "a-", "A", "a b", "a/b", "é", &"a".repeat(33)] {
            let error = check_names(code, "Shop").unwrap_err();
            assert_eq!(error.field_name(), Some("code"), "{code}");
        }
        for name in ["", " ", "a\nb"] {
            assert_eq!(check_names("a", name).unwrap_err().field_name(), Some("name"));
        }
    }
}
