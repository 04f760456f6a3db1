//! OAuth 2 and OpenID Connect over the domain: rows, one grant per file, errors in RFC shapes.

pub mod authorize;
pub mod discovery;
pub mod end;
pub mod errors;
pub mod grants;
pub mod introspect;
pub mod me;
pub mod parameters;
pub mod revoke;
pub mod rows;
pub mod token;

use keystead_web::{Dialect, Routes};
use std::sync::Arc;

pub use errors::OAuth;

/// The rows of this crate. `pages` renders the refusals that only a person sees.
#[must_use]
pub fn routes(pages: Arc<dyn Dialect>) -> Vec<Routes> {
    vec![
        Routes::new(Arc::new(OAuth))
            .on(token::token)
            .on(me::me)
            .on(me::me_by_post)
            .on(introspect::introspection)
            .on(revoke::revocation)
            .on(discovery::configuration)
            .on(discovery::jwks),
        Routes::new(pages)
            .on(authorize::authorize)
            .on(authorize::authorize_by_form)
            .on(end::end_session)
            .on(end::end_session_by_form),
    ]
}
