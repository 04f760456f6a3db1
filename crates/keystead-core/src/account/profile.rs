//! A user's own profile.

use super::me;
use crate::cx::Cx;
use crate::users::lookup::view;
use crate::users::{UserChange, UserView, Writer, update as change};
use keystead_model::Result;

/// The caller's own account.
///
/// # Errors
/// `token.missing`.
pub async fn get(cx: &mut Cx) -> Result<UserView> {
    let me = me(cx)?.user;
    view(cx, me).await
}

/// Changes what people may change of themselves.
///
/// # Errors
/// `field.read_only` for the rest; a malformed or taken user name; `custom_field.unknown`.
pub async fn update(cx: &mut Cx, fields: UserChange) -> Result<UserView> {
    let me = me(cx)?.user;
    change::update(cx, me, fields, Writer::Myself).await
}
