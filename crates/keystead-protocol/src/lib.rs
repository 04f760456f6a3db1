//! Rules of OAuth 2, OpenID Connect and JOSE, without input or output.
