//! OAuth 2 and OpenID Connect over the domain.
