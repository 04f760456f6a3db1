//! Discovery and keys: static per pool, small, cached by everybody.

use crate::rows::{Configuration, KeySet};
use keystead_core::Cx;
use keystead_core::signing_keys::CACHED_S;
use keystead_endpoint::Reply;
use keystead_model::Result;

/// The discovery document.
///
/// # Errors
/// None of its own.
pub async fn configuration(cx: &mut Cx, _: Configuration) -> Result<Reply> {
    let document = cx.pool.documents.discovery.clone();
    Ok(Reply::json_text(document).with_header("cache-control", cached()))
}

/// The key set.
///
/// # Errors
/// None of its own.
pub async fn jwks(cx: &mut Cx, _: KeySet) -> Result<Reply> {
    let document = cx.pool.documents.jwks.clone();
    Ok(Reply::json_text(document).with_header("cache-control", cached()))
}

fn cached() -> String {
    format!("public, max-age={CACHED_S}")
}
