//! Several users in one call: all of them or none.

use super::{NewUser, UserChange, UserView, Writer, create, update};
use crate::cx::Cx;
use keystead_model::{Code, Error, Permission, Result, UserId};

/// Rows of one call at most.
pub const ROWS_MAX: usize = 500;
/// Rows of one call that bring a password to hash, at most.
pub const PASSWORDS_MAX: usize = 50;

/// Refuses an empty batch and one of too many rows.
///
/// # Errors
/// `field.missing`, `batch.too_large`.
pub fn check_size(field: &'static str, rows: usize, max: usize) -> Result<()> {
    match rows {
        0 => Err(Error::new(Code::FieldMissing).field(field)),
        n if n > max => Err(Error::new(Code::BatchTooLarge).field(field).arg("max", max)),
        _ => Ok(()),
    }
}

/// One batch of a pool after the other: what each of them locks, it locks in an order of its own,
/// and two in a ring would end each other on PostgreSQL.
///
/// # Errors
/// A fault of the store.
pub(super) async fn in_turn(cx: &mut Cx) -> Result<()> {
    Ok(cx.store().serial("users batch").await?)
}

/// Makes users; all of them are checked before the first is written.
///
/// # Errors
/// As [`super::create`], with the row in the field: `list[3].email`. `batch.too_large`.
pub async fn create_all(cx: &mut Cx, list: Vec<NewUser>) -> Result<Vec<UserView>> {
    cx.require(Permission::UserCreate)?;
    check_size("list", list.len(), ROWS_MAX)?;
    let hashed = list.iter().filter(|new| new.password.is_some() || new.generate_password).count();
    check_size("list", hashed.max(1), PASSWORDS_MAX)?;
    let mut ready = Vec::with_capacity(list.len());
    for (n, new) in list.into_iter().enumerate() {
        ready.push(create::prepare(cx, new).await.map_err(|error| in_row(error, n))?);
    }
    in_turn(cx).await?;
    let mut made = Vec::with_capacity(ready.len());
    for (n, one) in ready.into_iter().enumerate() {
        made.push(create::write(cx, one).await.map_err(|error| in_row(error, n))?);
    }
    Ok(made)
}

/// Changes users, as an administrator.
///
/// # Errors
/// As [`super::update`], with the row in the field. `batch.too_large`.
pub async fn update_all(cx: &mut Cx, list: Vec<(UserId, UserChange)>) -> Result<Vec<UserView>> {
    cx.require(Permission::UserUpdate)?;
    check_size("list", list.len(), ROWS_MAX)?;
    let hashed =
        list.iter().filter(|(_, one)| one.password.is_some() || one.generate_password).count();
    check_size("list", hashed.max(1), PASSWORDS_MAX)?;
    let by = Writer::Administrator;
    let mut ready = Vec::with_capacity(list.len());
    for (n, (id, change)) in list.into_iter().enumerate() {
        let password = update::prepare(cx, id, &change, by).await;
        ready.push((id, change, password.map_err(|error| in_row(error, n))?));
    }
    in_turn(cx).await?;
    let mut changed = Vec::with_capacity(ready.len());
    for (n, (id, change, password)) in ready.into_iter().enumerate() {
        let written = update::write(cx, id, change, by, password).await;
        changed.push(written.map_err(|error| in_row(error, n))?);
    }
    Ok(changed)
}

/// Marks users as having left (`model.md` 4).
///
/// # Errors
/// `user.unknown`, `user.status_transition`, with the place in `userIds`.
pub async fn resign(cx: &mut Cx, ids: &[UserId]) -> Result<()> {
    cx.require(Permission::UserUpdate)?;
    in_turn(cx).await?;
    for (n, id) in ids.iter().enumerate() {
        let change = UserChange { status: Some("resigned".to_owned()), ..UserChange::default() };
        update::write(cx, *id, change, Writer::Administrator, None)
            .await
            .map_err(|error| Error::field(error, format!("userIds[{n}]")))?;
    }
    Ok(())
}

fn in_row(error: Error, n: usize) -> Error {
    error.within(format_args!("list[{n}]"))
}
