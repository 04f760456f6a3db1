//! Where a finished browser flow lands: made here, rendered by the harness alone.

use keystead_protocol::oauth::request::ValidRequest;
use keystead_protocol::oauth::response::ResponseMode;

/// A redirect with parameters, in one of the response modes.
#[derive(Clone, Debug)]
pub struct Landing {
    /// How the parameters travel.
    pub mode: ResponseMode,
    /// Where to.
    pub target: String,
    /// The parameters, in order.
    pub parameters: Vec<(&'static str, String)>,
}

impl Landing {
    /// The answer to an authorization request: its parameters, then `state` and `iss`
    /// (RFC 9207), which every answer carries.
    #[must_use]
    pub fn answer(
        request: &ValidRequest,
        issuer: &str,
        mut parameters: Vec<(&'static str, String)>,
    ) -> Self {
        if let Some(state) = &request.parts().state {
            parameters.push(("state", state.clone()));
        }
        parameters.push(("iss", issuer.to_owned()));
        Self {
            mode: request.parts().response_mode,
            target: request.parts().redirect.as_str().to_owned(),
            parameters,
        }
    }
}
