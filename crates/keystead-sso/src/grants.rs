//! The grants of the token endpoint: one file each, one line each here.

pub mod client;
mod code;
mod password;
mod refresh;

use keystead_core::Cx;
use keystead_core::applications::App;
use keystead_core::tokens::TokenSet;
use keystead_model::{IssuerKind, Result};
use keystead_protocol::oauth::params::Params;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

type Granting<'a> = Pin<Box<dyn Future<Output = Result<TokenSet>> + Send + 'a>>;
type Grant = for<'a> fn(&'a mut Cx, Arc<App>, Asked<'a>) -> Granting<'a>;

/// What a grant is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The request's parameters.
    pub params: &'a Params,
    /// The protocol at whose door it stands.
    pub issuer: IssuerKind,
}

/// Every grant type and its function.
pub const GRANTS: &[(&str, Grant)] = &[
    ("authorization_code", code::grant),
    ("refresh_token", refresh::grant),
    (client::NAME, client::grant),
    ("password", password::grant),
];

/// The function of a grant type.
#[must_use]
pub fn find(grant_type: &str) -> Option<Grant> {
    GRANTS.iter().find(|(name, _)| *name == grant_type).map(|(_, grant)| *grant)
}
