//! The addresses of protocols that SDKs already build and that are not offered yet, and the
//! sign-out that knows no hint.

use keystead_endpoint::{Reply, endpoints};
use serde::Deserialize;

/// Makes request types that are read no further.
macro_rules! unread {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        pub struct $name {}
    )*};
}

unread! {
    /// A CAS sign-in.
    CasSignIn,
    /// A CAS sign-out.
    CasSignOut,
    /// A SAML sign-in.
    SamlSignIn,
    /// A SAML sign-in by form.
    SamlSignInForm,
    /// A sign-out without a hint.
    ProfileSignOut,
}

endpoints! { "planned";
    /// Sign in by CAS: not offered yet.
    GET "/cas-idp/{app_id}" | "/cas-idp/{app_id}/login" cas_signin(CasSignIn) -> Reply,
        Open "", answer Page;
    /// Sign out by CAS: not offered yet.
    GET "/cas-idp/logout" | "/cas-idp/{app_id}/logout" cas_signout(CasSignOut) -> Reply,
        Open "", answer Page;
    /// Sign in by SAML: not offered yet.
    GET "/api/v2/saml-idp/{app_id}" saml_signin(SamlSignIn) -> Reply, Open "", answer Page;
    /// Sign in by SAML, by form: not offered yet.
    POST "/api/v2/saml-idp/{app_id}" saml_signin_by_form(SamlSignInForm) -> Reply,
        Open "", body Form, answer Page;
    /// Sign out without a hint, after a question unless the application itself leads here.
    GET "/login/profile/logout" profile_signout(ProfileSignOut) -> Reply, Open "", answer Page;
}
