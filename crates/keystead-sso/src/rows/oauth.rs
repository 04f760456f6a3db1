//! The rows of plain OAuth 2 (RFC 6749): the doors of OpenID Connect without its ID token.

use super::{Protocol, raw};
use keystead_endpoint::{Reply, endpoints};
use keystead_model::IssuerKind;
use serde::Deserialize;

raw! { Oauth;
    /// An authorization request by query.
    OauthAuthorize,
    /// An authorization request by form.
    OauthAuthorizeForm,
    /// A token request.
    OauthTokenRequest,
    /// A request for the person behind an access token.
    OauthMe,
    /// The same by form.
    OauthMeForm,
    /// An introspection request.
    OauthIntrospection,
    /// A revocation request.
    OauthRevocation,
}

endpoints! { "oauth";
    /// Ask for an authorization (RFC 6749, 4.1.1).
    GET "/oauth/auth" oauth_authorize(OauthAuthorize) -> Reply, Open "", answer Page;
    /// Ask for an authorization by form.
    POST "/oauth/auth" oauth_authorize_by_form(OauthAuthorizeForm) -> Reply,
        Open "", body Form, answer Page;
    /// Trade a grant for an opaque access token (RFC 6749, 3.2).
    POST "/oauth/token" oauth_token(OauthTokenRequest) -> Reply,
        Client "", body Form, answer Bare;
    /// What is known about the user of an opaque access token.
    GET "/oauth/me" oauth_me(OauthMe) -> Reply, Open "", answer Bare;
    /// The same by form.
    POST "/oauth/me" oauth_me_by_post(OauthMeForm) -> Reply,
        Open "", body Form, answer Bare;
    /// Say what a token is (RFC 7662).
    POST "/oauth/token/introspection" oauth_introspection(OauthIntrospection) -> Reply,
        Client "", body Form, answer Bare;
    /// Give a token back (RFC 7009).
    POST "/oauth/token/revocation" oauth_revocation(OauthRevocation) -> Reply,
        Client "", body Form, answer Bare;
}
