//! The rows of OpenID Connect; those of plain OAuth 2 and of what is not offered yet lie below.

pub mod oauth;
pub mod planned;

use keystead_endpoint::{EndpointRow, Reply, endpoints};
use keystead_model::IssuerKind;
use serde::Deserialize;

/// Every row of this crate.
pub const ALL: &[&[&EndpointRow]] = &[ENDPOINTS, oauth::ENDPOINTS, planned::ENDPOINTS];

/// The protocol at whose door a request stands: the doors of both share their handlers.
pub trait Protocol: Send {
    /// The protocol.
    const ISSUER: IssuerKind;
}

/// Parameters are read from the request as sent, so that a repeated one is seen (RFC 6749, 3.1).
macro_rules! raw {
    ($issuer:ident; $($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub struct $name {}

        impl Protocol for $name {
            const ISSUER: IssuerKind = IssuerKind::$issuer;
        }
    )*};
}
pub(crate) use raw;

raw! { Oidc;
    /// An authorization request by query.
    Authorize,
    /// An authorization request by form.
    AuthorizeForm,
    /// A token request.
    TokenRequest,
    /// A userinfo request.
    Me,
    /// A userinfo request by form.
    MeForm,
    /// An introspection request.
    Introspection,
    /// A revocation request.
    Revocation,
    /// A request to end the session, by query.
    EndSession,
    /// A request to end the session, by form.
    EndSessionForm,
    /// A request for the discovery document.
    Configuration,
    /// A request for the key set.
    KeySet,
}

endpoints! { "oidc";
    /// Ask for an authorization (OpenID Connect Core, 3.1.2.1).
    GET "/oidc/auth" authorize(Authorize) -> Reply, Open "", answer Page;
    /// Ask for an authorization by form.
    POST "/oidc/auth" authorize_by_form(AuthorizeForm) -> Reply,
        Open "", body Form, answer Page;
    /// Trade a grant for tokens (RFC 6749, 3.2).
    POST "/oidc/token" token(TokenRequest) -> Reply,
        Client "", body Form, answer Bare;
    /// Claims about the user of an access token (OpenID Connect Core, 5.3).
    GET "/oidc/me" me(Me) -> Reply, Open "", answer Bare;
    /// Claims about the user of an access token, by form.
    POST "/oidc/me" me_by_post(MeForm) -> Reply,
        Open "", body Form, answer Bare;
    /// Say what a token is (RFC 7662).
    POST "/oidc/token/introspection" introspection(Introspection) -> Reply,
        Client "", body Form, answer Bare;
    /// Give a token back (RFC 7009).
    POST "/oidc/token/revocation" revocation(Revocation) -> Reply,
        Client "", body Form, answer Bare;
    /// End the session (OpenID Connect RP-Initiated Logout, 2).
    GET "/oidc/session/end" end_session(EndSession) -> Reply, Open "", answer Page;
    /// End the session, by form or after the confirmation page.
    POST "/oidc/session/end" end_session_by_form(EndSessionForm) -> Reply,
        Open "", body Form, answer Page;
    /// The discovery document (OpenID Connect Discovery, 4).
    GET "/oidc/.well-known/openid-configuration" configuration(Configuration) -> Reply,
        Open "", answer Bare;
    /// The key set (RFC 7517, 5).
    GET "/oidc/.well-known/jwks.json" jwks(KeySet) -> Reply, Open "", answer Bare;
}
