//! Groups of users.

use crate::cx::Cx;
use keystead_model::{Permission, Result, UserId};
use keystead_store::groups as rows;

pub use rows::Group;

/// The groups that a user belongs to, those switched off left out; at most [`rows::MOST`].
///
/// # Errors
/// Faults of the store.
pub async fn of_user(cx: &mut Cx, user: UserId) -> Result<Vec<Group>> {
    cx.require(Permission::UserRead)?;
    Ok(rows::of_user(&mut cx.store(), user).await?)
}
