//! OAuth 2 and OpenID Connect over the domain: rows, one grant per file, errors in RFC shapes.

pub mod authorize;
pub mod discovery;
pub mod end;
pub mod errors;
pub mod grants;
pub mod introspect;
pub mod me;
pub mod parameters;
pub mod planned;
pub mod revoke;
pub mod rows;
pub mod token;

use keystead_web::{Dialect, Routes};
use rows::oauth;
use std::sync::Arc;

pub use errors::OAuth;

/// The rows of this crate. `pages` renders the refusals that only a person sees.
#[must_use]
pub fn routes(pages: Arc<dyn Dialect>) -> Vec<Routes> {
    vec![
        Routes::new(Arc::new(OAuth))
            .on(token::token::<rows::TokenRequest>)
            .on(me::me::<rows::Me>)
            .on(me::me::<rows::MeForm>)
            .on(introspect::introspection::<rows::Introspection>)
            .on(revoke::revocation::<rows::Revocation>)
            .on(discovery::configuration)
            .on(discovery::jwks),
        Routes::new(Arc::new(OAuth))
            .on(token::token::<oauth::OauthTokenRequest>)
            .on(me::me::<oauth::OauthMe>)
            .on(me::me::<oauth::OauthMeForm>)
            .on(introspect::introspection::<oauth::OauthIntrospection>)
            .on(revoke::revocation::<oauth::OauthRevocation>),
        Routes::new(pages)
            .on(authorize::authorize::<rows::Authorize>)
            .on(authorize::authorize::<rows::AuthorizeForm>)
            .on(authorize::authorize::<oauth::OauthAuthorize>)
            .on(authorize::authorize::<oauth::OauthAuthorizeForm>)
            .on(end::end_session)
            .on(end::end_session_by_form)
            .on(planned::cas_signin)
            .on(planned::cas_signout)
            .on(planned::saml_signin)
            .on(planned::saml_signin_by_form)
            .on(planned::profile_signout),
    ]
}
