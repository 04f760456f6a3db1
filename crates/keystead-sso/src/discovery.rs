//! Discovery and keys: static per pool, small, cached by everybody.

use crate::rows::{Configuration, KeySet};
use keystead_core::Cx;
use keystead_endpoint::Reply;
use keystead_model::Result;
use keystead_protocol::oidc::discovery::{self, Discovery};

/// Seconds that caches may keep the key set; a new key is published longer before its use.
const JWKS_MAX_AGE: &str = "public, max-age=300";

/// The discovery document.
///
/// # Errors
/// None of its own.
pub async fn configuration(cx: &mut Cx, _: Configuration) -> Result<Reply> {
    let document = discovery::document(&Discovery {
        issuer: &cx.pool.issuer(),
        extra_grants: &[],
        extra_scopes: &[],
    });
    Ok(Reply::json(&document).with_header("cache-control", JWKS_MAX_AGE))
}

/// The key set.
///
/// # Errors
/// None of its own.
pub async fn jwks(cx: &mut Cx, _: KeySet) -> Result<Reply> {
    Ok(Reply::json(cx.pool.signing.jwks()).with_header("cache-control", JWKS_MAX_AGE))
}
