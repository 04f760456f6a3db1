//! Requests that are the same each time: documents, tokens of applications, questions about tokens.

use super::{Plain, form, holds};
use crate::http::Answer;
use crate::load::Caller;
use crate::site::Site;
use anyhow::Result;

const FORM: &str = "application/x-www-form-urlencoded";

/// A request that does not change, and what its answer must hold.
#[derive(Clone)]
pub struct Fixed {
    request: Vec<u8>,
    must_hold: &'static str,
}

impl Caller for Fixed {
    fn ask(&mut self, request: &mut Vec<u8>) {
        request.extend_from_slice(&self.request);
    }

    fn hear(&mut self, answer: &Answer<'_>) -> Result<()> {
        holds(answer, self.must_hold)
    }
}

/// The discovery document.
pub fn discovery(site: &Site) -> Fixed {
    get(site, "GET /oidc/.well-known/openid-configuration", "", "\"issuer\"")
}

/// The key set.
pub fn jwks(site: &Site) -> Fixed {
    get(site, "GET /oidc/.well-known/jwks.json", "", "\"keys\"")
}

/// The claims of an access token's user.
pub fn userinfo(site: &Site, access_token: &str) -> Fixed {
    let headers = format!("authorization: Bearer {access_token}\r\n");
    get(site, "GET /oidc/me", &headers, "\"sub\"")
}

/// A token for the application itself.
pub fn client_credentials(site: &Site) -> Fixed {
    let body = form(&[
        ("grant_type", "client_credentials"),
        ("client_id", &site.app_id),
        ("client_secret", &site.app_secret),
    ]);
    post(site, "POST /oidc/token", &body, "\"access_token\"")
}

/// What an access token is.
pub fn introspection(site: &Site, access_token: &str) -> Fixed {
    let body = form(&[
        ("token", access_token),
        ("client_id", &site.app_id),
        ("client_secret", &site.app_secret),
    ]);
    post(site, "POST /oidc/token/introspection", &body, "\"active\":true")
}

fn get(site: &Site, line: &str, headers: &str, must_hold: &'static str) -> Fixed {
    let mut request = Vec::new();
    Plain { line, host: site.host(), headers, media_type: "", body: "" }.write(&mut request);
    Fixed { request, must_hold }
}

fn post(site: &Site, line: &str, body: &str, must_hold: &'static str) -> Fixed {
    let mut request = Vec::new();
    Plain { line, host: site.host(), headers: "", media_type: FORM, body }.write(&mut request);
    Fixed { request, must_hold }
}
