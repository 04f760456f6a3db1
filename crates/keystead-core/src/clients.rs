//! Client authentication: which application calls, by the method that is its own
//! (RFC 6749, 2.3.1; `signin.md` 4).

use crate::applications::{self, App};
use crate::counters;
use crate::cx::Cx;
use keystead_model::settings::TokenAuth;
use keystead_model::{Code, Result, Secret};
use std::sync::Arc;

/// What a client presented.
#[derive(Debug, Default)]
pub struct Presented {
    /// `x-authing-app-id`: names a client, proves nothing.
    pub header_id: Option<String>,
    /// HTTP Basic.
    pub basic: Option<Basic>,
    /// Id and secret of the body.
    pub body: Option<(String, Option<Secret>)>,
}

/// A pair of HTTP Basic. RFC 6749 has it form-encoded, some SDKs send it as it is: a secret that
/// fits in either reading is right.
#[derive(Debug)]
pub struct Basic {
    /// The client id.
    pub id: String,
    /// The secret as it stands.
    pub secret: Secret,
    /// The secret, form-decoded.
    pub decoded: Secret,
}

/// At which endpoint; each may demand another method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The token endpoint, and sign-in by API.
    Token,
    /// Introspection.
    Introspection,
    /// Revocation.
    Revocation,
}

impl Presented {
    /// The client id that counts: the body's pair, then Basic, then the body's id, then the header.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        let (id, _, _) = self.claim()?;
        Some(id)
    }

    fn claim(&self) -> Option<(&str, Option<&Secret>, TokenAuth)> {
        match (&self.body, &self.basic, &self.header_id) {
            (Some((id, Some(secret))), _, _) => {
                Some((id, Some(secret), TokenAuth::ClientSecretPost))
            }
            (_, Some(basic), _) => {
                Some((&basic.id, Some(&basic.secret), TokenAuth::ClientSecretBasic))
            }
            (Some((id, None)), None, _) | (None, None, Some(id)) => {
                Some((id, None, TokenAuth::None))
            }
            (None, None, None) => None,
        }
    }
}

/// The application that calls, once it proved itself by its own method for this endpoint.
///
/// # Errors
/// `application.unknown`; `client.invalid` for another method or a wrong secret;
/// `application.disabled`; `rate.limited` after too many wrong secrets.
pub async fn authenticate(cx: &mut Cx, presented: &Presented, door: Door) -> Result<Arc<App>> {
    let (id, mut secret, mut method) = presented.claim().ok_or(Code::ClientInvalid)?;
    if presented.header_id.as_deref().is_some_and(|header| header != id) {
        return Err(Code::ClientInvalid.into());
    }
    let app = applications::by_client_id(cx, id).await?.ok_or(Code::ApplicationUnknown)?;
    if secret.is_some() {
        counters::may_try_secret(cx, id).await?;
    }
    let expected = match door {
        Door::Token => app.token_auth,
        Door::Introspection => app.settings.introspection_auth.unwrap_or(app.token_auth),
        Door::Revocation => app.settings.revocation_auth.unwrap_or(app.token_auth),
    };
    // One SDK sends Basic beside the body's own pair or id (V3 contract, section 3): the one that
    // is the application's method counts.
    if let Some(basic) = presented.basic.as_ref().filter(|basic| basic.id == id) {
        let bare = presented.body.as_ref().is_some_and(|(own, pair)| own == id && pair.is_none());
        match expected {
            TokenAuth::ClientSecretBasic => (secret, method) = (Some(&basic.secret), expected),
            TokenAuth::None if bare => (secret, method) = (None, expected),
            TokenAuth::None | TokenAuth::ClientSecretPost => {}
        }
    }
    let proved = method == expected
        && match (method, secret, &app.secret) {
            (TokenAuth::None, _, _) => true,
            (_, Some(given), Some(own)) => {
                let decoded = presented.basic.as_ref().map(|basic| &basic.decoded);
                let decoded = decoded.filter(|_| method == TokenAuth::ClientSecretBasic);
                let as_it_stands = own.same_as(given.expose());
                decoded.is_some_and(|decoded| own.same_as(decoded.expose())) || as_it_stands
            }
            _ => false,
        };
    if !proved {
        if secret.is_some() {
            counters::wrong_secret(cx, id).await?;
        }
        return Err(Code::ClientInvalid.into());
    }
    if !app.enabled {
        return Err(Code::ApplicationDisabled.into());
    }
    if method == TokenAuth::None {
        believe_server(cx, &app);
    } else {
        cx.request.believe();
    }
    Ok(app)
}

/// Believes the address that the caller names for its user, where the caller is one of the
/// application's own servers.
pub(crate) fn believe_server(cx: &mut Cx, app: &App) {
    let caller = cx.request.ip;
    if app.settings.server_addresses.iter().any(|network| network.contains(caller)) {
        cx.request.believe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_pair_counts_before_basic() {
        let presented = Presented {
            header_id: Some("h".into()),
            basic: Some(Basic {
                id: "b".into(),
                secret: Secret::new("x"),
                decoded: Secret::new("x"),
            }),
            body: Some(("a".into(), Some(Secret::new("y")))),
        };
        assert_eq!(presented.client_id(), Some("a"));
        let only_id = Presented { body: Some(("a".into(), None)), ..Presented::default() };
        assert_eq!(only_id.client_id(), Some("a"));
        assert_eq!(Presented::default().client_id(), None);
    }
}
