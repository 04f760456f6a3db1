//! What belongs to the caller: their sign-ins and roles.

use super::me;
use crate::audit::{Category, EventView, Search, find};
use crate::cx::Cx;
use crate::roles::{self, RoleView};
use keystead_model::{EventKind, Page, PageRequest, Result};

/// One page of the caller's sign-ins, those that were refused as well, newest first. Of the search
/// count application, address, success and time.
///
/// # Errors
/// `token.missing`; faults of the store.
pub async fn signins(cx: &mut Cx, search: Search, page: PageRequest) -> Result<Page<EventView>> {
    let me = me(cx)?.user;
    let search = Search {
        kinds: Some(vec![EventKind::SignedIn, EventKind::SigninRefused]),
        target: Some(me.to_string()),
        actor: None,
        ..search
    };
    find(cx, Category::User, &search, page).await
}

/// The roles that count for the caller now.
///
/// # Errors
/// `token.missing`, `namespace.unknown`.
pub async fn roles(cx: &mut Cx, namespace: Option<&str>) -> Result<Vec<RoleView>> {
    let me = me(cx)?.user;
    roles::of_user(cx, me, namespace).await
}
