//! Which protocol gave an authorization: its codes and tokens are good at that protocol's doors.

use serde::{Deserialize, Serialize};

/// A protocol that gives authorizations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerKind {
    /// OpenID Connect: signed access tokens, ID tokens.
    #[default]
    Oidc,
    /// Plain OAuth 2: opaque access tokens, no ID token.
    Oauth,
}

impl IssuerKind {
    /// The text of the column `issuer_kind`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Oauth => "oauth",
        }
    }
}
