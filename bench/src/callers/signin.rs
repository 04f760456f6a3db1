//! Password sign-in at the V3 door.

use super::{Plain, holds, management, once};
use crate::http::Answer;
use crate::load::{Caller, Callers};
use crate::site::Site;
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// Signs one user in, again and again.
#[derive(Clone)]
pub struct SignIn(Vec<u8>);

impl SignIn {
    /// The user of the seed.
    pub fn of_seed(site: &Site, scope: &str) -> Self {
        Self::new(site, ("email", &site.user_email), scope)
    }

    /// One new user per caller: the tries of one account are few, and people are many.
    ///
    /// # Errors
    /// A user was refused.
    pub async fn of_many(at: SocketAddr, site: &Site, count: usize) -> Result<Callers> {
        let mut callers = Callers::new();
        for _ in 0..count {
            let name = management::new_user(at, site).await?;
            callers.push(Box::new(Self::new(site, ("username", &name), "openid")));
        }
        Ok(callers)
    }

    fn new(site: &Site, (kind, name): (&str, &str), scope: &str) -> Self {
        let body = json!({
            "connection": "PASSWORD",
            "passwordPayload": { kind: name, "password": site.user_password },
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
    let answer = once(at, &mut SignIn::of_seed(site, scope)).await?;
    let token = answer.pointer(&format!("/data/{name}")).and_then(Value::as_str);
    token.map(str::to_owned).with_context(|| format!("no {name} in {answer}"))
}
