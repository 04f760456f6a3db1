//! The page at the root: whether somebody is signed in here.

use crate::answer;
use crate::csp::Policy;
use crate::rows::Home;
use crate::signin::SignedInPage;
use keystead_core::Cx;
use keystead_core::sessions::{self, Current};
use keystead_endpoint::Reply;
use keystead_model::Result;
use keystead_web::cookies;
use serde::Serialize;

/// "You are not signed in", and where to begin.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct HomePage {}

/// Says who is signed in, or that nobody is. Sign-ins begin at applications, so there is nothing
/// else to do here.
///
/// # Errors
/// Faults of the store.
pub async fn home(cx: &mut Cx, _: Home) -> Result<Reply> {
    let query = cx.request.evidence.parameters.clone();
    match current(cx).await? {
        Some(current) => signed_in(cx, &current, &query),
        None => answer::page(cx, &HomePage {}, &Policy::Page, Some(&query)),
    }
}

/// The live session of this browser.
pub(crate) async fn current(cx: &mut Cx) -> Result<Option<Current>> {
    let cookie = cx.request.evidence.cookie(&cookies::session(cx)).map(str::to_owned);
    sessions::current(cx, cookie.as_deref()).await
}

/// "You are signed in", with the way out.
pub(crate) fn signed_in(cx: &Cx, current: &Current, query: &str) -> Result<Reply> {
    let page = SignedInPage {
        person: Some(answer::person(&current.user)),
        next: None,
        sign_out: Some(answer::own(cx, "/oidc/session/end")?),
    };
    answer::page(cx, &page, &Policy::Page, Some(query))
}
