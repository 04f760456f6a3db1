//! The rules of an authorization request, one function each: parameters and facts about the
//! client in, a part or a refusal out.

use super::errors::{OAuthError, Refusal};
use super::params::Params;
use super::pkce::{Challenge, PkceRules};
use super::redirect::Redirect;
use super::response::{Display, Prompt, ResponseMode, ResponseType, max_age, wishes};
use super::scope::{Scope, Unknown};

/// What the rules need to know about the application.
#[derive(Clone, Copy, Debug)]
pub struct ClientFacts<'a> {
    /// Its `client_id`.
    pub client_id: &'a str,
    /// Its registered redirect addresses.
    pub redirect_uris: &'a [String],
    /// Its scopes beside those of OpenID Connect.
    pub extra_scopes: &'a [String],
    /// What it must and may do with PKCE.
    pub pkce: PkceRules,
    /// The door speaks OpenID Connect: `redirect_uri` must be there (Core, 3.1.2.1).
    pub openid: bool,
}

/// The address to answer to. While this rule fails there is nowhere to send the browser.
///
/// # Errors
/// `invalid_request`, for our own page only.
pub fn redirect(params: &Params, client: &ClientFacts<'_>) -> Result<Redirect, Refusal> {
    for name in ["client_id", "redirect_uri"] {
        if params.is_repeated(name) {
            return Err(Refusal::request(format!("{name} stands more than once")));
        }
    }
    let given = params.get("redirect_uri");
    if client.openid && given.is_none() {
        return Err(Refusal::request("redirect_uri is missing"));
    }
    Redirect::check(client.redirect_uris, given).map_err(|e| Refusal::request(e.to_string()))
}

/// `response_mode`.
///
/// # Errors
/// `invalid_request` for a mode that is not served.
pub fn response_mode(params: &Params) -> Result<ResponseMode, Refusal> {
    ResponseMode::check(params.get("response_mode"))
}

/// `response_type`.
///
/// # Errors
/// `invalid_request` or `unsupported_response_type`.
pub fn response_type(params: &Params) -> Result<ResponseType, Refusal> {
    ResponseType::check(params.get("response_type"))
}

/// Extensions that we do not serve (OpenID Connect Core, 3.1.2.6). `claims` is not among them: it
/// asks for claims beside those of the scopes, and discovery says that we do not answer it.
///
/// # Errors
/// `request_not_supported`, `request_uri_not_supported`, `registration_not_supported` or
/// `invalid_target`.
pub fn unsupported(params: &Params) -> Result<(), Refusal> {
    for (name, error) in [
        ("request", OAuthError::RequestNotSupported),
        ("request_uri", OAuthError::RequestUriNotSupported),
        ("registration", OAuthError::RegistrationNotSupported),
        // A token for less than was asked for would be no answer (RFC 8707, 2).
        ("resource", OAuthError::InvalidTarget),
    ] {
        if params.get(name).is_some() {
            return Err(error.into());
        }
    }
    Ok(())
}

/// `scope`; unknown ones are left out (OpenID Connect Core, 3.1.2.1).
///
/// # Errors
/// `invalid_scope` when it is malformed.
pub fn scope(params: &Params, client: &ClientFacts<'_>) -> Result<Scope, Refusal> {
    let check = if client.openid { Scope::check } else { Scope::check_plain };
    check(params.get("scope"), client.extra_scopes, Unknown::Ignore)
}

/// `code_challenge` and its method.
///
/// # Errors
/// `invalid_request`.
pub fn challenge(params: &Params, client: &ClientFacts<'_>) -> Result<Option<Challenge>, Refusal> {
    Challenge::check(params.get("code_challenge_method"), params.get("code_challenge"), client.pkce)
}

/// `prompt`.
///
/// # Errors
/// `invalid_request`.
pub fn prompt(params: &Params) -> Result<Prompt, Refusal> {
    Prompt::check(params.get("prompt"))
}

/// `max_age`, in seconds.
///
/// # Errors
/// `invalid_request`.
pub fn age(params: &Params) -> Result<Option<u32>, Refusal> {
    max_age(params.get("max_age"))
}

/// `display`.
#[must_use]
pub fn display(params: &Params) -> Option<Display> {
    Display::read(params.get("display"))
}

/// `ui_locales` or `acr_values`, in order of preference.
#[must_use]
pub fn list(params: &Params, name: &'static str) -> Vec<String> {
    wishes(params.get(name))
}

/// A text that is kept as it came: `state`, `nonce`, `login_hint`, `id_token_hint`.
///
/// # Errors
/// `invalid_request` when it is longer than `max_bytes` or holds a control character.
pub fn text(
    params: &Params,
    name: &'static str,
    max_bytes: usize,
) -> Result<Option<String>, Refusal> {
    match params.get(name) {
        Some(value) if value.len() > max_bytes => {
            Err(Refusal::request(format!("{name} is longer than {max_bytes} bytes")))
        }
        Some(value) if value.chars().any(char::is_control) => {
            Err(Refusal::request(format!("{name} holds a control character")))
        }
        value => Ok(value.map(str::to_owned)),
    }
}
