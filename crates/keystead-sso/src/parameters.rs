//! The parameters of a form endpoint, and the client that sent them.

use keystead_core::Cx;
use keystead_core::applications::App;
use keystead_core::clients::{self, Door, Presented};
use keystead_model::{Code, Error, Result, Secret};
use keystead_protocol::oauth::params::Params;
use keystead_web::principal::presented;
use std::sync::Arc;

/// Reads the request's parameters; a repeated one is refused.
///
/// # Errors
/// `request.invalid`.
pub fn read(cx: &Cx) -> Result<Params> {
    Params::parse(&cx.request.evidence.parameters)
        .map_err(|refusal| Error::new(Code::RequestInvalid).arg("detail", refusal.description))
}

/// A parameter that must be there.
///
/// # Errors
/// `field.missing`.
pub fn required<'p>(params: &'p Params, name: &'static str) -> Result<&'p str> {
    params.get(name).ok_or_else(|| Error::new(Code::FieldMissing).field(name))
}

/// The client that calls, authenticated by its own method for this endpoint.
///
/// # Errors
/// `client.invalid` and its kin.
pub async fn client(cx: &mut Cx, params: &Params, door: Door) -> Result<Arc<App>> {
    let claim = claim(cx, params);
    clients::authenticate(cx, &claim, door).await
}

fn claim(cx: &Cx, params: &Params) -> Presented {
    let id = params.get("client_id").map(str::to_owned);
    let secret = params.get("client_secret").map(Secret::new);
    let mut claim = presented(cx, id, secret);
    // At OAuth's own endpoints a client names itself by the protocol's means alone.
    claim.header_id = None;
    claim
}
