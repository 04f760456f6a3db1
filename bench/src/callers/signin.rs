//! Password sign-in at the V3 door.

use super::{Plain, holds, once};
use crate::http::Answer;
use crate::load::Caller;
use crate::site::Site;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Signs the user in, again and again.
#[derive(Clone)]
pub struct SignIn(Vec<u8>);

impl SignIn {
    /// Asks for these scopes.
    pub fn new(site: &Site, scope: &str) -> Self {
        let body = json!({
            "connection": "PASSWORD",
            "passwordPayload": { "email": site.user_email, "password": site.user_password },
            "options": { "scope": scope },
            "client_id": site.app_id,
            "client_secret": site.app_secret,
        });
        let plain = Plain {
            line: "POST /api/v3/signin",
            host: site.host(),
            headers: "",
            media_type: "application/json",
            body: &body.to_string(),
        };
        let mut request = Vec::new();
        plain.write(&mut request);
        Self(request)
    }
}

impl Caller for SignIn {
    fn ask(&mut self, request: &mut Vec<u8>) {
        request.extend_from_slice(&self.0);
    }

    fn hear(&mut self, answer: &Answer<'_>) -> Result<()> {
        holds(answer, "\"access_token\"")
    }
}

/// Signs in once; answers the token of this name.
///
/// # Errors
/// The sign-in was refused, or gave no such token.
pub async fn token(at: SocketAddr, site: &Site, scope: &str, name: &str) -> Result<String> {
    let answer = once(at, &mut SignIn::new(site, scope)).await?;
    let token = answer.pointer(&format!("/data/{name}")).and_then(Value::as_str);
    token.map(str::to_owned).with_context(|| format!("no {name} in {answer}"))
}
